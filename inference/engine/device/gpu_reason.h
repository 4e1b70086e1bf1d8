// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tramontane::engine {

/// What was found out about GPUs before the sandbox closed.
struct GpuSituation {
    bool driverLibrary = false; // NVML is on this computer
    std::string driverProblem;  // why it does not answer; empty when it does
    int gpus = 0;               // that the driver lists
    std::string gpuName;        // of the first, or of the one that the module holds no code for
    std::string capability;     // of the same: "12.0"
    bool moduleFile = false;    // the CUDA module lies beside the engine
    bool moduleLoaded = false;  // ggml could open it
    bool usable = false;        // ggml computes on a GPU
    std::string missingLibrary; // that the module needs and the system does not find
    int driverStatus = 0;       // what cuInit said to the module that was opened
    bool codeMissing = false;   // the module was closed, because it holds no code for the GPU named above
};

/// Why no GPU is used, in one or two sentences for the person; empty when one is. Any thread.
[[nodiscard]] std::string gpuReason(const GpuSituation &situation);

/// Whether machine code for `architectures` ("1200" or "890,900", as the module lists them: ten times the number in the
/// name of the target) runs on a GPU of `capability` ("12.0"). Code runs on its own major number from its own minor number
/// on; that of 12.x, which is built with instructions of one GPU alone, on nothing else (CUDA programming guide, "GPU
/// feature list" and "architecture-specific features"). True where either is not known. Any thread.
[[nodiscard]] bool holdsCodeFor(std::string_view architectures, std::string_view capability);

} // namespace tramontane::engine
