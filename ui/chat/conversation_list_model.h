// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/conversation.h"
#include "app/core/search.h"

#include <QAbstractListModel>

#include <set>
#include <vector>

namespace tramontane::ui {

/// The rows of the sidebar: conversations under section captions (Pinned, Today, Last 7 days, Earlier), or the hits of
/// a search. Captions are rows of their own that cannot be selected. Lives in the GUI thread; never fails.
class ConversationListModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role {
        KindRole = Qt::UserRole, // int(Kind)
        TimeRole,                // QString: "09:41", "Thu", "11 Nov"
        SnippetRole,             // QString of a hit; its matches lie between U+0002 and U+0003
        RunningRole,             // bool: an answer is being written there
    };
    enum class Kind { Section, Conversation, Hit };

    using QAbstractListModel::QAbstractListModel;

    /// Shows these conversations. `nowMs` (UTC) decides the sections and how times read. When only titles and times
    /// changed the rows stay, so that a view keeps its place.
    void setConversations(std::vector<Conversation> conversations, std::int64_t nowMs);
    /// Shows hits instead, best first, under one caption that counts them. Those of one conversation stand together, at
    /// the place of the best of them.
    void setHits(std::vector<SearchHit> hits, std::int64_t nowMs);
    /// Marks conversations in which an answer is being written.
    void setRunning(std::set<ConversationId> running);

    /// Null for a caption and for a row that does not exist.
    [[nodiscard]] ConversationId conversationAt(int row) const;
    /// The message that a hit lies in; null for everything else.
    [[nodiscard]] MessageId messageAt(int row) const;
    /// The first row of this conversation, or -1.
    [[nodiscard]] int rowOf(ConversationId id) const;
    [[nodiscard]] bool showsHits() const { return m_showsHits; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    /// Only the title of a conversation; asks by renameRequested() and changes nothing itself.
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;

Q_SIGNALS:
    void renameRequested(tramontane::ConversationId id, const QString &title);

private:
    struct Row {
        Kind kind = Kind::Section;
        QString text;
        QString time;
        QString snippet;
        ConversationId conversation;
        MessageId message;
    };
    void replaceRows(std::vector<Row> rows);

    std::vector<Row> m_rows;
    std::set<ConversationId> m_running;
    bool m_showsHits = false;
};

/// How a moment reads in a list: the time today, the weekday within a week, else day and month (and year when another).
[[nodiscard]] QString listTime(std::int64_t momentMs, std::int64_t nowMs);

} // namespace tramontane::ui
