// SPDX-License-Identifier: Apache-2.0
#include "ui/chat/conversation_list_view_model.h"

#include "app/contracts/when_ready.h"

namespace tramontane::ui {

ConversationListViewModel::ConversationListViewModel(ConversationService &conversations, const Clock &clock,
                                                     QObject *parent)
    : QObject(parent), m_conversations(conversations), m_clock(clock)
{
    m_delay.setSingleShot(true);
    m_delay.setInterval(kSearchDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &ConversationListViewModel::search);
    connect(&m_model, &ConversationListModel::renameRequested, this, &ConversationListViewModel::rename);
}

void ConversationListViewModel::refresh()
{
    if (!m_query.isEmpty()) {
        search();
        return;
    }
    const auto asked = ++m_asked;
    whenReady(this, m_conversations.list(), [this, asked](Result<std::vector<Conversation>> result) {
        if (asked != m_asked)
            return;
        if (!result) {
            Q_EMIT failed(result.error());
            return;
        }
        m_model.setConversations(std::move(result).value(), m_clock.utcMs());
    });
}

void ConversationListViewModel::setQuery(const QString &query)
{
    const QString trimmed = query.trimmed();
    if (trimmed == m_query)
        return;
    m_query = trimmed;
    ++m_asked;
    if (m_query.isEmpty()) {
        m_delay.stop();
        refresh();
    } else {
        m_delay.start();
    }
}

void ConversationListViewModel::search()
{
    const auto asked = ++m_asked;
    whenReady(this, m_conversations.search(m_query.toStdString(), kMostHits),
              [this, asked](Result<std::vector<SearchHit>> result) {
                  if (asked != m_asked)
                      return;
                  if (!result) {
                      Q_EMIT failed(result.error());
                      return;
                  }
                  const int hits = int(result->size());
                  m_model.setHits(std::move(result).value(), m_clock.utcMs());
                  Q_EMIT searched(hits);
              });
}

void ConversationListViewModel::rename(ConversationId id, const QString &title)
{
    const QString text = title.simplified();
    if (id.isNull() || text.isEmpty())
        return;
    whenReady(this, m_conversations.rename(id, text.toStdString()), [this, id, text](Result<void> result) {
        if (!result) {
            Q_EMIT failed(result.error());
            return;
        }
        Q_EMIT renamed(id, text);
        refresh();
    });
}

} // namespace tramontane::ui
