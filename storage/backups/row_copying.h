// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/sqlite/connection.h"

#include <string>
#include <string_view>

// Rows from one database to another. One thread for both; changes inside the caller's transaction. Errors: as sqliteError().
namespace tramontane::vault {

/// Runs `insert` for each row that `select` with these values gives, with the row's columns as its values. How many.
template <class... Values>
[[nodiscard]] Result<std::int64_t> copyRows(sqlite::Connection &from, std::string_view select, sqlite::Connection &to,
                                            std::string_view insert, const Values &...values)
{
    auto rows = from.prepare(select);
    if (!rows)
        return rows.error();
    auto written = to.prepare(insert);
    if (!written)
        return written.error();
    rows->bind(values...);
    for (std::int64_t count = 0;; ++count) {
        const auto row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            return count;
        if (auto done = written->bindRow(*rows).run(); !done)
            return done.error();
    }
}

[[nodiscard]] Result<bool> hasTable(sqlite::Connection &connection, const std::string &table);

/// Puts the rows of a table into the table of the same name, in the columns that both have; a row with the same key is
/// replaced. Nothing happens where one of them has no such table.
[[nodiscard]] Status copyTable(sqlite::Connection &from, sqlite::Connection &to, const std::string &table);
/// The same after deleting what is there.
[[nodiscard]] Status replaceTable(sqlite::Connection &from, sqlite::Connection &to, const std::string &table);

} // namespace tramontane::vault
