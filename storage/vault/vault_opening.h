// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/clock.h"
#include "app/platform/files/file_lock.h"
#include "storage/audit/sqlite_audit_log.h"
#include "storage/directory/reserve_file.h"
#include "storage/directory/vault_files.h"
#include "storage/keys/key_file.h"
#include "storage/repositories/vault_database.h"
#include "storage/vault/vault_options.h"

#include <memory>

// The steps of opening a vault. Off the GUI thread. No file changes on any error.
namespace tramontane::vault {

/// A vault that belongs to this process.
struct OpenParts {
    VaultFiles files;
    files::FileLock lock;
    std::string vaultId;
    MasterKey master;
    SlotInfo openedWith;
    PassphraseCost passphraseCost;
    Key32 snapshotKey;   // wraps the keys of snapshots
    Key32 attachmentKey; // wraps the keys of attachments
    std::string account; // who works with the vault
    SnapshotBudget snapshotBudget;
    std::unique_ptr<ReserveFile> reserve; // before the two that use it
    std::unique_ptr<VaultDatabase> database;
    std::unique_ptr<SqliteAuditLog> audit;
    std::function<Status(const std::filesystem::path &)> syncFolder;
    std::string appVersion;
    std::span<const migrations::Migration> migrations;
};

/// Lock, slot, keys, databases. Errors: as VaultStore::open; also StorageBusy when a foreign program holds vault.db.
[[nodiscard]] Result<OpenParts> openVault(const VaultOptions &options, const SlotSecret &secret, bool networkAllowed,
                                          const Clock &clock);

/// A vault whose lock and keys are there already.
struct UnlockedVault {
    files::FileLock lock;
    std::string vaultId;
    OpenedSlot opened;
    DataKeys keys;
};

/// Its databases. Errors: VaultDamaged, VaultNewerSchema, StorageBusy,
/// NoSpace, IoFailed. On a read-only disk both can be read; writing then answers StorageReadOnly.
[[nodiscard]] Result<OpenParts> openDatabases(const VaultFiles &files, UnlockedVault vault, const VaultOptions &options,
                                              const Clock &clock);

} // namespace tramontane::vault
