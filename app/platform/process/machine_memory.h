// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <vector>

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

/// How much memory this process has. Made before the sandbox closes, read inside it. (getrusage() would need nothing, but
/// what it calls the most of a process begins with that of the process which started it.) One thread at a time.
class OwnMemory {
public:
    OwnMemory();

    /// Now, code and libraries included.
    [[nodiscard]] std::int64_t residentBytes() const;
    /// Those that the sandbox must leave open for it.
    [[nodiscard]] std::vector<int> descriptors() const;

private:
    std::shared_ptr<std::FILE> m_file;
};

} // namespace tramontane::process
