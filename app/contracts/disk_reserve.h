// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"

#include <cstdint>

namespace tramontane {

/// The space that a vault keeps for a full disk (design.md section 4).
struct ReserveStatus {
    std::uint64_t bytes = 0;       // held now
    std::uint64_t wantedBytes = 0; // held when all is well; 0: this vault keeps none
    /// What has to be freed on the disk before questions are taken again; 0: nothing.
    std::uint64_t roomNeededBytes = 0;

    [[nodiscard]] bool whole() const { return bytes >= wantedBytes; }
};

/// The reserve of an open vault. It is given up by the first write that finds the disk full, so that reading, deleting,
/// erasing, closing and their records go on, and written again in the background as soon as there is room: at opening
/// and after writes. Calls from any thread.
class DiskReserve {
public:
    virtual ~DiskReserve() = default;

    /// As it is now; asks the file system.
    [[nodiscard]] virtual Async<ReserveStatus> status() = 0;
    /// Writes it again if there is room, and says how it is then. Errors: VaultLocked after the vault was closed.
    [[nodiscard]] virtual Async<ReserveStatus> restore() = 0;
};

} // namespace tramontane
