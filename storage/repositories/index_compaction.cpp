// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/index_compaction.h"

#include "storage/sqlite/transaction.h"

namespace tramontane {

namespace {

constexpr int kPagesAtOnce = 128;
/// The documented sign that a merge found nothing to do: fewer changes than this.
constexpr std::int64_t kNothingDone = 2;
/// No row of ours has it, so that nobody finds it in between.
constexpr std::string_view kNobody = "-9223372036854775807";

std::string quoted(const std::string &name)
{
    std::string out = "\"";
    for (const char c : name)
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

Status merge(sqlite::Connection &connection, const std::string &table, int pages)
{
    return connection.execute("INSERT INTO " + table + " (" + table + ", rank) VALUES ('merge', "
                              + std::to_string(pages) + ")");
}

/// FTS5 does not touch an index of one segment; with a second one it is written anew.
Status addSegment(sqlite::Connection &connection, const std::string &index, const std::string &table)
{
    auto column = connection.prepare("SELECT name FROM pragma_table_info(?) ORDER BY cid LIMIT 1");
    if (!column)
        return column.error();
    const auto row = column->bind(index).step();
    if (!row)
        return row.error();
    const std::string name = quoted(std::string(column->text(0)));
    return connection.execute("INSERT INTO " + table + " (rowid, " + name + ") VALUES (" + std::string(kNobody)
                              + ", 'a')");
}

Status begin(sqlite::Connection &connection, const std::string &index, const std::string &table)
{
    if (auto added = addSegment(connection, index, table); !added)
        return added;
    if (auto merged = merge(connection, table, -kPagesAtOnce); !merged)
        return merged;
    return connection.execute("DELETE FROM " + table + " WHERE rowid = " + std::string(kNobody));
}

} // namespace

Result<std::vector<std::string>> fullTextIndexes(sqlite::Connection &connection)
{
    auto select = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' "
                                     "AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%' ORDER BY name");
    if (!select)
        return select.error();
    std::vector<std::string> names;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return names;
        names.emplace_back(select->text(0));
    }
}

Result<bool> compactIndex(sqlite::Connection &connection, const std::string &index, bool beginning)
{
    const std::string table = quoted(index);
    return sqlite::inTransaction(connection, [&]() -> Result<bool> {
        const auto before = connection.queryInteger("SELECT total_changes()");
        if (!before)
            return before.error();
        const auto done = beginning ? begin(connection, index, table) : merge(connection, table, kPagesAtOnce);
        if (!done)
            return done.error();
        const auto after = connection.queryInteger("SELECT total_changes()");
        if (!after)
            return after.error();
        return beginning || *after - *before >= kNothingDone;
    });
}

} // namespace tramontane
