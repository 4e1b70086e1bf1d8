// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/devices.h"

#include "app/platform/power/cuda_module.h"
#include "app/platform/power/nvml.h"
#include "app/platform/process/machine_memory.h"
#include "app/platform/process/modules.h"
#include "inference/engine/gpu_reason.h"

#include <build-info.h>
#include <common.h>
#include <ggml-backend.h>
#include <ggml.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace tramontane::engine {

namespace {

bool isGpu(ggml_backend_dev_t device)
{
    const auto type = ggml_backend_dev_type(device);
    return type == GGML_BACKEND_DEVICE_TYPE_GPU || type == GGML_BACKEND_DEVICE_TYPE_IGPU;
}

ggml_backend_dev_t firstGpu()
{
    for (std::size_t i = 0; i < ggml_backend_dev_count(); ++i) {
        if (isGpu(ggml_backend_dev_get(i)))
            return ggml_backend_dev_get(i);
    }
    return nullptr;
}

/// What the driver said before the sandbox closed. Like ggml's own list of devices, which it completes, there is one in
/// a process: afterwards neither can change any more.
struct DriverReport {
    GpuSituation situation;
    std::string driverVersion;
    std::string problem;
    std::vector<power::GpuReport> gpus;
};

DriverReport &driverReport()
{
    static DriverReport report;
    return report;
}

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

/// ggml takes a GPU for usable that its module holds no code for, and ends the process when the first kernel is started.
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
        ggml_backend_unload(module);
        return;
    }
}

void askDriver(const std::string &folder)
{
    const power::Nvml nvml;
    DriverReport &report = driverReport();
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
}

template <class T>
nlohmann::json orNull(const std::optional<T> &value)
{
    return value ? nlohmann::json(*value) : nlohmann::json();
}

nlohmann::json driverJson()
{
    auto gpus = nlohmann::json::array();
    for (const power::GpuReport &gpu : driverReport().gpus) {
        gpus.push_back({{"name", gpu.name},
                        {"capability", gpu.capability},
                        {"memoryBytes", gpu.totalBytes},
                        {"freeBytes", gpu.freeBytes},
                        {"temperature", orNull(gpu.temperature)},
                        {"powerMilliwatt", orNull(gpu.powerMilliwatt)}});
    }
    return {{"version", driverReport().driverVersion}, {"problem", driverReport().problem}, {"gpus", gpus}};
}

nlohmann::json deviceList()
{
    auto list = nlohmann::json::array();
    for (std::size_t i = 0; i < ggml_backend_dev_count(); ++i) {
        const auto device = ggml_backend_dev_get(i);
        std::size_t freeBytes = 0;
        std::size_t totalBytes = 0;
        ggml_backend_dev_memory(device, &freeBytes, &totalBytes);
        // ggml takes all memory of the machine for free.
        if (!isGpu(device))
            freeBytes = static_cast<std::size_t>(process::machineMemory().availableBytes);
        list.push_back({{"name", ggml_backend_dev_name(device)},
                        {"description", ggml_backend_dev_description(device)},
                        {"kind", isGpu(device) ? "gpu" : "cpu"},
                        {"memoryBytes", totalBytes},
                        {"freeBytes", freeBytes}});
    }
    return list;
}

nlohmann::json cpuFeatures()
{
    auto list = nlohmann::json::array();
    const auto device = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    if (device == nullptr)
        return list;
    const auto get = reinterpret_cast<ggml_backend_get_features_t>(
        ggml_backend_reg_get_proc_address(ggml_backend_dev_backend_reg(device), "ggml_backend_get_features"));
    if (get == nullptr)
        return list;
    for (auto *feature = get(ggml_backend_dev_backend_reg(device)); feature->name != nullptr; ++feature)
        list.push_back(feature->name);
    return list;
}

} // namespace

void loadBackends()
{
    // Without a folder ggml would also look in the working folder, which is anybody's.
    const std::string folder = process::folderOfCode(reinterpret_cast<const void *>(&ggml_backend_load_all_from_path));
    if (!folder.empty())
        ggml_backend_load_all_from_path(folder.c_str());
    askDriver(folder);
}

bool usesGpu()
{
    return firstGpu() != nullptr;
}

Status checkBackends()
{
    if (ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU) != nullptr)
        return {};
    return Error{ErrorCode::EngineUnavailable,
                 "A part of the engine is missing: no module for this processor. Install Tramontane again.",
                 "no CPU backend"};
}

std::string engineBuild()
{
    return "llama.cpp " TRAMONTANE_LLAMA_VERSION " (" + std::string(llama_commit()) + "), ggml " + ggml_version();
}

void describeDevice(LoadedModel &info, int layers)
{
    const std::string threads = std::to_string(info.threads) + (info.threads == 1 ? " thread" : " threads");
    const auto gpu = firstGpu();
    info.layersTotal = layers;
    info.layersOnDevice = gpu != nullptr ? layers : 0;
    info.device = gpu != nullptr ? ggml_backend_dev_description(gpu) : "CPU, " + threads;
    info.deviceReason = gpuReason(driverReport().situation);
}

std::string devicesJson(const std::vector<process::Layer> &sandbox)
{
    auto layers = nlohmann::json::array();
    for (const process::Layer &layer : sandbox)
        layers.push_back({{"name", layer.name}, {"active", layer.active}, {"detail", layer.detail}});
    const nlohmann::json report = {{"devices", deviceList()},
                                   {"cpuFeatures", cpuFeatures()},
                                   {"threads", std::max(1, common_cpu_get_num_math())},
                                   {"engineBuild", engineBuild()},
                                   {"driver", driverJson()},
                                   {"gpuReason", gpuReason(driverReport().situation)},
                                   {"sandbox", layers}};
    return report.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace tramontane::engine
