// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/memory_plan.h"

#include <optional>
#include <string>
#include <vector>

namespace tramontane::engine {

/// What the program is started for.
struct Order {
    enum class Mode { Serve, Inspect, Plan, Devices, Image };

    Mode mode = Mode::Serve;
    std::string file;                  // Inspect, Plan
    PlanRequest plan;                  // Plan
    std::vector<std::string> required; // layers of the sandbox without which no model is opened
};

/// For who calls the program by hand.
extern const char *const kUsage;

/// Reads the arguments behind the program's name. Nothing: not understood. Any thread.
[[nodiscard]] std::optional<Order> readOrder(std::vector<std::string> arguments);

} // namespace tramontane::engine
