// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/backup_store.h"
#include "storage/sqlite/connection.h"

#include <string>
#include <vector>

// The table `backup` of vault.db. The database thread. Errors: as sqliteError().
namespace tramontane {

/// Oldest first. `found` is not known here.
[[nodiscard]] Result<std::vector<KnownBackup>> readBackups(sqlite::Connection &connection);
/// There is one copy of before a migration at most: a new one takes the place of the old one's row.
[[nodiscard]] Status rememberBackup(sqlite::Connection &connection, const KnownBackup &backup);
/// No error when there is none.
[[nodiscard]] Status forgetBackup(sqlite::Connection &connection, const std::string &id);
[[nodiscard]] Status forgetBackups(sqlite::Connection &connection, BackupKind kind);

} // namespace tramontane
