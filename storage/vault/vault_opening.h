// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/clock.h"
#include "app/platform/files/file_lock.h"
#include "storage/audit/sqlite_audit_log.h"
#include "storage/keys/key_file.h"
#include "storage/repositories/vault_database.h"
#include "storage/vault/reserve_file.h"
#include "storage/vault/vault_files.h"
#include "storage/vault/vault_options.h"

#include <memory>

// The steps of opening a vault. Off the GUI thread. No file changes on any error.
namespace tramontane::vault {

/// A vault that belongs to this process.
struct OpenParts {
    VaultFiles files;
    files::FileLock lock;
    std::string vaultId;
    Key32 master;
    Key32 snapshotKey; // wraps the keys of snapshots
    SnapshotBudget snapshotBudget;
    std::unique_ptr<ReserveFile> reserve; // before the two that use it
    std::unique_ptr<VaultDatabase> database;
    std::unique_ptr<SqliteAuditLog> audit;
};

/// Lock, slot, keys, databases. Errors: as VaultStore::open; also StorageBusy when a foreign program holds vault.db.
[[nodiscard]] Result<OpenParts> openVault(const VaultOptions &options, const SlotSecret &secret, bool networkAllowed,
                                          const Clock &clock);

/// The databases of a vault whose lock and keys are there already. Errors: VaultDamaged, VaultNewerSchema, StorageBusy,
/// NoSpace, IoFailed. On a read-only disk both can be read; writing then answers StorageReadOnly.
[[nodiscard]] Result<OpenParts> openDatabases(const VaultFiles &files, files::FileLock lock, const std::string &vaultId,
                                              Key32 master, DataKeys keys, const VaultOptions &options, SlotKind slot,
                                              const Clock &clock);

} // namespace tramontane::vault
