// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "app/core/storage_use.h"

namespace tramontane {

/// What an open vault takes of the disk. Calls from any thread; the work happens elsewhere, and the database can be used
/// in between. Errors of every call: VaultLocked, StorageBusy, VaultDamaged, IoFailed.
class VaultStorage {
public:
    virtual ~VaultStorage() = default;

    /// Every page of vault.db is looked at once (about 1 s for 400 MB). Errors: also Cancelled, when the vault is closed
    /// meanwhile.
    [[nodiscard]] virtual Async<StorageReport> report() = 0;
    /// Removes what the offer of that name is about; answers what it freed. What is in use meanwhile stays. Errors: also
    /// NoSpace, StorageReadOnly; what was removed before stays removed.
    [[nodiscard]] virtual Async<CleanUpOffer> clean(CleanUp what) = 0;
};

} // namespace tramontane
