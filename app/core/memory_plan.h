// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

// What a model would take before it is loaded. Plain data, any thread. Sizes in bytes.
namespace tramontane {

/// What is asked. Zero means: the engine decides and reports.
struct PlanRequest {
    int contextTokens = 0;
    int parallel = 0;   // conversations at a time
    int layers = -1;    // on the GPU; -1: as many as fit
    std::string kvType; // of the KV cache: "f16", "q8_0", …; empty: f16
};

struct PlannedDevice {
    std::string name; // "CPU", "CUDA0"
    bool gpu = false;
    std::int64_t totalBytes = 0;
    std::int64_t freeBytes = 0; // now
    std::int64_t weightBytes = 0;
    std::int64_t kvBytes = 0; // and what else a model keeps of a conversation; in own memory, the most of checkpoints
    std::int64_t computeBytes = 0;
    std::int64_t programBytes = 0; // code, vocabulary, graphs: only in the machine's own memory

    [[nodiscard]] std::int64_t neededBytes() const { return weightBytes + kvBytes + computeBytes + programBytes; }
};

struct MemoryPlan {
    int contextTokens = 0;
    int parallel = 0;
    std::string kvType;
    int layers = 0;      // on the GPU
    int layersTotal = 0; // with the output layer
    int trainedContext = 0;
    std::vector<PlannedDevice> devices;
    int recommendedContext = 0; // the longest that fits with these layers, at most what the model was trained for
    int recommendedLayers = 0;  // the most that fit on the GPU with this context

    [[nodiscard]] std::int64_t neededBytes() const
    {
        std::int64_t sum = 0;
        for (const PlannedDevice &device : devices)
            sum += device.neededBytes();
        return sum;
    }
};

} // namespace tramontane
