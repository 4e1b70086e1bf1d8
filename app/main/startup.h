// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "app/platform/process/hardening.h"

#include <vector>

namespace tramontane {

/// What every program does first, before the first thread and before it reads anything: log, core dumps off, libsodium,
/// known answers of all cryptography. What it answers is for `doctor`. Errors: Internal, also for a primitive that fails
/// its self-test (the message names it); the program must end then.
[[nodiscard]] Result<std::vector<process::Layer>> startProgram();

} // namespace tramontane
