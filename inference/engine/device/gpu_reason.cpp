// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/device/gpu_reason.h"

#include <charconv>
#include <optional>

namespace tramontane::engine {

namespace {

// CUresult of the CUDA driver interface.
constexpr int kStubLibrary = 34;
constexpr int kNoDevice = 100;
constexpr int kVersionMismatch = 803;

constexpr std::string_view kDriverLibrary = "libcuda.so.1";
constexpr int kFirstSpecificMajor = 12;

std::string sentence(std::string text)
{
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text + ".";
}

/// Why a module that is there was not opened.
std::string closedModule(const GpuSituation &situation)
{
    if (situation.missingLibrary == kDriverLibrary)
        return "No NVIDIA driver is installed: its library libcuda.so.1 is missing.";
    if (!situation.missingLibrary.empty())
        return "The CUDA module of this installation could not be opened: " + situation.missingLibrary
               + " is missing. Install the CUDA 13 runtime libraries (cudart, cublas).";
    if (situation.gpus == 0)
        return "The CUDA module of this installation was not opened.";
    return "The CUDA module of this installation could not be opened: libraries of the CUDA toolkit (cudart, cublas) "
           "are "
           "missing, or the driver is older than it needs.";
}

std::string silentDriver(int status)
{
    switch (status) {
    case kStubLibrary:
        return "The driver library libcuda.so.1 of this computer is the stand-in that programs are linked with, not "
               "an NVIDIA driver.";
    case kNoDevice: return "The NVIDIA driver finds no GPU.";
    case kVersionMismatch: return "The NVIDIA driver was updated and waits for a restart of the computer.";
    default: return "The NVIDIA driver does not start (CUDA error " + std::to_string(status) + ").";
    }
}

std::optional<int> numberIn(std::string_view text)
{
    int number = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
    if (end.ec != std::errc() || end.ptr != text.data() + text.size())
        return std::nullopt;
    return number;
}

/// "12.1" as 121.
std::optional<int> tenfold(std::string_view capability)
{
    const auto dot = capability.find('.');
    if (dot == std::string_view::npos)
        return std::nullopt;
    const auto major = numberIn(capability.substr(0, dot));
    const auto minor = numberIn(capability.substr(dot + 1));
    if (!major || !minor || *minor > 9)
        return std::nullopt;
    return *major * 10 + *minor;
}

bool runsOn(int built, int here)
{
    if (built / 10 != here / 10)
        return false;
    return built / 10 >= kFirstSpecificMajor ? built == here : built <= here;
}

} // namespace

std::string gpuReason(const GpuSituation &situation)
{
    if (situation.usable)
        return {};
    const bool driverSpeaks = situation.driverLibrary && !situation.driverProblem.empty();
    if (situation.moduleLoaded && situation.driverStatus != 0 && !driverSpeaks)
        return silentDriver(situation.driverStatus);
    if (!situation.driverLibrary || driverSpeaks) {
        if (situation.moduleFile && !situation.moduleLoaded && !driverSpeaks && !situation.missingLibrary.empty())
            return closedModule(situation);
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
    const std::string described =
        gpu + " (compute capability " + (situation.capability.empty() ? "not known" : situation.capability) + ")";
    if (situation.codeMissing)
        return "The CUDA module of this installation holds no code for " + described + ".";
    return "The CUDA module finds no GPU that it can use, although this computer has " + described
           + ". The driver may be older than it needs.";
}

bool holdsCodeFor(std::string_view architectures, std::string_view capability)
{
    const auto here = tenfold(capability);
    if (!here || architectures.empty())
        return true;
    while (!architectures.empty()) {
        const auto comma = architectures.find(',');
        const auto built = numberIn(architectures.substr(0, comma));
        if (!built || runsOn(*built / 10, *here))
            return true;
        architectures = comma == std::string_view::npos ? std::string_view() : architectures.substr(comma + 1);
    }
    return false;
}

} // namespace tramontane::engine
