// SPDX-License-Identifier: Apache-2.0
#include "inference/client/worker_errors.h"

#include <utility>

namespace tramontane::worker_errors {

Error stopped(std::string detail)
{
    return {ErrorCode::EngineStopped,
            "The engine stopped and is being started again. Your question and the text so far are saved.",
            std::move(detail)};
}

Error stoppedForGood(std::string detail)
{
    return {ErrorCode::EngineStopped,
            "The engine stopped. Your question and the text so far are saved. Load the model again to continue.",
            std::move(detail)};
}

Error givenUp(std::string detail)
{
    return {ErrorCode::EngineUnavailable,
            "The engine stopped three times within a minute and was not started again. Load the model again, or choose "
            "another one.",
            std::move(detail)};
}

Error loadGivenUp(std::string detail)
{
    return {ErrorCode::ModelCrashes,
            "The engine crashed three times while it loaded the model. The file may be damaged.", std::move(detail)};
}

Error loadEnded(std::string detail)
{
    return {
        ErrorCode::ModelLoadFailed,
        "The engine was ended three times while it loaded the model, as a system does that runs out of memory. Close "
        "other programs, or choose a smaller model or a shorter context.",
        std::move(detail)};
}

Error startGivenUp(std::string detail)
{
    return {ErrorCode::EngineUnavailable,
            "The engine program was started three times and did not answer properly. Install Tramontane again.",
            std::move(detail)};
}

Error notStarted(std::string detail)
{
    return {ErrorCode::EngineUnavailable, "The engine program could not be started. Install Tramontane again.",
            std::move(detail)};
}

Error protocol(std::string detail)
{
    return {ErrorCode::EngineProtocol, "The engine and the application did not understand each other.",
            std::move(detail)};
}

Error unloaded()
{
    return {ErrorCode::Cancelled, "The model was unloaded.", {}};
}

Error replaced()
{
    return {ErrorCode::Cancelled, "The model is being loaded again with other options.", {}};
}

Error notLoaded()
{
    return {ErrorCode::ModelNotFound, "This model is not loaded. Load it first.", {}};
}

} // namespace tramontane::worker_errors
