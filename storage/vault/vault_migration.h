// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/clock.h"
#include "storage/directory/database_swap.h"
#include "storage/migrations/migrations.h"

#include <memory>
#include <span>

namespace tramontane::vault {

/// vault.db as it was opened, in an older schema.
struct OlderVault {
    const VaultFiles &files;
    const Key32 &key;
    const SyncFolder &syncFolder;
    const Clock &clock;
    std::span<const migrations::Migration> steps;
};

/// Brings vault.db to the newest schema: a verified copy of it becomes before-migration.db; another one is migrated,
/// verified and put into its place by one rename. `connection` is closed and opened again. A crash at any moment leaves
/// the old or the new vault.db. Off the GUI thread. Errors: NoSpace (the message says how much is needed),
/// StorageReadOnly, VaultDamaged (what is stored breaks the new rules), IoFailed; vault.db is then as before, `connection`
/// may be closed, and no file is left.
[[nodiscard]] Status migrateVault(const OlderVault &vault, std::unique_ptr<sqlite::Connection> &connection);

/// Removes a copy of before a migration that this key does not open: its key is gone.
void removeForeignCopy(const VaultFiles &files, const Key32 &key);

} // namespace tramontane::vault
