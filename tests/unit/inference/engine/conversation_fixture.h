// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/utf8.h"
#include "inference/engine/schedule/scheduler.h"
#include "inference/engine/worker/request_desk.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tramontane::engine {

/// What one request brought.
struct Heard {
    std::string text;
    bool piecesAreUtf8 = true; // each piece of the text by itself
    std::vector<protocol::PromptProgress> progress;
    std::vector<TokenLogprob> logprobs;
    std::optional<protocol::Done> done;
    std::optional<Error> error;
    std::optional<protocol::State> state;
    std::optional<protocol::Restored> restored;
    std::string bulk;
    int order = 0; // 1: the first that ended
};

/// Desk and scheduler in one thread, step by step.
class Conversations {
public:
    explicit Conversations(LoadedEngine &engine)
        : m_desk(engine, m_queue, m_send),
          m_scheduler(engine, m_queue, m_send,
                      [this](std::uint64_t id, std::string bytes) { m_heard[id].bulk = std::move(bytes); })
    {
    }

    std::uint64_t ask(protocol::Payload payload, std::string data = {})
    {
        Request request;
        request.id = ++m_last;
        if (const auto *asked = std::get_if<protocol::Generate>(&payload))
            request.background = asked->background;
        request.payload = std::move(payload);
        request.data = std::move(data);
        if (m_queue.add(std::move(request)) == RequestQueue::Added::Yes)
            m_desk.handle(m_queue.takeNew());
        return m_last;
    }
    bool step() { return m_scheduler.step(); }
    void run()
    {
        while (step())
            continue;
    }
    /// Asks and runs until everything has ended.
    const Heard &answer(protocol::Payload payload, std::string data = {})
    {
        const std::uint64_t id = ask(std::move(payload), std::move(data));
        run();
        return heard(id);
    }
    void cancel(std::uint64_t id) { (void)m_queue.cancel(id); }
    [[nodiscard]] const Heard &heard(std::uint64_t id) { return m_heard[id]; }
    [[nodiscard]] const CheckpointStore &checkpoints() const { return m_scheduler.checkpoints(); }

private:
    void take(std::uint64_t id, protocol::Payload payload)
    {
        Heard &heard = m_heard[id];
        if (auto *text = std::get_if<protocol::Text>(&payload)) {
            heard.text += text->text;
            heard.piecesAreUtf8 = heard.piecesAreUtf8 && isUtf8(text->text);
        } else if (auto *progress = std::get_if<protocol::PromptProgress>(&payload))
            heard.progress.push_back(*progress);
        else if (auto *chances = std::get_if<protocol::Logprobs>(&payload))
            heard.logprobs.insert(heard.logprobs.end(), chances->tokens.begin(), chances->tokens.end());
        else if (auto *state = std::get_if<protocol::State>(&payload))
            heard.state = std::move(*state);
        else if (auto *restored = std::get_if<protocol::Restored>(&payload))
            heard.restored = *restored;
        else if (auto *done = std::get_if<protocol::Done>(&payload))
            heard.done = std::move(*done);
        else if (auto *failure = std::get_if<protocol::Failure>(&payload))
            heard.error = failure->error;
        if (heard.done || heard.error)
            heard.order = ++m_ended;
    }

    RequestQueue m_queue;
    Send m_send = [this](std::uint64_t id, protocol::Payload payload) { take(id, std::move(payload)); };
    RequestDesk m_desk;
    Scheduler m_scheduler;
    std::map<std::uint64_t, Heard> m_heard;
    std::uint64_t m_last = 0;
    int m_ended = 0;
};

/// A greedy question.
inline protocol::Generate question(const std::string &text, int maxTokens = 24)
{
    protocol::Generate request;
    request.turns = {{Role::User, text}};
    request.sampling.temperature = 0;
    request.sampling.maxTokens = maxTokens;
    request.reportTokenIds = true;
    return request;
}

/// What the small model would say is not the point: the grammar makes it quote itself, so that there is something to guess
/// from the prompt.
inline protocol::Generate questionThatQuotesItself()
{
    protocol::Generate request = question("Say it.", 90);
    request.sampling.grammar = "root ::= line line line line line line line line\n"
                               "line ::= \"The quick brown fox jumps over the lazy dog. \"";
    return request;
}

/// Makes that an answer ends only where its limit is.
inline void forbidEnd(const LoadedEngine &engine, protocol::Generate &request)
{
    for (llama_token token = 0; token < llama_vocab_n_tokens(engine.vocab()); ++token) {
        if (llama_vocab_is_eog(engine.vocab(), token))
            request.sampling.logitBias.push_back({token, kForbidden});
    }
}

} // namespace tramontane::engine
