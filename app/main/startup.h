// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "app/platform/process/hardening.h"

#include <vector>

namespace tramontane {

/// What every program does first, before the first thread and before it reads anything: log, core dumps off, libsodium.
/// Errors: Internal, after which the program must end.
[[nodiscard]] Result<std::vector<process::Layer>> startProgram();

} // namespace tramontane
