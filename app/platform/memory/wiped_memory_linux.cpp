// SPDX-License-Identifier: Apache-2.0
// glibc's documentation ("Replacing malloc") lets a program define its own allocator. These two pass on to glibc's; what
// it never takes back through them (its own small buffers) stays as it is.
#include "app/platform/memory/wiped_memory.h"

#include <dlfcn.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

extern "C" {

void *__libc_malloc(std::size_t size); // NOLINT(bugprone-reserved-identifier): glibc's own names
void __libc_free(void *block);         // NOLINT(bugprone-reserved-identifier)

__attribute__((visibility("default"))) void free(void *block) noexcept
{
    if (block == nullptr)
        return;
    explicit_bzero(block, malloc_usable_size(block));
    __libc_free(block);
}

/// glibc's would free the old block by itself where it moves one.
__attribute__((visibility("default"))) void *realloc(void *block, std::size_t size) noexcept
{
    if (block == nullptr)
        return __libc_malloc(size);
    if (size == 0) {
        free(block);
        return nullptr;
    }
    const std::size_t room = malloc_usable_size(block);
    if (size <= room && size >= room / 2)
        return block;
    void *moved = __libc_malloc(size);
    if (moved == nullptr)
        return nullptr; // the block is as it was
    std::memcpy(moved, block, std::min(room, size));
    free(block);
    return moved;
}

} // extern "C"

namespace tramontane::process {

Layer checkWipedMemory()
{
    const bool ours = dlsym(RTLD_DEFAULT, "free") == reinterpret_cast<void *>(&::free);
    return {"freed-memory", ours,
            ours ? "What is freed is overwritten." : "Text that is no longer used stays in memory for a while."};
}

} // namespace tramontane::process
