// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/memory_plan.h"
#include "app/core/result.h"
#include "app/platform/process/machine_memory.h"

#include <string>

namespace tramontane::engine {

/// `--plan FILE`: what a worker would take for this model, device by device, against what is free now. The figures are
/// llama.cpp's own: model and context are made without memory for weights, cache and work buffers (no_alloc), and their
/// sizes are read off; the program's share is what this process has for the rest, as `memory` says. Recommendations are found by
/// asking again with other values.
/// Errors: those of ModelFile; InvalidArgument (a value out of range, an unknown type); ModelTooLarge, whose message has
/// the figures and what would fit; EngineUnavailable.
[[nodiscard]] Result<MemoryPlan> planMemory(const std::string &path, const PlanRequest &request,
                                            const process::OwnMemory &memory);

/// One JSON object with the fields of MemoryPlan and the sums.
[[nodiscard]] std::string planJson(const MemoryPlan &plan);

} // namespace tramontane::engine
