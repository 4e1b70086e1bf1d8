// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/storage_use.h"
#include "storage/sqlite/connection.h"

#include <string>
#include <vector>

// How the pages of vault.db are shared out. The database thread. Errors: as sqliteError().
namespace tramontane {

/// The names of all tables, with their indexes counted among them.
[[nodiscard]] Result<std::vector<std::string>> tableNames(sqlite::Connection &connection);
/// The bytes of the pages of one table and its indexes. Source: https://www.sqlite.org/dbstat.html.
[[nodiscard]] Result<std::uint64_t> tableBytes(sqlite::Connection &connection, const std::string &table);
/// What a table belongs to.
[[nodiscard]] StoragePart partOfTable(std::string_view table);

struct PageUse {
    std::uint64_t all = 0; // bytes
    std::uint64_t free = 0;
    std::int64_t messages = 0;
};
[[nodiscard]] Result<PageUse> pageUse(sqlite::Connection &connection);

} // namespace tramontane
