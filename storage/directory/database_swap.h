// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/secret.h"
#include "storage/directory/vault_files.h"
#include "storage/keys/key_file.h"

#include <filesystem>
#include <functional>
#include <string>

// How vault.db gets another key although file and key lie in two files (resources/formats/vault.md, "Another key"). The
// rename of the database is the moment in which it happens; what a crash leaves around it is settled at the next opening.
// Off the GUI thread, by the owner of the vault.
namespace tramontane::vault {

using SyncFolder = std::function<Status(const std::filesystem::path &)>;

/// The keys that fit vault.db as it lies there, after whatever a rotation that was cut off has left: it is finished or
/// taken back, as far as the disk can be written. Errors: those of keys.json, StorageBusy, IoFailed.
[[nodiscard]] Result<DataKeys> settledKeys(const VaultFiles &files, const std::string &vaultId, const MasterKey &master,
                                           const SyncFolder &syncFolder);

/// Puts vault.db.next, which is complete and synced, into the place of vault.db, which is closed, together with the new
/// text of keys.json. Errors: NoSpace, StorageReadOnly, IoFailed. After an error opensWith() tells which of the two
/// vault.db is; settledKeys() does the rest.
[[nodiscard]] Status swapWithKeys(const VaultFiles &files, const std::string &keyText, const SyncFolder &syncFolder);

/// The same without another key: one rename. Errors: IoFailed.
[[nodiscard]] Status swapDatabase(const VaultFiles &files, const SyncFolder &syncFolder);

/// What is left of a database that was being made anew and never took the place of vault.db.
void removeSwapLeftovers(const VaultFiles &files);

/// Whether `key` opens the database at `path`, which stays as it is. Errors: NotFound, StorageBusy, NoSpace, IoFailed.
[[nodiscard]] Result<bool> opensWith(const std::filesystem::path &path, const Key32 &key);

} // namespace tramontane::vault
