// SPDX-License-Identifier: Apache-2.0
// The header of a snapshot. Whoever could write one holds the key of the conversation; the limits hold all the same. What
// is accepted has exactly one spelling.
#include "storage/snapshots/snapshot_header_bytes.h"

#include <cstdlib>
#include <string_view>

using namespace tramontane;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto header = vault::readSnapshotHeader({data, size});
    if (!header) {
        if (header.error().message.empty() || header.error().detail.empty())
            std::abort();
        return 0;
    }
    if (size > vault::kMaxSnapshotHeaderBytes || !checkSnapshotHeader(*header))
        std::abort();
    if (vault::snapshotHeaderBytes(*header) != std::string_view(reinterpret_cast<const char *>(data), size))
        std::abort();
    return 0;
}
