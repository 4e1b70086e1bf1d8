// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/inference/catalog/counted_memory.h"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

namespace {

// operator new has nobody who could hand it anything.
std::atomic<std::size_t> largest = 0;
std::atomic<std::size_t> live = 0;
std::atomic<std::size_t> mostLive = 0;

void raise(std::atomic<std::size_t> &most, std::size_t value)
{
    std::size_t old = most.load();
    while (old < value && !most.compare_exchange_weak(old, value)) {
    }
}

} // namespace

namespace tramontane::test {

void restartMemoryCount()
{
    largest = 0;
    mostLive = live.load();
}

CountedMemory countedMemory()
{
    return {largest.load(), live.load(), mostLive.load()};
}

} // namespace tramontane::test

// The other forms without an alignment call these two. The sanitizers watch malloc and free just as well.
void *operator new(std::size_t bytes)
{
    raise(largest, bytes);
    void *memory = std::malloc(std::max<std::size_t>(bytes, 1));
    if (memory == nullptr)
        throw std::bad_alloc();
    raise(mostLive, live += malloc_usable_size(memory));
    return memory;
}

void operator delete(void *memory) noexcept
{
    if (memory != nullptr)
        live -= malloc_usable_size(memory);
    std::free(memory);
}

void operator delete(void *memory, std::size_t) noexcept
{
    operator delete(memory);
}
