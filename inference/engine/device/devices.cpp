// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/device/devices.h"

#include "app/platform/process/machine_memory.h"
#include "app/platform/process/modules.h"
#include "inference/engine/device/driver_report.h"
#include "inference/engine/device/gpu_device.h"

#include <build-info.h>
#include <common.h>
#include <ggml-backend.h>
#include <ggml.h>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace tramontane::engine {

namespace {

/// Like ggml's own list of devices, which it completes, there is one in a process: once the sandbox is closed neither
/// changes any more.
DriverReport &driverReport()
{
    static DriverReport report;
    return report;
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
    driverReport() = askDriver(folder);
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
