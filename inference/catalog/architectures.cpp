// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/architectures.h"

#include "inference/catalog/architecture_table.h"

#include <algorithm>

namespace tramontane::catalog {

std::optional<MemoryKind> memoryKind(std::string_view architecture) noexcept
{
    const auto *found = std::find_if(kArchitectures.begin(), kArchitectures.end(),
                                     [&](const ArchitectureRow &row) { return row.name == architecture; });
    return found == kArchitectures.end() ? std::nullopt : std::optional(found->kind);
}

} // namespace tramontane::catalog
