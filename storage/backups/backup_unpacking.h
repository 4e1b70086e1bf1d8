// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/backups/backup_file.h"
#include "storage/backups/backup_vault.h"

#include <filesystem>
#include <functional>
#include <string>

// Taking a backup apart. Off the GUI thread. Nothing of it is trusted before all of it was read and checked.
namespace tramontane::vault {

/// A backup whose databases lie in a folder, complete and checked. Closed files, under the backup's own keys.
struct UnpackedBackup {
    std::string keysText;
    DataKeys keys;
    std::filesystem::path vaultDatabase;
    std::filesystem::path auditDatabase;
    BackupContent content;
};

/// Where an attachment's file of this name is to be put; empty: nowhere.
using AttachmentPlace = std::function<std::filesystem::path(const std::string &name)>;

/// Reads all of an open and unlocked backup and checks both databases. Progress: bytes of the file. Errors: VaultDamaged,
/// VaultNewerSchema (newer than `steps`), NoSpace, StorageReadOnly, IoFailed, Cancelled; files may be left in `folder` then.
[[nodiscard]] Result<UnpackedBackup> unpackBackup(BackupFileReader &reader, const MasterKey &master,
                                                  const std::filesystem::path &folder, const AttachmentPlace &place,
                                                  std::span<const migrations::Migration> steps, const LongWork &work);

} // namespace tramontane::vault
