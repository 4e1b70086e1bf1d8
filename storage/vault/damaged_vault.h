// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/backup_store.h"
#include "app/platform/files/file_lock.h"
#include "storage/directory/vault_files.h"
#include "storage/keys/key_file.h"

#include <filesystem>
#include <optional>
#include <string>

// A vault that cannot be opened, and in whose place a backup of it is to be restored. Off the GUI thread.
namespace tramontane::vault {

struct DamagedVault {
    VaultFiles files;
    files::FileLock lock;
    std::optional<std::string> slotsText; // if they can be read
};

/// Locks it and makes sure that it is damaged. Errors: VaultMissing, VaultInUse, VaultExists (it can be opened, and its
/// databases hold), VaultForeign (it is another vault), WrongPassphrase (its slots can be read and this opens none), IoFailed.
[[nodiscard]] Result<DamagedVault> examineDamaged(const VaultFiles &place, const std::string &vaultId,
                                                  const SlotSecret &secret);

/// Puts a copy of its log into the place of the one in `target` if it is whole, the same log, and not older than the
/// backup's. False: it is not; `target` is unchanged. Errors: NoSpace, IoFailed.
[[nodiscard]] Result<bool> copyWholeLog(const DamagedVault &vault, const DataKeys &keys, const BackupContent &backup,
                                        const VaultFiles &target);

/// Gives up the lock and renames the folder to "<name>.damaged-<time>". Where to. Errors: IoFailed; it is then where it was.
[[nodiscard]] Result<std::filesystem::path> moveAside(DamagedVault vault, const VaultFiles &place, std::int64_t nowMs);

} // namespace tramontane::vault
