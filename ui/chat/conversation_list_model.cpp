// SPDX-License-Identifier: Apache-2.0
#include "ui/chat/conversation_list_model.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <map>

namespace tramontane::ui {
namespace {

enum class Section { Pinned, Today, Week, Earlier };

Section sectionOf(const Conversation &conversation, std::int64_t nowMs)
{
    if (conversation.pinned)
        return Section::Pinned;
    const QDate day = QDateTime::fromMSecsSinceEpoch(conversation.updatedMs).date();
    const auto age = day.daysTo(QDateTime::fromMSecsSinceEpoch(nowMs).date());
    if (age <= 0)
        return Section::Today;
    return age < 7 ? Section::Week : Section::Earlier;
}

QString sectionTitle(Section section)
{
    switch (section) {
    case Section::Pinned: return ConversationListModel::tr("Pinned");
    case Section::Today: return ConversationListModel::tr("Today");
    case Section::Week: return ConversationListModel::tr("Last 7 days");
    case Section::Earlier: break;
    }
    return ConversationListModel::tr("Earlier");
}

QString shownTitle(const std::string &title)
{
    const QString text = QString::fromStdString(title).simplified();
    return text.isEmpty() ? ConversationListModel::tr("Untitled chat") : text;
}

/// Hits of one conversation stand together, in the order in which the conversations were first met.
void groupByConversation(std::vector<SearchHit> &hits)
{
    std::map<ConversationId, std::size_t> place;
    for (const SearchHit &hit : hits)
        place.emplace(hit.conversation, place.size());
    std::stable_sort(hits.begin(), hits.end(), [&](const SearchHit &a, const SearchHit &b) {
        return place.at(a.conversation) < place.at(b.conversation);
    });
}

} // namespace

QString listTime(std::int64_t momentMs, std::int64_t nowMs)
{
    const QLocale locale;
    const QDateTime moment = QDateTime::fromMSecsSinceEpoch(momentMs);
    const QDate today = QDateTime::fromMSecsSinceEpoch(nowMs).date();
    const auto age = moment.date().daysTo(today);
    if (age <= 0)
        return locale.toString(moment.time(), QLocale::ShortFormat);
    if (age < 7)
        return locale.dayName(moment.date().dayOfWeek(), QLocale::ShortFormat);
    if (moment.date().year() == today.year())
        return locale.toString(moment.date(), ConversationListModel::tr("d MMM", "date of a chat in this year"));
    return locale.toString(moment.date(), ConversationListModel::tr("MMM yyyy", "date of a chat in another year"));
}

void ConversationListModel::setConversations(std::vector<Conversation> conversations, std::int64_t nowMs)
{
    std::stable_sort(conversations.begin(), conversations.end(), [nowMs](const auto &a, const auto &b) {
        const Section sa = sectionOf(a, nowMs), sb = sectionOf(b, nowMs);
        return sa != sb ? sa < sb : a.updatedMs > b.updatedMs;
    });
    std::vector<Row> rows;
    std::optional<Section> current;
    for (const Conversation &conversation : conversations) {
        const Section section = sectionOf(conversation, nowMs);
        if (section != current) {
            current = section;
            rows.push_back({Kind::Section, sectionTitle(section), {}, {}, {}, {}});
        }
        rows.push_back({Kind::Conversation,
                        shownTitle(conversation.title),
                        listTime(conversation.updatedMs, nowMs),
                        {},
                        conversation.id,
                        {}});
    }
    m_showsHits = false;
    replaceRows(std::move(rows));
}

void ConversationListModel::setHits(std::vector<SearchHit> hits, std::int64_t nowMs)
{
    groupByConversation(hits);
    std::vector<Row> rows;
    if (!hits.empty())
        rows.push_back({Kind::Section, tr("%n found", nullptr, int(hits.size())), {}, {}, {}, {}});
    for (const SearchHit &hit : hits) {
        rows.push_back({Kind::Hit, shownTitle(hit.title),
                        hit.createdMs > 0 ? listTime(hit.createdMs, nowMs) : QString(),
                        QString::fromStdString(hit.snippet).simplified(), hit.conversation, hit.message});
    }
    m_showsHits = true;
    replaceRows(std::move(rows));
}

void ConversationListModel::setRunning(std::set<ConversationId> running)
{
    if (running == m_running)
        return;
    m_running = std::move(running);
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0), index(int(m_rows.size()) - 1), {RunningRole, Qt::AccessibleTextRole});
}

void ConversationListModel::replaceRows(std::vector<Row> rows)
{
    const auto sameRow = [](const Row &a, const Row &b) {
        return a.kind == b.kind && a.conversation == b.conversation && a.message == b.message;
    };
    if (std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(), sameRow)) {
        m_rows = std::move(rows);
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0), index(int(m_rows.size()) - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

ConversationId ConversationListModel::conversationAt(int row) const
{
    return row >= 0 && row < int(m_rows.size()) ? m_rows[std::size_t(row)].conversation : ConversationId{};
}

MessageId ConversationListModel::messageAt(int row) const
{
    return row >= 0 && row < int(m_rows.size()) ? m_rows[std::size_t(row)].message : MessageId{};
}

int ConversationListModel::rowOf(ConversationId id) const
{
    if (id.isNull())
        return -1;
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [&](const Row &row) { return row.conversation == id; });
    return found == m_rows.end() ? -1 : int(found - m_rows.begin());
}

int ConversationListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant ConversationListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows[std::size_t(index.row())];
    const bool running = m_running.contains(row.conversation);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole: return row.text;
    case KindRole: return int(row.kind);
    case TimeRole: return row.time;
    case SnippetRole: return row.snippet;
    case RunningRole: return running;
    case Qt::AccessibleTextRole:
        if (row.kind == Kind::Section)
            return row.text;
        return running ? tr("%1, an answer is being written").arg(row.text) : tr("%1, %2").arg(row.text, row.time);
    default: return {};
    }
}

Qt::ItemFlags ConversationListModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    if (m_rows[std::size_t(index.row())].kind == Kind::Section)
        return Qt::ItemNeverHasChildren;
    const bool renamable = m_rows[std::size_t(index.row())].kind == Kind::Conversation;
    return Qt::ItemIsSelectable | Qt::ItemIsEnabled | Qt::ItemNeverHasChildren
           | (renamable ? Qt::ItemIsEditable : Qt::NoItemFlags);
}

bool ConversationListModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable))
        return false;
    const Row &row = m_rows[std::size_t(index.row())];
    const QString title = value.toString().simplified();
    if (title.isEmpty() || title == row.text)
        return false;
    Q_EMIT renameRequested(row.conversation, title);
    return true;
}

} // namespace tramontane::ui
