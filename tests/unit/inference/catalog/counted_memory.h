// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace tramontane::test {

/// What a program asked operator new for; the program that links counted_memory.cpp counts, in every thread.
struct CountedMemory {
    std::size_t largest = 0; // one allocation, in bytes
    std::size_t live = 0;    // not given back
    std::size_t mostLive = 0;
};

/// Forgets the largest ones; what is live stays.
void restartMemoryCount();
[[nodiscard]] CountedMemory countedMemory();

} // namespace tramontane::test
