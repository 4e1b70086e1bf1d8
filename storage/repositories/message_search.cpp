// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/message_search.h"

#include "storage/repositories/search_expression.h"
#include "storage/repositories/search_ranking.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace tramontane {

namespace {

constexpr int kDefaultLimit = 50;

// The parameters are the same in both searches: ?1 expression, ?2 from, ?3 until, ?4 model, ?5 and ?6 folder by name and
// by id, ?7 and ?8 label likewise. NULL asks for nothing.
constexpr std::string_view kModelFits = "(instr(lower(p.model_name), lower(?4)) > 0 "
                                        "OR (length(?4) >= 8 AND instr(p.model_sha256, lower(?4)) = 1))";

/// Only conversations in the folder and with the label, and none in the bin; `column` holds their id.
std::string placeFilter(const std::string &column)
{
    return " AND " + column
           + " NOT IN (SELECT id FROM conversation WHERE deleted_ms IS NOT NULL)"
             " AND (?5 IS NULL OR "
           + column
           + " IN (WITH RECURSIVE inside (id) AS ("
             "SELECT id FROM folder WHERE name = ?5 COLLATE NOCASE OR id = ?6 "
             "UNION SELECT f.id FROM folder f JOIN inside i ON f.parent = i.id) "
             "SELECT c.id FROM conversation c JOIN inside i ON c.folder = i.id))"
             " AND (?7 IS NULL OR "
           + column
           + " IN (SELECT x.conversation FROM conversation_label x JOIN label l ON l.id = x.label "
             "WHERE l.name = ?7 COLLATE NOCASE OR l.id = ?8))";
}

/// From the newest row on: FTS5 hands its rows out in that order without sorting, and bm25() is only computed for what
/// passes the filters.
std::string messageCandidates()
{
    const std::string fits(kModelFits);
    return "SELECT m.seq, bm25(message_fts), m.created_ms FROM message_fts CROSS JOIN message m "
           "ON m.seq = message_fts.rowid WHERE message_fts MATCH ?1 "
           "AND (?2 IS NULL OR m.created_ms >= ?2) AND (?3 IS NULL OR m.created_ms < ?3) "
           "AND (?4 IS NULL OR EXISTS (SELECT 1 FROM answer_provenance p WHERE p.message = m.seq AND "
           + fits
           + ") OR EXISTS (SELECT 1 FROM message a JOIN answer_provenance p ON p.message = a.seq WHERE a.parent = m.id "
             "AND "
           + fits + "))" + placeFilter("m.conversation") + " ORDER BY message_fts.rowid DESC LIMIT ?9";
}

std::string titleCandidates()
{
    return "SELECT t.seq, bm25(title_fts), c.updated_ms FROM title_fts CROSS JOIN title_row t "
           "ON t.seq = title_fts.rowid CROSS JOIN conversation c ON c.id = t.conversation WHERE title_fts MATCH ?1 "
           "AND (?2 IS NULL OR c.updated_ms >= ?2) AND (?3 IS NULL OR c.updated_ms < ?3) "
           "AND (?4 IS NULL OR EXISTS (SELECT 1 FROM message m JOIN answer_provenance p ON p.message = m.seq "
           "WHERE m.conversation = c.id AND "
           + std::string(kModelFits) + "))" + placeFilter("c.id") + " ORDER BY title_fts.rowid DESC LIMIT ?9";
}

std::optional<std::string_view> given(const std::string &text)
{
    return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

/// Errors: NotFound when `name` is given and `table` has none of that name or id.
Status checkPlace(sqlite::Connection &connection, const std::string &table, const std::string &name)
{
    if (name.empty())
        return {};
    auto select = connection.prepare("SELECT 1 FROM " + table + " WHERE name = ?1 COLLATE NOCASE OR id = ?2 LIMIT 1");
    if (!select)
        return select.error();
    const auto row = select->bind(name, Uuid::fromText(name).value_or(Uuid())).step();
    if (!row)
        return row.error();
    if (!*row)
        return Error{ErrorCode::NotFound, "There is no such " + table + ". Nothing was searched.", {}};
    return {};
}

Status addCandidates(sqlite::Connection &connection, const std::string &sql, const std::string &expression,
                     const SearchQuery &query, bool titles, std::vector<SearchCandidate> &candidates)
{
    auto select = connection.prepare(sql);
    if (!select)
        return select.error();
    select->bind(expression, query.fromMs, query.untilMs, given(query.model), given(query.folder),
                 Uuid::fromText(query.folder).value_or(Uuid()), given(query.label),
                 Uuid::fromText(query.label).value_or(Uuid()), kMostCandidates + 1);
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return {};
        // FTS5's BM25 is negative: the best first in ascending order.
        candidates.push_back({select->integer(0), titles, -select->real(1), select->integer(2)});
    }
}

/// The pieces of text around what was found, by row. In one pass over the matches: to seek each row would make the list
/// of a prefix's matches anew every time.
Result<std::map<std::int64_t, std::string>> snippets(sqlite::Connection &connection, const std::string &expression,
                                                     const std::vector<SearchCandidate> &chosen, bool titles)
{
    std::map<std::int64_t, std::string> texts;
    std::string rows;
    for (const SearchCandidate &one : chosen) {
        if (one.isTitle == titles)
            rows += (rows.empty() ? "" : ",") + std::to_string(one.seq);
    }
    if (rows.empty())
        return texts;
    // The plus keeps FTS5 from taking the list for so many single queries.
    auto select = connection.prepare(
        (titles ? "SELECT rowid, highlight(title_fts, 0, char(2), char(3)) FROM title_fts WHERE title_fts MATCH ?1"
                : "SELECT rowid, snippet(message_fts, 0, char(2), char(3), '…', 24) FROM message_fts "
                  "WHERE message_fts MATCH ?1")
        + std::string(" AND +rowid IN (") + rows + ")");
    if (!select)
        return select.error();
    select->bind(expression);
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return texts;
        texts[select->integer(0)] = select->text(1);
    }
}

Result<std::vector<SearchHit>> readHits(sqlite::Connection &connection, const std::string &expression,
                                        const std::vector<SearchCandidate> &chosen)
{
    const auto messageTexts = snippets(connection, expression, chosen, false);
    const auto titleTexts = snippets(connection, expression, chosen, true);
    if (!messageTexts || !titleTexts)
        return (!messageTexts ? messageTexts : titleTexts).error();
    auto message = connection.prepare("SELECT m.conversation, m.id, c.title FROM message m "
                                      "JOIN conversation c ON c.id = m.conversation WHERE m.seq = ?");
    auto title = connection.prepare("SELECT t.conversation, NULL, c.title FROM title_row t "
                                    "JOIN conversation c ON c.id = t.conversation WHERE t.seq = ?");
    if (!message || !title)
        return (!message ? message : title).error();
    std::vector<SearchHit> hits;
    for (const SearchCandidate &one : chosen) {
        sqlite::Statement &select = one.isTitle ? *title : *message;
        const auto row = select.bind(one.seq).step();
        if (!row)
            return row.error();
        const auto &texts = one.isTitle ? *titleTexts : *messageTexts;
        const auto text = texts.find(one.seq);
        if (*row && text != texts.end())
            hits.push_back({ConversationId(select.uuid(0)), MessageId(select.uuid(1)), std::string(select.text(2)),
                            text->second, one.timeMs});
    }
    return hits;
}

} // namespace

Result<SearchPage> searchConversations(sqlite::Connection &connection, const SearchQuery &query)
{
    if (auto there = checkPlace(connection, "folder", query.folder); !there)
        return there.error();
    if (auto there = checkPlace(connection, "label", query.label); !there)
        return there.error();
    const std::string expression = ftsExpression(query.text);
    if (expression.empty())
        return SearchPage{};
    std::vector<SearchCandidate> candidates;
    if (auto added = addCandidates(connection, messageCandidates(), expression, query, false, candidates); !added)
        return added.error();
    const std::size_t messages = candidates.size();
    if (auto added = addCandidates(connection, titleCandidates(), expression, query, true, candidates); !added)
        return added.error();
    SearchPage page;
    page.partial = std::max(messages, candidates.size() - messages) > kMostCandidates;
    const auto count = static_cast<std::size_t>(query.limit > 0 ? query.limit : kDefaultLimit);
    auto best = bestCandidates(std::move(candidates), static_cast<std::size_t>(std::max(0, query.offset)), count + 1);
    page.more = best.size() > count;
    if (page.more)
        best.pop_back();
    auto hits = readHits(connection, expression, best);
    if (!hits)
        return hits.error();
    page.hits = std::move(*hits);
    return page;
}

} // namespace tramontane
