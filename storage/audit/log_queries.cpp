// SPDX-License-Identifier: Apache-2.0
#include "storage/audit/log_queries.h"

#include "app/audit/event_list.h"

#include <algorithm>
#include <optional>

namespace tramontane::audit_store {
namespace {

std::string bytesAt(const sqlite::Statement &row, int column)
{
    const auto bytes = row.blob(column);
    return {bytes.begin(), bytes.end()};
}

/// "gen_ai." matches everything from "gen_ai." up to, and not including, "gen_ai/": a range that the index can answer.
std::optional<std::string> prefixEnd(const std::string &event)
{
    if (event.empty() || event.back() != '.')
        return std::nullopt;
    return event.substr(0, event.size() - 1) + '/';
}

AuditRow rowAt(const sqlite::Statement &row)
{
    AuditRow entry;
    entry.seq = std::uint64_t(row.integer(0));
    entry.time = row.text(1);
    entry.event = row.text(2);
    entry.outcome = row.text(3);
    entry.corr = row.text(4);
    entry.leaf = toHex(row.blob(5));
    entry.body = bytesAt(row, 6);
    return entry;
}

} // namespace

Result<LastEntry> readLastEntry(sqlite::Connection &connection)
{
    auto query = connection.prepare("SELECT seq, time, head_signature FROM audit_entry ORDER BY seq DESC LIMIT 1");
    if (!query)
        return query.error();
    const auto row = query->step();
    if (!row)
        return row.error();
    if (!row.value())
        return LastEntry{};
    return LastEntry{std::uint64_t(query->integer(0)), std::string(query->text(1)), bytesAt(query.value(), 2)};
}

Result<Hash32> readTreeNode(sqlite::Connection &connection, int level, std::uint64_t index)
{
    auto query = connection.prepare(level == 0 ? "SELECT leaf FROM audit_entry WHERE seq = ?1 + 1 AND ?2 = 0"
                                               : "SELECT hash FROM audit_node WHERE idx = ?1 AND level = ?2");
    if (!query)
        return query.error();
    const auto row = query->bind(index, level).step();
    if (!row)
        return row.error();
    Hash32 hash;
    if (!row.value() || query->blob(0).size() != hash.size()) {
        return Error{ErrorCode::NotFound, "A node of the audit log's tree is missing.",
                     "level " + std::to_string(level) + ", index " + std::to_string(index)};
    }
    const auto bytes = query->blob(0);
    std::copy(bytes.begin(), bytes.end(), hash.begin());
    return hash;
}

Result<std::string> readNote(sqlite::Connection &connection, std::uint64_t size)
{
    auto query = connection.prepare("SELECT note FROM audit_checkpoint WHERE size = ?");
    if (!query)
        return query.error();
    const auto row = query->bind(size).step();
    if (!row)
        return row.error();
    if (!row.value())
        return Error{ErrorCode::NotFound, "There is no checkpoint of this size.", std::to_string(size)};
    return std::string(query->text(0));
}

Result<std::vector<AuditRow>> listEntries(sqlite::Connection &connection, const AuditFilter &filter)
{
    const auto optional = [](const std::string &text) {
        return text.empty() ? std::optional<std::string_view>() : std::optional<std::string_view>(text);
    };
    const std::optional<std::string> eventEnd = prefixEnd(filter.event);
    std::string sql = "SELECT seq, time, event, outcome, corr, leaf, body FROM audit_entry WHERE seq > ?1";
    // Conditions are added only where they are asked for, so that the indexes are used.
    if (!filter.event.empty())
        sql += eventEnd ? " AND event >= ?2 AND event < ?3" : " AND event = ?2";
    if (!filter.outcome.empty())
        sql += " AND outcome = ?4";
    if (!filter.corr.empty())
        sql += " AND corr = ?5";
    if (!filter.sinceTime.empty())
        sql += " AND time >= ?6";
    if (!filter.untilTime.empty())
        sql += " AND time < ?7";
    sql += " ORDER BY seq LIMIT ?8";
    auto query = connection.prepare(sql);
    if (!query)
        return query.error();
    const int limit = filter.limit > 0 ? filter.limit : -1;
    query->bind(filter.afterSeq, optional(filter.event), eventEnd, optional(filter.outcome), optional(filter.corr),
                optional(filter.sinceTime), optional(filter.untilTime), limit);
    std::vector<AuditRow> rows;
    for (;;) {
        const auto row = query->step();
        if (!row)
            return row.error();
        if (!row.value())
            return rows;
        rows.push_back(rowAt(query.value()));
    }
}

Result<RecordedAttempt> findAttempt(sqlite::Connection &connection, const std::string &corr)
{
    auto query = connection.prepare("SELECT event FROM audit_entry WHERE corr = ?");
    if (!query)
        return query.error();
    query->bind(corr);
    RecordedAttempt attempt;
    for (;;) {
        const auto row = query->step();
        if (!row)
            return row.error();
        if (!row.value())
            return attempt;
        attempt.opened = attempt.opened || audit::opensAttempt(query->text(0));
        attempt.closed = attempt.closed || audit::closesAttempt(query->text(0));
    }
}

Result<std::vector<std::string>> findOpenAttempts(sqlite::Connection &connection, std::uint64_t afterSeq)
{
    // The index on `event` holds seq as well, so that older records are passed over without being read.
    auto query = connection.prepare("SELECT event, corr FROM audit_entry WHERE event >= 'gen_ai.request.' "
                                    "AND event < 'gen_ai.request/' AND seq > ? ORDER BY seq");
    if (!query)
        return query.error();
    query->bind(afterSeq);
    std::vector<std::string> open;
    for (;;) {
        const auto row = query->step();
        if (!row)
            return row.error();
        if (!row.value())
            return open;
        if (audit::opensAttempt(query->text(0)))
            open.emplace_back(query->text(1));
        else if (audit::closesAttempt(query->text(0)))
            std::erase(open, query->text(1));
    }
}

Result<std::string> readLogId(sqlite::Connection &connection)
{
    return connection.queryText("SELECT log FROM audit_log WHERE id = 1");
}

} // namespace tramontane::audit_store
