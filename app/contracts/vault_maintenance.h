// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "app/contracts/long_work.h"

#include <cstdint>

namespace tramontane {

struct RotatedKey {
    int version = 0;         // of the new key, as keys.json counts
    std::uint64_t bytes = 0; // of vault.db
};

/// Work on the databases of an open vault as a whole. One at a time: a second one waits. Closing the vault stops it.
/// Calls from any thread.
class VaultMaintenance {
public:
    virtual ~VaultMaintenance() = default;

    /// Writes vault.db into a new file under a new random key, verifies it and puts it into the place of the old one; the
    /// vault can be used meanwhile, and only waits for the last moments. Afterwards the old key opens nothing: the old
    /// file and the copy of before the last migration are gone. A crash at any moment leaves the old key with the old
    /// file or the new key with the new one. Progress: pages of 4096 bytes.
    /// Errors: NoSpace (the message says how much is needed), StorageReadOnly, IoFailed, VaultDamaged, Cancelled,
    /// VaultLocked; the vault then goes on under the key that it had.
    [[nodiscard]] virtual Async<RotatedKey> rotateKey(LongWork work) = 0;
};

} // namespace tramontane
