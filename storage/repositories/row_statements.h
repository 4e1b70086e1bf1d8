// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/sqlite/connection.h"

#include <string_view>
#include <vector>

// Statements that are run once. The database thread. Errors: as sqliteError().
namespace tramontane {

/// Runs one statement with these values.
template <class... Values>
[[nodiscard]] Status run(sqlite::Connection &connection, std::string_view sql, const Values &...values)
{
    auto statement = connection.prepare(sql);
    if (!statement)
        return statement.error();
    return statement->bind(values...).run();
}

/// The ids in the first column.
template <class... Values>
[[nodiscard]] Result<std::vector<Uuid>> ids(sqlite::Connection &connection, std::string_view sql,
                                            const Values &...values)
{
    auto select = connection.prepare(sql);
    if (!select)
        return select.error();
    select->bind(values...);
    std::vector<Uuid> found;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return found;
        found.push_back(select->uuid(0));
    }
}

} // namespace tramontane
