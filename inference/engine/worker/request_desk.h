// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/model/loaded_engine.h"
#include "inference/engine/schedule/request_queue.h"
#include "inference/engine/schedule/scheduler.h"

namespace tramontane::engine {

/// Prepares requests beside the thread that computes: renders and tokenises prompts, reads grammars, refuses what
/// cannot be run, and answers what needs no context (Measure, Tokenize), so that nobody waits behind a long answer to
/// learn how long a prompt is. The only user of the engine's PromptTokens. One thread.
class RequestDesk {
public:
    /// All must outlive the desk.
    RequestDesk(const LoadedEngine &engine, RequestQueue &queue, Send send)
        : m_engine(engine), m_queue(queue), m_send(std::move(send))
    {
    }

    /// Works until the process ends.
    [[noreturn]] void run();
    /// One request that takeNew() gave: answered, or given back to the queue.
    void handle(Request request);

private:
    void answer(std::uint64_t id, protocol::Payload payload);

    const LoadedEngine &m_engine;
    RequestQueue &m_queue;
    Send m_send;
};

/// A question made ready to be run. `pixels`: of its images. Errors: InvalidArgument (ranges, empty conversation, token
/// ids, images), ContextFull (the prompt alone is too long), GrammarInvalid, ModelUnsupported (not a chat model, or it
/// sees no images), Internal.
[[nodiscard]] Result<Prepared> prepareQuestion(const LoadedEngine &engine, const protocol::Generate &asked,
                                               std::string_view pixels = {});

/// The size of a prompt. Errors: InvalidArgument, ModelUnsupported. The thread that uses the engine's PromptTokens.
[[nodiscard]] Result<protocol::Measured> measure(const LoadedEngine &engine, const protocol::Measure &request);

} // namespace tramontane::engine
