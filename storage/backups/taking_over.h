// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/backups/backup_vault.h"

#include <filesystem>

// Older content becomes that of an open vault. Waits for the databases' threads: not in one of them, not on the GUI thread.
namespace tramontane::vault {

enum class Doing { Preview, Restore };

/// BackupStore::preview and BackupStore::restore.
[[nodiscard]] Result<RestoreEffect> restoreBackup(const BackupVault &vault, const std::filesystem::path &file,
                                                  RestoreMode mode, Doing doing, const LongWork &work);

/// BackupStore::previewRollback and BackupStore::rollback.
[[nodiscard]] Result<RestoreEffect> rollBack(const BackupVault &vault, Doing doing, const LongWork &work);

} // namespace tramontane::vault
