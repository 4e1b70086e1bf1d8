// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/platform/process/standard_pipes.h"
#include "inference/engine/worker/confinement.h"

#include <string>
#include <vector>

namespace tramontane::engine {

class EngineLog;

/// `--serve`: speaks frames (resources/formats/frames.md) until the other side says quit or goes away. Call in the main
/// thread before any other thread exists: it enters the sandbox once it knows the model file, and opens none when a layer
/// of `required` is missing. Answers the exit status: 0 after quit or the end of the stream, 1 after an error of the
/// connection or a model that cannot be loaded.
[[nodiscard]] int serve(process::StandardPipes &pipes, EngineLog &log, Confinement &confinement,
                        const std::vector<std::string> &required);

} // namespace tramontane::engine
