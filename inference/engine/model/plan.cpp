// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/model/plan.h"

#include "inference/engine/device/devices.h"
#include "inference/engine/model/cache_types.h"
#include "inference/engine/model/dry_model.h"
#include "inference/engine/schedule/checkpoint_store.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <optional>

namespace tramontane::engine {

namespace {

constexpr int kContextStep = 256;
/// What must stay free on a device, for everybody else.
constexpr std::int64_t kMarginBytes = std::int64_t{256} << 20;

bool fits(const PlannedDevice &device)
{
    return device.neededBytes() + kMarginBytes <= device.freeBytes;
}

bool fits(const std::vector<PlannedDevice> &devices)
{
    return std::all_of(devices.begin(), devices.end(), [](const PlannedDevice &device) { return fits(device); });
}

Status checkRequest(const PlanRequest &request)
{
    LoadOptions options;
    options.contextTokens = request.contextTokens;
    options.parallel = request.parallel;
    if (!request.kvType.empty())
        options.kvTypeK = options.kvTypeV = request.kvType;
    if (request.layers < -1)
        return Error{ErrorCode::InvalidArgument, "The options of the plan are out of range.", "layers"};
    return checkOptions(options);
}

/// "5.2 GiB"
std::string gibibytes(std::int64_t bytes)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1f GiB",
                  static_cast<double>(bytes) / static_cast<double>(std::int64_t{1} << 30));
    return text;
}

/// Asks a dry model for one set of values after the other.
class Planner {
public:
    Planner(DryModel &model, DryModel::Shape shape, std::int64_t checkpoints)
        : m_model(model), m_shape(shape), m_checkpoints(checkpoints)
    {
    }

    [[nodiscard]] Result<std::vector<PlannedDevice>> measure(int context, int layers)
    {
        DryModel::Shape shape = m_shape;
        shape.contextTokens = context;
        shape.layers = layers;
        auto devices = m_model.measure(shape);
        if (devices)
            devices->front().kvBytes += m_checkpoints;
        return devices;
    }
    /// The most of 0 - `most` for which `good` holds, if it holds for all below; -1: for none.
    template <class Good>
    [[nodiscard]] static int most(int most, Good good)
    {
        int low = -1;
        int high = most + 1;
        while (high - low > 1) {
            const int middle = low + (high - low) / 2;
            (good(middle) ? low : high) = middle;
        }
        return low;
    }
    [[nodiscard]] int mostLayers(int context, int total)
    {
        const int found = most(total, [&](int layers) {
            const auto devices = measure(context, layers);
            return devices && std::all_of(devices->begin() + 1, devices->end(), [](const auto &d) { return fits(d); });
        });
        return std::max(0, found);
    }
    /// In steps; 0: not even the smallest.
    [[nodiscard]] int mostContext(int layers, int trained)
    {
        const int steps = std::max(1, trained / kContextStep);
        const int found = most(steps - 1, [&](int step) {
            const auto devices = measure((step + 1) * kContextStep, layers);
            return devices && fits(*devices);
        });
        return (found + 1) * kContextStep;
    }

private:
    DryModel &m_model;
    DryModel::Shape m_shape;
    std::int64_t m_checkpoints; // bytes, in the machine's own memory
};

Error tooLarge(const MemoryPlan &plan)
{
    std::string figures;
    std::string detail;
    for (const PlannedDevice &device : plan.devices) {
        const std::string where = device.gpu ? "on the GPU" : "in memory";
        if (!fits(device)) {
            figures += " It needs " + gibibytes(device.neededBytes()) + " " + where + ", and of the "
                       + gibibytes(device.freeBytes) + " that are free " + gibibytes(kMarginBytes)
                       + " stay with other programs.";
        }
        detail += device.name + ": weights " + std::to_string(device.weightBytes) + ", cache "
                  + std::to_string(device.kvBytes) + ", work " + std::to_string(device.computeBytes) + ", program "
                  + std::to_string(device.programBytes) + ", free " + std::to_string(device.freeBytes) + "; ";
    }
    const std::string advice =
        plan.recommendedContext > 0
            ? " With a context of " + std::to_string(plan.recommendedContext) + " tokens it would fit."
            : " Not even a short context fits: choose a smaller model, or one that is quantised further.";
    return {ErrorCode::ModelTooLarge,
            "The model does not fit with a context of " + std::to_string(plan.contextTokens) + " tokens." + figures
                + advice,
            detail};
}

/// The most that a worker's checkpoints come to.
std::int64_t mostCheckpoints(std::int64_t bytesOfOne)
{
    const CheckpointStore::Limits limits;
    const auto count = static_cast<std::int64_t>(limits.count);
    return std::min(count * bytesOfOne, static_cast<std::int64_t>(limits.bytes));
}

Result<MemoryPlan> makePlan(DryModel &model, const PlanRequest &request, ggml_type kvType)
{
    const auto total = model.layersTotal();
    if (!total)
        return total.error();
    MemoryPlan plan;
    plan.layersTotal = *total;
    plan.trainedContext = model.trainedContext().value();
    const ContextShape shape = model.shapeOf({request.contextTokens, request.parallel, 0, kvType}).value();
    plan.contextTokens = shape.contextTokens;
    plan.parallel = shape.parallel;
    plan.kvType = ggml_type_name(kvType);
    const auto checkpoint = model.checkpointBytes({shape.contextTokens, shape.parallel, 0, kvType});
    if (!checkpoint)
        return checkpoint.error();
    Planner planner(model, {0, request.parallel, 0, kvType}, mostCheckpoints(*checkpoint));
    const bool gpu = usesGpu();
    plan.recommendedLayers = gpu ? planner.mostLayers(plan.contextTokens, plan.layersTotal) : 0;
    plan.layers = !gpu ? 0 : request.layers < 0 ? plan.recommendedLayers : std::min(request.layers, plan.layersTotal);
    // First: a context that is far too long leaves traces in the memory of this process, which is part of the figures.
    plan.recommendedContext = planner.mostContext(plan.layers, plan.trainedContext);
    auto devices = planner.measure(plan.contextTokens, plan.layers);
    if (!devices)
        return devices.error();
    plan.devices = std::move(*devices);
    if (!fits(plan.devices))
        return tooLarge(plan);
    return plan;
}

} // namespace

Result<MemoryPlan> planMemory(const std::string &path, const PlanRequest &request, const process::OwnMemory &memory)
{
    if (const auto checked = checkBackends(); !checked)
        return checked.error();
    if (const auto checked = checkRequest(request); !checked)
        return checked.error();
    const auto kvType = cacheType(request.kvType.empty() ? "f16" : request.kvType);
    const auto file = ModelFile::open(path);
    if (!file)
        return file.error();
    const auto description = file->describe();
    if (!description)
        return description.error();
    DryModel model(*file, *description, memory);
    return makePlan(model, request, *kvType);
}

std::string planJson(const MemoryPlan &plan)
{
    auto devices = nlohmann::json::array();
    for (const PlannedDevice &device : plan.devices) {
        devices.push_back({{"name", device.name},
                           {"kind", device.gpu ? "gpu" : "cpu"},
                           {"totalBytes", device.totalBytes},
                           {"freeBytes", device.freeBytes},
                           {"weightBytes", device.weightBytes},
                           {"kvBytes", device.kvBytes},
                           {"computeBytes", device.computeBytes},
                           {"programBytes", device.programBytes},
                           {"neededBytes", device.neededBytes()}});
    }
    const nlohmann::json json = {{"contextTokens", plan.contextTokens},
                                 {"parallel", plan.parallel},
                                 {"kvType", plan.kvType},
                                 {"layers", plan.layers},
                                 {"layersTotal", plan.layersTotal},
                                 {"trainedContext", plan.trainedContext},
                                 {"neededBytes", plan.neededBytes()},
                                 {"recommendedContext", plan.recommendedContext},
                                 {"recommendedLayers", plan.recommendedLayers},
                                 {"devices", devices}};
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace tramontane::engine
