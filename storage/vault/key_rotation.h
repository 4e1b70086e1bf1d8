// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_maintenance.h"
#include "storage/directory/database_swap.h"
#include "storage/repositories/vault_database.h"

namespace tramontane::vault {

/// The vault that is worked on. All of it outlives the work.
struct RotationPlace {
    const VaultFiles &files;
    const std::string &vaultId;
    const MasterKey &master;
    VaultDatabase &database;
    const SyncFolder &syncFolder;
};

/// VaultMaintenance::rotateKey. Waits for the database's thread: not in it, not on the GUI thread.
[[nodiscard]] Result<RotatedKey> rotateVaultKey(const RotationPlace &place, const LongWork &work);

} // namespace tramontane::vault
