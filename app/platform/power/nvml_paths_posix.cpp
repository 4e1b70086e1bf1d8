// SPDX-License-Identifier: Apache-2.0
#include "app/platform/power/nvml.h"

namespace tramontane::power {

std::vector<std::string> Nvml::usualPaths()
{
    return {"/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1", "/usr/lib/aarch64-linux-gnu/libnvidia-ml.so.1",
            "/usr/lib64/libnvidia-ml.so.1", "/usr/lib/libnvidia-ml.so.1", "/usr/lib/wsl/lib/libnvidia-ml.so.1"};
}

} // namespace tramontane::power
