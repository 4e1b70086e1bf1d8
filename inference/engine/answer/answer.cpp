// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/answer/answer.h"

#include "inference/engine/answer/call_id.h"
#include "inference/engine/answer/token_chances.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace tramontane::engine {

namespace {

std::int64_t msBetween(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count();
}

std::vector<std::string> allStops(const protocol::Generate &asked, const std::vector<std::string> &ofModel)
{
    std::vector<std::string> stops = asked.sampling.stop;
    stops.insert(stops.end(), ofModel.begin(), ofModel.end());
    return stops;
}

/// A beginning that was given decides whether the model is still thinking.
ReasoningMarks marksFor(const LoadedEngine &engine, const protocol::Generate &asked)
{
    ReasoningMarks marks = engine.chat()->reasoning();
    if (asked.turns.empty() || !asked.turns.back().prefix || marks.start.empty())
        return marks;
    const std::string &given = asked.turns.back().text;
    const bool ended = std::any_of(marks.ends.begin(), marks.ends.end(),
                                   [&](const std::string &end) { return given.find(end) != std::string::npos; });
    marks.begun = !ended && (marks.begun || given.starts_with(marks.start));
    return marks.begun ? marks : ReasoningMarks{};
}

} // namespace

Answer::Answer(const LoadedEngine &engine, Request request, Emit emit)
    : m_engine(engine), m_request(std::move(request)), m_asked(std::get<protocol::Generate>(m_request.payload)),
      m_emit(std::move(emit)), m_tokens(std::move(m_request.prepared->prompt.tokens)), m_promptTokens(m_tokens.size()),
      m_most(std::min(static_cast<std::size_t>(engine.info().contextTokens) - m_promptTokens,
                      static_cast<std::size_t>(m_asked.sampling.maxTokens))),
      m_stream(makeStream())
{
    const auto &format = m_request.prepared->format;
    for (const std::string &word : format ? format->preserved() : engine.chat()->preserved()) {
        if (const auto ids = tokenizeText(engine.vocab(), word, true); ids.size() == 1)
            m_preserved.push_back(ids.front());
    }
    m_request.prepared->sampler.seePrompt(m_tokens);
    m_done.usage.promptTokens = static_cast<int>(m_promptTokens);
    m_done.usage.queuedMs = msBetween(m_request.arrived, m_started);
    m_emit(protocol::PromptProgress{0, static_cast<int>(m_promptTokens)});
}

AnswerStream Answer::makeStream() const
{
    const Prepared &prepared = *m_request.prepared;
    if (!prepared.format)
        return {marksFor(m_engine, m_asked), allStops(m_asked, m_engine.chat()->stops()), m_emit};
    const std::string_view prompt(reinterpret_cast<const char *>(m_tokens.data()),
                                  m_promptTokens * sizeof(llama_token));
    std::string seed = std::to_string(prepared.sampler.seed()) + " " + callIdFrom(prompt);
    return {*prepared.format, std::move(seed), allStops(m_asked, prepared.format->stops()), m_emit};
}

void Answer::reuse(std::size_t kept)
{
    m_done.usage.promptReused = static_cast<int>(std::min(kept, m_promptTokens));
}

void Answer::read(std::size_t computed, std::size_t upTo)
{
    m_done.usage.promptComputed += static_cast<int>(computed);
    if (answerTokens() == 0)
        m_emit(protocol::PromptProgress{static_cast<int>(upTo), static_cast<int>(m_promptTokens)});
}

void Answer::countDraft(std::size_t drafted, std::size_t accepted)
{
    m_done.usage.drafted += static_cast<int>(drafted);
    m_done.usage.draftAccepted += static_cast<int>(accepted);
}

Result<bool> Answer::write(llama_context *context, std::int32_t index)
{
    try {
        const llama_token token = m_request.prepared->sampler.next(context, index);
        if (m_asked.sampling.logprobs >= 0)
            noteChances(llama_get_logits_ith(context, index), token);
        return take(token);
    } catch (const std::exception &) {
        // The text of the exception may quote the answer.
        if (!m_asked.sampling.grammar.empty() || !m_asked.shape.isFree())
            return Error{ErrorCode::GrammarInvalid, "The answer could not follow the grammar.", "grammar ran dry"};
        return Error{ErrorCode::Internal, "The model could not answer.", "exception in the engine"};
    }
}

bool Answer::take(llama_token token)
{
    if (answerTokens() == 0)
        m_firstToken = Clock::now();
    m_tokens.push_back(token);
    if (llama_vocab_is_eog(m_engine.vocab(), token)) {
        end(MessageState::Complete, "stop");
        return false;
    }
    const bool preserved = std::find(m_preserved.begin(), m_preserved.end(), token) != m_preserved.end();
    m_stream.push(tokenBytes(m_engine.vocab(), token, preserved));
    if (m_stream.stopped())
        end(MessageState::Complete, "stop");
    else if (answerTokens() == m_most)
        end(MessageState::Length, "length");
    return !m_ended;
}

void Answer::noteChances(const float *logits, llama_token token)
{
    const auto size = static_cast<std::size_t>(llama_vocab_n_tokens(m_engine.vocab()));
    m_emit(protocol::Logprobs{{tokenLogprob(m_engine.vocab(), {logits, size}, token, m_asked.sampling.logprobs)}});
}

void Answer::end(MessageState state, const char *reason)
{
    m_ended = true;
    m_done.state = state;
    m_done.stopReason = reason;
}

void Answer::stop()
{
    if (!m_ended)
        end(MessageState::Stopped, "cancelled");
}

protocol::Done Answer::finish()
{
    m_stream.finish(m_done.state == MessageState::Complete);
    const auto now = Clock::now();
    Usage &usage = m_done.usage;
    m_done.seed = m_request.prepared->sampler.seed();
    usage.answerTokens = static_cast<int>(answerTokens());
    usage.firstTokenMs = answerTokens() == 0 ? 0 : msBetween(m_request.arrived, m_firstToken);
    usage.totalMs = msBetween(m_request.arrived, now);
    const std::chrono::duration<double> writing = now - m_firstToken;
    if (answerTokens() > 1 && writing.count() > 0)
        usage.tokensPerSecond = static_cast<double>(answerTokens() - 1) / writing.count();
    if (m_asked.reportTokenIds) {
        const auto middle = m_tokens.begin() + static_cast<std::ptrdiff_t>(m_promptTokens);
        m_done.promptTokenIds.emplace(m_tokens.begin(), middle);
        m_done.answerTokenIds.emplace(middle, m_tokens.end());
    }
    return m_done;
}

} // namespace tramontane::engine
