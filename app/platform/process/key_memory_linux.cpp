// SPDX-License-Identifier: Apache-2.0
#include "app/platform/process/key_memory.h"

#include "app/platform/process/sandbox_layers.h"

#include <sys/mman.h>
#include <unistd.h>

namespace tramontane::process {

Layer checkKeyMemory()
{
    const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    void *page = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return {"key-memory", false, withErrno("No page of memory could be had")};
    const bool locked = mlock(page, size) == 0;
    Layer layer{"key-memory", locked, "Keys lie in memory that is never written to the swap."};
    if (!locked)
        layer.detail = withErrno("Keys may be written to the swap, because this process may not lock memory");
    munmap(page, size);
    return layer;
}

} // namespace tramontane::process
