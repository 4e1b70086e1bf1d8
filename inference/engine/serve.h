// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/platform/process/hardening.h"
#include "app/platform/process/standard_pipes.h"

namespace tramontane::engine {

class EngineLog;

/// `--serve`: speaks frames (resources/formats/frames.md) until the other side says quit or goes away. Call in the main
/// thread before any other thread exists: it enters the sandbox once it knows the model file. Answers the exit status:
/// 0 after quit or the end of the stream, 1 after an error of the connection or a model that cannot be loaded.
[[nodiscard]] int serve(process::StandardPipes &pipes, EngineLog &log);

} // namespace tramontane::engine
