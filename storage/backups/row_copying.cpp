// SPDX-License-Identifier: Apache-2.0
#include "storage/backups/row_copying.h"

#include "storage/repositories/row_statements.h"

#include <algorithm>
#include <vector>

namespace tramontane::vault {

using sqlite::Connection;

namespace {

Result<std::vector<std::string>> columnsOf(Connection &connection, const std::string &table)
{
    auto select = connection.prepare("SELECT name FROM pragma_table_info(?)");
    if (!select)
        return select.error();
    select->bind(table);
    std::vector<std::string> columns;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return columns;
        columns.emplace_back(select->text(0));
    }
}

} // namespace

Result<bool> hasTable(Connection &connection, const std::string &table)
{
    const auto columns = columnsOf(connection, table);
    return columns ? Result<bool>(!columns->empty()) : columns.error();
}

Status copyTable(Connection &from, Connection &to, const std::string &table)
{
    const auto source = columnsOf(from, table);
    const auto target = columnsOf(to, table);
    if (!source || !target)
        return !source ? source.error() : target.error();
    std::string names;
    std::string marks;
    for (const std::string &column : *source) {
        if (std::ranges::find(*target, column) == target->end())
            continue;
        names += (names.empty() ? "" : ", ") + column;
        marks += marks.empty() ? "?" : ", ?";
    }
    if (names.empty())
        return {};
    const std::string insert = "INSERT OR REPLACE INTO " + table + " (" + names + ") VALUES (" + marks + ")";
    const auto copied = copyRows(from, "SELECT " + names + " FROM " + table, to, insert);
    return copied ? Status() : Status(copied.error());
}

Status replaceTable(Connection &from, Connection &to, const std::string &table)
{
    const auto there = hasTable(to, table);
    if (!there || !*there)
        return there ? Status() : Status(there.error());
    if (auto emptied = run(to, "DELETE FROM " + table); !emptied)
        return emptied;
    return copyTable(from, to, table);
}

} // namespace tramontane::vault
