// SPDX-License-Identifier: Apache-2.0
#include "app/platform/process/hardening.h"

#include <algorithm>

namespace tramontane::process {

const std::vector<std::string> &layerNames()
{
    static const std::vector<std::string> names = {"environment",       "own-network", "core-dumps", "parent",
                                                   "no-new-privileges", "files",       "network",    "memory",
                                                   "syscalls",          "descriptors"};
    return names;
}

std::vector<std::string> missingLayers(const std::vector<Layer> &layers, const std::vector<std::string> &required)
{
    std::vector<std::string> missing;
    for (const std::string &name : required) {
        const bool active = std::any_of(layers.begin(), layers.end(),
                                        [&](const Layer &layer) { return layer.name == name && layer.active; });
        if (!active)
            missing.push_back(name);
    }
    return missing;
}

} // namespace tramontane::process
