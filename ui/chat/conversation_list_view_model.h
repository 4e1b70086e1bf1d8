// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/clock.h"
#include "app/services/conversation_service.h"
#include "ui/chat/conversation_list_model.h"

#include <QTimer>

namespace tramontane::ui {

/// Fills the list of conversations and turns what is typed in the search field into hits. Lives in the GUI thread.
class ConversationListViewModel : public QObject {
    Q_OBJECT
public:
    static constexpr int kSearchDelayMs = 150;
    static constexpr int kMostHits = 50;

    ConversationListViewModel(ConversationService &conversations, const Clock &clock, QObject *parent = nullptr);

    [[nodiscard]] ConversationListModel &model() { return m_model; }
    /// Reads the list again. A failure leaves the rows as they are and is told by failed().
    void refresh();
    /// Blank shows the conversations; anything else searches 150 ms after the last change. An answer to an older query
    /// is dropped.
    void setQuery(const QString &query);
    [[nodiscard]] const QString &query() const { return m_query; }
    /// Stores another title, then reads the list again. A blank title changes nothing.
    void rename(ConversationId id, const QString &title);

Q_SIGNALS:
    /// Search has answered for the query as it stands; `hits` may be 0.
    void searched(int hits);
    void renamed(tramontane::ConversationId id, const QString &title);
    void failed(const tramontane::Error &error);

private:
    void search();

    ConversationService &m_conversations;
    const Clock &m_clock;
    ConversationListModel m_model;
    QTimer m_delay;
    QString m_query;
    std::uint64_t m_asked = 0; // counts questions to the service, so that a late answer is known as late
};

} // namespace tramontane::ui
