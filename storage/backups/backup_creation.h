// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/backups/backup_vault.h"

#include <filesystem>

namespace tramontane::vault {

/// BackupStore::create. Waits for the databases' threads: not in one of them, not on the GUI thread.
[[nodiscard]] Result<BackupContent> createBackup(const BackupVault &vault, const std::filesystem::path &file,
                                                 const LongWork &work);

} // namespace tramontane::vault
