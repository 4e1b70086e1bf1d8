// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/platform/power/nvml.h"
#include "inference/engine/device/gpu_reason.h"

#include <string>
#include <vector>

namespace tramontane::engine {

/// What the driver said before the sandbox closed.
struct DriverReport {
    GpuSituation situation;
    std::string driverVersion;
    std::string problem;
    std::vector<power::GpuReport> gpus;
};

/// Asks the driver, and the CUDA module in `folder`, where there are such. After ggml has opened its modules and before
/// the sandbox; one thread. A module that holds no code for one of the GPUs is closed: ggml would end the process with
/// the first kernel it starts there.
[[nodiscard]] DriverReport askDriver(const std::string &folder);

} // namespace tramontane::engine
