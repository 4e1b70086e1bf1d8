// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/error.h"

#include <string>

// The sentences about workers that people read. `detail` never holds content. Any thread.
namespace tramontane::worker_errors {

/// EngineStopped, for what was running when the worker ended and another start follows.
[[nodiscard]] Error stopped(std::string detail);
/// EngineStopped, for what was running when the worker ended for the last time.
[[nodiscard]] Error stoppedForGood(std::string detail);
/// EngineUnavailable: it served and then ended too often.
[[nodiscard]] Error givenUp(std::string detail);
/// ModelCrashes: it crashed too often before it could answer.
[[nodiscard]] Error loadGivenUp(std::string detail);
/// ModelLoadFailed: it was ended too often before it could answer, which says nothing about the file.
[[nodiscard]] Error loadEnded(std::string detail);
/// EngineUnavailable: it ended too often before it even said hello.
[[nodiscard]] Error startGivenUp(std::string detail);
/// EngineUnavailable: the program is missing or cannot be run.
[[nodiscard]] Error notStarted(std::string detail);
/// EngineProtocol: the worker said something that has no place there.
[[nodiscard]] Error protocol(std::string detail);
/// Cancelled: the model was unloaded or the application is closing.
[[nodiscard]] Error unloaded();
/// Cancelled: another load() of the same model with other options came in between.
[[nodiscard]] Error replaced();
/// ModelNotFound: nobody loaded this model.
[[nodiscard]] Error notLoaded();

} // namespace tramontane::worker_errors
