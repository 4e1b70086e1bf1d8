// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "storage/sqlite/connection.h"

#include <span>
#include <string_view>

namespace tramontane::migrations {

/// "TRVL" in the header of vault.db.
inline constexpr std::uint32_t kVaultApplicationId = 0x5452564c;

/// One numbered step, forward only.
struct Migration {
    int version;
    std::string_view sql;
};

/// The steps of vault.db in ascending order from 1 without a gap (storage/migrations/sql, compiled in).
[[nodiscard]] std::span<const Migration> vaultMigrations();

/// The version that these steps lead to.
[[nodiscard]] int newestVersion(std::span<const Migration> steps);

/// Whether a database of this version can be used as it is. Errors: VaultNewerSchema (made by a newer Tramontane;
/// nothing is changed), VaultDamaged (version 0 or less in a database that should have a schema). Any version from 1
/// to the newest is fine; an older one needs migrate() first.
[[nodiscard]] Result<int> checkedVersion(sqlite::Connection &connection, std::span<const Migration> steps);

/// Brings the database to the newest version in one transaction, foreign keys checked at its end. Errors:
/// VaultNewerSchema, VaultDamaged (rows that break the new rules), NoSpace, StorageReadOnly, StorageBusy, IoFailed; the
/// database is then as before.
[[nodiscard]] Status migrate(sqlite::Connection &connection, std::span<const Migration> steps);

} // namespace tramontane::migrations
