// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// The machine's memory as programs may use it. Any thread; works inside the sandbox. Nothing here fails: what the system
// does not say is zero.
namespace tramontane::process {

struct MachineMemory {
    std::int64_t totalBytes = 0;
    std::int64_t availableBytes = 0; // without swapping; what only caches files counts as available
};

/// The smaller of what the machine has and what the control group of this process may use (Linux: MemAvailable of
/// proc(5), memory.max and memory.current of cgroup v2).
[[nodiscard]] MachineMemory machineMemory();

/// The most memory that this process has had at one time.
[[nodiscard]] std::int64_t peakMemoryBytes();

} // namespace tramontane::process
