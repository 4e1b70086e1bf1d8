// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/answer/answer_stream.h"
#include "inference/engine/model/loaded_engine.h"
#include "inference/engine/schedule/request_queue.h"

#include <chrono>
#include <cstdint>
#include <vector>

namespace tramontane::engine {

/// One answer from its prepared request to its end: chooses tokens, writes text, counts. Knows nothing of batches and
/// sequences. The thread that owns the context.
class Answer {
public:
    /// `request` is a Generate with its `prepared`. Frames go to `emit`. `engine` must outlive the answer.
    Answer(const LoadedEngine &engine, Request request, Emit emit);
    Answer(const Answer &) = delete;
    Answer &operator=(const Answer &) = delete;

    [[nodiscard]] std::uint64_t id() const noexcept { return m_request.id; }
    [[nodiscard]] const std::atomic<bool> &cancelled() const noexcept { return *m_request.cancelled; }
    [[nodiscard]] const protocol::Generate &asked() const noexcept { return m_asked; }
    [[nodiscard]] const AdapterSet &adapters() const noexcept { return m_request.adapters; }
    /// The prompt and what was written so far.
    [[nodiscard]] const TokenIds &tokens() const noexcept { return m_tokens; }
    [[nodiscard]] std::size_t promptTokens() const noexcept { return m_promptTokens; }
    /// Where in the prompt its conversation may go back to, ascending (return_points.h).
    [[nodiscard]] const std::vector<std::size_t> &returnPoints() const noexcept
    {
        return m_request.prepared->returnPoints;
    }
    /// The images in its prompt; what has been encoded of them stays until the answer ends.
    [[nodiscard]] ImagePrompt &prompt() noexcept { return m_request.prepared->prompt; }
    [[nodiscard]] const ImagePrompt &prompt() const noexcept { return m_request.prepared->prompt; }
    /// The most tokens that it can come to.
    [[nodiscard]] std::size_t mostTokens() const noexcept { return m_promptTokens + m_most; }

    /// Says how far the prompt is read and counts what it cost.
    void reuse(std::size_t kept);
    void read(std::size_t computed, std::size_t upTo);
    void countDraft(std::size_t drafted, std::size_t accepted);

    /// Chooses the next token from the logits of the token at `index` of the last batch, and writes it. False: it was
    /// the last one. Errors: GrammarInvalid, Internal; the answer is over then.
    [[nodiscard]] Result<bool> write(llama_context *context, std::int32_t index);
    /// Ends it before its own end; after write() has said false nothing changes any more.
    void stop();
    /// What closes the request. Once, last.
    [[nodiscard]] protocol::Done finish();

private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] AnswerStream makeStream() const;
    [[nodiscard]] bool take(llama_token token);
    void end(MessageState state, const char *reason);
    void noteChances(const float *logits, llama_token token);
    [[nodiscard]] std::size_t answerTokens() const noexcept { return m_tokens.size() - m_promptTokens; }

    const LoadedEngine &m_engine;
    Request m_request;
    const protocol::Generate &m_asked;
    Emit m_emit;
    TokenIds m_tokens;
    std::size_t m_promptTokens;
    std::size_t m_most;
    TokenIds m_preserved;
    AnswerStream m_stream;
    bool m_ended = false;
    protocol::Done m_done;
    Clock::time_point m_started = Clock::now();
    Clock::time_point m_firstToken;
};

} // namespace tramontane::engine
