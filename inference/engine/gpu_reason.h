// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tramontane::engine {

/// What was found out about GPUs before the sandbox closed.
struct GpuSituation {
    bool driverLibrary = false; // NVML is on this computer
    std::string driverProblem;  // why it does not answer; empty when it does
    int gpus = 0;               // that the driver lists
    std::string gpuName;        // of the first
    std::string capability;     // of the first: "12.0"
    bool moduleFile = false;    // the CUDA module lies beside the engine
    bool moduleLoaded = false;  // ggml could open it
    bool usable = false;        // ggml computes on a GPU
};

/// Why no GPU is used, in one or two sentences for the person; empty when one is. Any thread.
[[nodiscard]] std::string gpuReason(const GpuSituation &situation);

} // namespace tramontane::engine
