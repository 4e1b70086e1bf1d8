// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/memory_plan.h"
#include "app/core/result.h"
#include "app/platform/process/machine_memory.h"
#include "inference/engine/model/context_shape.h"
#include "inference/engine/model/llama_handles.h"
#include "inference/engine/model/model_file.h"

#include <map>
#include <vector>

namespace tramontane::engine {

/// A model as llama.cpp would lay it out, without memory for its weights (no_alloc). One thread.
class DryModel {
public:
    /// What it is asked: a context, and how many layers on the GPU.
    struct Shape {
        int contextTokens = 0;
        int parallel = 0;
        int layers = 0;
        ggml_type kvType = GGML_TYPE_F16;
    };

    /// All outlive the model.
    DryModel(const ModelFile &file, const ModelDescription &description, const process::OwnMemory &memory)
        : m_file(file), m_description(description), m_memory(memory)
    {
    }

    /// What each device would hold; the machine's own memory comes first. Errors: ModelUnsupported (no such model),
    /// InvalidArgument (no such context).
    [[nodiscard]] Result<std::vector<PlannedDevice>> measure(const Shape &shape);
    /// What one checkpoint of a conversation takes, rather more than less; 0: this model needs none (going_back.h).
    /// Errors as measure().
    [[nodiscard]] Result<std::int64_t> checkpointBytes(const Shape &shape);
    /// What a worker would make of it. Errors: ModelUnsupported.
    [[nodiscard]] Result<ContextShape> shapeOf(const Shape &shape);
    /// With the output layer. Errors: ModelUnsupported.
    [[nodiscard]] Result<int> layersTotal();
    [[nodiscard]] Result<int> trainedContext();

private:
    /// Kept: the layers seldom change between two questions. Errors: ModelUnsupported when llama.cpp refuses.
    [[nodiscard]] Result<llama_model *> model(int layers);

    const ModelFile &m_file;
    const ModelDescription &m_description;
    const process::OwnMemory &m_memory;
    std::map<int, ModelHandle> m_models;
};

} // namespace tramontane::engine
