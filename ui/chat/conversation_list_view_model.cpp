// SPDX-License-Identifier: Apache-2.0
#include "ui/chat/conversation_list_view_model.h"

#include "app/contracts/when_ready.h"

namespace tramontane::ui {
namespace {

/// While somebody types, the last word may only have begun.
SearchQuery asTyped(const QString &text)
{
    SearchQuery query;
    query.text = text.toStdString();
    const bool inWord = !text.isEmpty() && text.back().isLetterOrNumber() && text.count('"') % 2 == 0;
    if (inWord)
        query.text += '*';
    query.limit = ConversationListViewModel::kMostHits;
    return query;
}

} // namespace

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
    whenReady(this, m_conversations.search(asTyped(m_query)), [this, asked](Result<SearchPage> result) {
        if (asked != m_asked)
            return;
        if (!result) {
            Q_EMIT failed(result.error());
            return;
        }
        const int hits = int(result->hits.size());
        m_model.setHits(std::move(result->hits), m_clock.utcMs());
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
