// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/gpu_reason.h"

namespace tramontane::engine {

namespace {

std::string sentence(std::string text)
{
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text + ".";
}

/// Why a module that is there was not opened.
std::string closedModule(const GpuSituation &situation)
{
    if (situation.gpus == 0)
        return "The CUDA module of this installation was not opened.";
    return "The CUDA module of this installation could not be opened: libraries of the CUDA toolkit (cudart, cublas) "
           "are "
           "missing, or the driver is older than it needs.";
}

} // namespace

std::string gpuReason(const GpuSituation &situation)
{
    if (situation.usable)
        return {};
    if (!situation.driverLibrary || !situation.driverProblem.empty()) {
        const std::string driver =
            sentence(situation.driverProblem.empty() ? "no NVIDIA driver is installed" : situation.driverProblem);
        return situation.moduleFile ? driver : driver + " There is no CUDA module in this installation either.";
    }
    if (situation.gpus == 0)
        return "The NVIDIA driver is running and finds no GPU.";
    const std::string gpu = situation.gpuName.empty() ? "a GPU" : situation.gpuName;
    if (!situation.moduleFile && !situation.moduleLoaded)
        return "This computer has " + gpu + ", but there is no CUDA module in this installation.";
    if (!situation.moduleLoaded)
        return closedModule(situation);
    return "The CUDA module holds no code for " + gpu + " (compute capability "
           + (situation.capability.empty() ? "not known" : situation.capability)
           + "), or the driver is older than it needs.";
}

} // namespace tramontane::engine
