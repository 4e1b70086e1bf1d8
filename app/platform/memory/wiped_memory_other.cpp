// SPDX-License-Identifier: Apache-2.0
#include "app/platform/memory/wiped_memory.h"

namespace tramontane::process {

Layer checkWipedMemory()
{
    return {"freed-memory", false, "Text that is no longer used stays in memory for a while."};
}

} // namespace tramontane::process
