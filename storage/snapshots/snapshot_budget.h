// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tramontane::vault {

/// What all snapshots of a vault together may take: the smaller of the two.
struct SnapshotBudget {
    std::uint64_t bytes = std::uint64_t(8) << 30;
    /// Of the disk space that would be free without them; 0-1.
    double shareOfFreeDisk = 0.2;
};

} // namespace tramontane::vault
