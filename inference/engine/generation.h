// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/answer_stream.h"
#include "inference/engine/loaded_engine.h"
#include "inference/protocol/messages.h"

#include <atomic>

// What a chat model can be asked. The thread that owns `engine`; one request at a time.
namespace tramontane::engine {

/// Answers: PromptProgress, Text and Reasoning go to `emit` as they come; the result is what closes the request.
/// `cancelled` may be set from any thread and is looked at in every piece of work; then the state is Stopped.
/// A context that fills up ends the answer with state Length. Errors: InvalidArgument (ranges, empty conversation, token
/// ids), ContextFull (the prompt alone is too long; nothing ran), GrammarInvalid, ModelUnsupported (not a chat model),
/// Internal.
[[nodiscard]] Result<protocol::Done> generate(LoadedEngine &engine, const protocol::Generate &request,
                                              const std::atomic<bool> &cancelled, const Emit &emit);

/// The size of a prompt. Errors: InvalidArgument, ModelUnsupported.
[[nodiscard]] Result<protocol::Measured> measure(const LoadedEngine &engine, const protocol::Measure &request);

} // namespace tramontane::engine
