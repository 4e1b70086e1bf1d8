// SPDX-License-Identifier: Apache-2.0
#include "app/platform/power/cuda_module.h"

#include "app/platform/power/dynamic_library.h"

#include <string_view>

namespace tramontane::power {

namespace {

/// The loader of the GNU C library writes "libx.so.1: cannot open shared object file: No such file or directory".
std::string missingName(const std::string &problem, const std::string &path)
{
    constexpr std::string_view kWords = ": cannot open shared object file";
    const auto end = problem.find(kWords);
    if (end == std::string::npos)
        return {};
    const std::string name = problem.substr(0, end);
    return name == path ? std::string() : name;
}

} // namespace

CudaModuleReport askCudaModule(const std::string &path)
{
    const DynamicLibrary module(path);
    CudaModuleReport report{module.isOpen(), missingName(module.problem(), path), module.problem(), 0};
    // A name is also looked for in what the module is linked with, so this is the driver's own function.
    using Init = int (*)(unsigned);
    if (const auto init = reinterpret_cast<Init>(module.symbol("cuInit")); init != nullptr)
        report.driverStatus = init(0);
    return report;
}

} // namespace tramontane::power
