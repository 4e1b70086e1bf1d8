// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/model/dry_model.h"

#include "inference/engine/model/context_shape.h"
#include "inference/engine/model/going_back.h"
#include "inference/engine/model/model_errors.h"

#include <llama-ext.h>

#include <algorithm>
#include <exception>
#include <numeric>

namespace tramontane::engine {

namespace {

/// The context that a worker would make, with what was asked for.
ContextShape contextFor(const llama_model *model, const DryModel::Shape &shape, ModelKind kind)
{
    LoadOptions options;
    options.contextTokens = shape.contextTokens;
    options.parallel = shape.parallel;
    options.kvTypeK = ggml_type_name(shape.kvType);
    options.kvTypeV = options.kvTypeK;
    return shapeFor(model, kind, options);
}

PlannedDevice ownMemory()
{
    PlannedDevice device;
    const auto memory = process::machineMemory();
    device.name = "CPU";
    device.totalBytes = memory.totalBytes;
    device.freeBytes = memory.availableBytes;
    return device;
}

std::vector<PlannedDevice> devicesOf(const llama_model *model)
{
    std::vector<PlannedDevice> devices{ownMemory()};
    for (int i = 0; i < llama_model_n_devices(model); ++i) {
        const auto found = llama_model_get_device(model, i);
        std::size_t freeBytes = 0;
        std::size_t totalBytes = 0;
        ggml_backend_dev_memory(found, &freeBytes, &totalBytes);
        PlannedDevice device;
        device.name = ggml_backend_dev_name(found);
        device.gpu = true;
        device.totalBytes = static_cast<std::int64_t>(totalBytes);
        device.freeBytes = static_cast<std::int64_t>(freeBytes);
        devices.push_back(std::move(device));
    }
    return devices;
}

std::int64_t kvBytes(const std::vector<PlannedDevice> &devices)
{
    return std::accumulate(devices.begin(), devices.end(), std::int64_t{0},
                           [](std::int64_t sum, const PlannedDevice &device) { return sum + device.kvBytes; });
}

/// Memory of the machine itself, also that of buffers that are only laid out for the CPU or pinned for a GPU.
PlannedDevice &holderOf(std::vector<PlannedDevice> &devices, ggml_backend_buffer_type_t type)
{
    const auto device = ggml_backend_buft_get_device(type);
    if (device == nullptr || ggml_backend_buft_is_host(type))
        return devices.front();
    const auto found = std::find_if(devices.begin() + 1, devices.end(),
                                    [&](const PlannedDevice &d) { return d.name == ggml_backend_dev_name(device); });
    return found == devices.end() ? devices.front() : *found;
}

} // namespace

Result<llama_model *> DryModel::model(int layers)
{
    auto [found, isNew] = m_models.try_emplace(layers);
    if (isNew) {
        llama_model_params parameters = llama_model_default_params();
        parameters.no_alloc = true;
        parameters.load_mode = LLAMA_LOAD_MODE_NONE;
        parameters.n_gpu_layers = layers;
        found->second = m_file.load(parameters);
    }
    if (!found->second)
        return modelUnsupported("llama.cpp cannot load it");
    return found->second.get();
}

Result<ContextShape> DryModel::shapeOf(const Shape &shape)
{
    const auto found = model(0);
    if (!found)
        return found.error();
    return contextFor(*found, shape, m_description.kind);
}

Result<int> DryModel::layersTotal()
{
    const auto found = model(0);
    if (!found)
        return found.error();
    return llama_model_n_layer(*found) + 1;
}

Result<int> DryModel::trainedContext()
{
    const auto found = model(0);
    if (!found)
        return found.error();
    return llama_model_n_ctx_train(*found);
}

Result<std::vector<PlannedDevice>> DryModel::measure(const Shape &shape)
{
    const auto loaded = model(shape.layers);
    if (!loaded)
        return loaded.error();
    llama_model *found = *loaded;
    try {
        const ContextHandle context(
            llama_init_from_model(found, contextParameters(contextFor(found, shape, m_description.kind))));
        if (!context) {
            return Error{ErrorCode::InvalidArgument, "This model cannot have such a context.",
                         std::to_string(shape.contextTokens) + " tokens"};
        }
        auto devices = devicesOf(found);
        // While the context is there: its tables of cells and graphs are as large as a worker's.
        devices.front().programBytes = m_memory.residentBytes();
        for (const auto &[type, bytes] : llama_get_memory_breakdown(context.get())) {
            PlannedDevice &device = holderOf(devices, type);
            device.weightBytes += static_cast<std::int64_t>(bytes.model);
            device.kvBytes += static_cast<std::int64_t>(bytes.context);
            device.computeBytes += static_cast<std::int64_t>(bytes.compute);
        }
        return devices;
    } catch (const std::exception &error) {
        return Error{ErrorCode::InvalidArgument, "This model cannot have such a context.", error.what()};
    }
}

Result<std::int64_t> DryModel::checkpointBytes(const Shape &shape)
{
    constexpr int kCells = 256;
    const auto found = model(shape.layers);
    if (!found)
        return found.error();
    if (m_description.kind != ModelKind::Chat || goingBack(*found) == GoingBack::Anywhere)
        return 0;
    // The states of recurrent layers: what one sequence more takes. A window: its cells, as if all layers had one.
    const int window = llama_model_n_swa(*found);
    const auto one = measure({window > 0 ? kCells : shape.contextTokens, 1, shape.layers, shape.kvType});
    if (!one)
        return one.error();
    if (window > 0)
        return kvBytes(*one) / kCells * (shape.contextTokens > 0 ? std::min(window, shape.contextTokens) : window);
    const auto two = measure({shape.contextTokens, 2, shape.layers, shape.kvType});
    if (!two)
        return two.error();
    return kvBytes(*two) - kvBytes(*one);
}

} // namespace tramontane::engine
