// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/erasure.h"
#include "storage/backups/backup_vault.h"
#include "storage/backups/content_difference.h"

#include <memory>
#include <vector>

// A copy of an older vault.db that nobody else uses, made ready to be taken over. Off the GUI thread, one thread.
namespace tramontane::vault {

/// Opens it and brings it to the newest of `steps`; none: it stays as it is. Errors: those of migrate().
[[nodiscard]] Result<std::unique_ptr<sqlite::Connection>>
openStaged(const std::filesystem::path &path, const Key32 &key, std::span<const migrations::Migration> steps);

/// Everything that the vault and its log know as erased. Waits for the databases' threads. Errors: those of the vault's
/// database; AuditUnavailable.
[[nodiscard]] Result<std::vector<ErasedRef>> erasureRegister(VaultDatabase &database, SqliteAuditLog &audit,
                                                             std::int64_t nowMs);
/// The records of erasures in a log. Errors: AuditUnavailable.
[[nodiscard]] Result<std::vector<ErasedRef>> erasedInLog(SqliteAuditLog &audit, std::int64_t nowMs);

/// Deletes what the register names, and leaves nothing of it in pages and indexes. How many conversations, messages and
/// attachments were there. Errors: as sqliteError().
[[nodiscard]] Result<int> keepOut(sqlite::Connection &staged, const std::vector<ErasedRef> &erased);

} // namespace tramontane::vault
