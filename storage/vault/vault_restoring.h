// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/backup_store.h"
#include "storage/vault/vault_opening.h"

#include <filesystem>

// A vault is made from a backup. Off the GUI thread.
namespace tramontane::vault {

struct RestoredParts {
    OpenParts vault;
    BackupContent backup;
    std::filesystem::path keptFolder; // of the damaged vault; empty: there was none
    bool sameLog = false;
};

/// BackupFiles::restore. After an error nothing of the new vault is left, and what lay in its place is as it was.
[[nodiscard]] Result<RestoredParts> restoreVault(const VaultOptions &options, const std::filesystem::path &file,
                                                 const SlotSecret &secret, RestorePlace where, bool networkAllowed,
                                                 const Clock &clock, const LongWork &work);

/// BackupFiles::verify.
[[nodiscard]] Result<BackupContent> verifyBackup(const VaultOptions &options, const std::filesystem::path &file,
                                                 const SlotSecret &secret, const Clock &clock, const LongWork &work);

} // namespace tramontane::vault
