// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/device/driver_report.h"

#include "app/platform/power/cuda_module.h"
#include "inference/engine/device/gpu_device.h"

#include <filesystem>
#include <string_view>

namespace tramontane::engine {

namespace {

ggml_backend_reg_t cudaModule()
{
    for (std::size_t i = 0; i < ggml_backend_reg_count(); ++i) {
        if (std::string(ggml_backend_reg_name(ggml_backend_reg_get(i))) == "CUDA")
            return ggml_backend_reg_get(i);
    }
    return nullptr;
}

/// ggml skips a module that does not open without a word, so its file is looked for. Empty: there is none.
std::string cudaModuleFile(const std::string &folder)
{
    std::error_code error;
    for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().filename().string().find("ggml-cuda") != std::string::npos)
            return entry.path().string();
    }
    return {};
}

std::string featureOf(ggml_backend_reg_t module, std::string_view name)
{
    const auto get = reinterpret_cast<ggml_backend_get_features_t>(
        ggml_backend_reg_get_proc_address(module, "ggml_backend_get_features"));
    if (get == nullptr)
        return {};
    for (auto *feature = get(module); feature->name != nullptr; ++feature) {
        if (feature->name == name)
            return feature->value;
    }
    return {};
}

/// One such GPU closes the module, because ggml would also give it layers.
void dropModuleWithoutCode(DriverReport &report)
{
    const auto module = cudaModule();
    if (module == nullptr)
        return;
    const std::string architectures = featureOf(module, "ARCHS");
    for (const power::GpuReport &gpu : report.gpus) {
        if (holdsCodeFor(architectures, gpu.capability))
            continue;
        report.situation.gpuName = gpu.name;
        report.situation.capability = gpu.capability;
        report.situation.codeMissing = true;
        ggml_backend_unload(module);
        return;
    }
}

} // namespace

DriverReport askDriver(const std::string &folder)
{
    const power::Nvml nvml;
    DriverReport report;
    report.gpus = nvml.gpus();
    report.driverVersion = nvml.driverVersion();
    report.problem = nvml.problem();
    GpuSituation &situation = report.situation;
    situation.driverLibrary = nvml.hasLibrary();
    situation.driverProblem = nvml.problem();
    situation.gpus = static_cast<int>(report.gpus.size());
    if (!report.gpus.empty()) {
        situation.gpuName = report.gpus.front().name;
        situation.capability = report.gpus.front().capability;
    }
    const std::string module = cudaModuleFile(folder);
    situation.moduleFile = !module.empty();
    situation.moduleLoaded = cudaModule() != nullptr;
    if (!module.empty() && firstGpu() == nullptr) {
        const power::CudaModuleReport asked = power::askCudaModule(module);
        situation.missingLibrary = asked.missingLibrary;
        situation.driverStatus = asked.driverStatus;
    }
    dropModuleWithoutCode(report);
    situation.usable = firstGpu() != nullptr;
    return report;
}

} // namespace tramontane::engine
