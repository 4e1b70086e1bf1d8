// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/generation.h"

#include "inference/engine/answer_format.h"
#include "inference/engine/call_id.h"
#include "inference/engine/model_errors.h"
#include "inference/engine/sampling.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <span>

namespace tramontane::engine {

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kAborted = 2; // llama_decode: the abort callback said so

std::int64_t msBetween(Clock::time_point from, Clock::time_point to)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count();
}

Error notForChat()
{
    return {ErrorCode::ModelUnsupported, "This model makes vectors of texts. Choose a chat model for conversations.",
            "embedding model"};
}

Error computeFailed(int code)
{
    return {ErrorCode::Internal, "The model could not go on computing.", "llama_decode " + std::to_string(code)};
}

/// The flag is only watched while a request runs: it dies with the request.
class Watched {
public:
    Watched(LoadedEngine &engine, const std::atomic<bool> &cancelled) : m_engine(engine) { engine.watch(&cancelled); }
    ~Watched() { m_engine.watch(nullptr); }
    Watched(const Watched &) = delete;
    Watched &operator=(const Watched &) = delete;

private:
    LoadedEngine &m_engine;
};

/// One answer from the first token of its prompt to its end.
class Run {
public:
    Run(LoadedEngine &engine, const protocol::Generate &request, const std::atomic<bool> &cancelled, const Emit &emit)
        : m_engine(engine), m_request(request), m_cancelled(cancelled), m_emit(emit), m_watched(engine, cancelled)
    {
    }
    Result<protocol::Done> answer();

private:
    Status preparePrompt();
    Status readPrompt();
    Status writeAnswer(Sampler &sampler);
    void say(AnswerStream &stream, llama_token token);
    Status prepareFormat();
    [[nodiscard]] AnswerStream makeStream(std::uint32_t seed);
    [[nodiscard]] bool isPreserved(llama_token token) const;
    [[nodiscard]] protocol::Done result(const Sampler &sampler) const;
    void end(MessageState state, const char *reason)
    {
        m_done.state = state;
        m_done.stopReason = reason;
    }
    [[nodiscard]] bool cancelled() const { return m_cancelled.load(std::memory_order_relaxed); }
    [[nodiscard]] std::size_t contextTokens() const { return llama_n_ctx(m_engine.context()); }

    LoadedEngine &m_engine;
    const protocol::Generate &m_request;
    const std::atomic<bool> &m_cancelled;
    const Emit &m_emit;
    Watched m_watched;
    TokenIds m_prompt;
    TokenIds m_answer;
    TokenIds m_preserved;
    std::optional<AnswerFormat> m_format; // absent: free text
    protocol::Done m_done;
    Clock::time_point m_start = Clock::now();
    Clock::time_point m_firstToken = m_start;
};

Status Run::preparePrompt()
{
    if (m_request.promptTokenIds) {
        m_prompt.assign(m_request.promptTokenIds->begin(), m_request.promptTokenIds->end());
        const auto known = llama_vocab_n_tokens(m_engine.vocab());
        if (m_prompt.empty()
            || std::any_of(m_prompt.begin(), m_prompt.end(), [=](llama_token id) { return id < 0 || id >= known; }))
            return Error{ErrorCode::InvalidArgument, "The prompt holds tokens that the model does not have.",
                         "token ids"};
    } else {
        auto tokens = m_engine.prompts()->make(promptOf(m_request));
        if (!tokens)
            return tokens.error();
        m_prompt = std::move(*tokens);
    }
    if (m_prompt.size() < contextTokens())
        return {};
    return Error{
        ErrorCode::ContextFull,
        "The conversation is longer than the model's context. Shorten it or load the model with a larger context.",
        std::to_string(m_prompt.size()) + " of " + std::to_string(contextTokens()) + " tokens"};
}

Status Run::prepareFormat()
{
    if (!m_request.shape.isFree()) {
        auto format = AnswerFormat::make(*m_engine.chat(), promptOf(m_request));
        if (!format)
            return format.error();
        m_format.emplace(std::move(*format));
    }
    for (const std::string &word : m_format ? m_format->preserved() : m_engine.chat()->preserved()) {
        if (const auto ids = tokenizeText(m_engine.vocab(), word, true); ids.size() == 1)
            m_preserved.push_back(ids.front());
    }
    return {};
}

AnswerStream Run::makeStream(std::uint32_t seed)
{
    std::vector<std::string> stops = m_request.sampling.stop;
    const auto &more = m_format ? m_format->stops() : m_engine.chat()->stops();
    stops.insert(stops.end(), more.begin(), more.end());
    if (m_format) {
        const std::string_view prompt(reinterpret_cast<const char *>(m_prompt.data()),
                                      m_prompt.size() * sizeof(llama_token));
        return {*m_format, std::to_string(seed) + " " + callIdFrom(prompt), std::move(stops), m_emit};
    }
    const bool continues = !m_request.turns.empty() && m_request.turns.back().prefix;
    return {continues ? ReasoningMarks{} : m_engine.chat()->reasoning(), std::move(stops), m_emit};
}

Status Run::readPrompt()
{
    llama_memory_clear(llama_get_memory(m_engine.context()), true);
    const auto total = static_cast<int>(m_prompt.size());
    // Piece by piece as llama.cpp would cut it anyway, so that progress can be told in between.
    const std::size_t piece = llama_n_ubatch(m_engine.context());
    std::span<llama_token> rest(m_prompt);
    m_emit(protocol::PromptProgress{0, total});
    while (!rest.empty()) {
        const auto now = rest.first(std::min(piece, rest.size()));
        const int code =
            llama_decode(m_engine.context(), llama_batch_get_one(now.data(), static_cast<int>(now.size())));
        if (code == kAborted || cancelled()) {
            end(MessageState::Stopped, "cancelled");
            return {};
        }
        if (code != 0)
            return computeFailed(code);
        rest = rest.subspan(now.size());
        m_emit(protocol::PromptProgress{total - static_cast<int>(rest.size()), total});
    }
    return {};
}

bool Run::isPreserved(llama_token token) const
{
    return std::find(m_preserved.begin(), m_preserved.end(), token) != m_preserved.end();
}

void Run::say(AnswerStream &stream, llama_token token)
{
    std::array<char, 512> piece{};
    const auto size = llama_token_to_piece(m_engine.vocab(), token, piece.data(), piece.size(), 0, isPreserved(token));
    if (size > 0)
        stream.push({piece.data(), static_cast<std::size_t>(size)});
}

Status Run::writeAnswer(Sampler &sampler)
{
    AnswerStream stream = makeStream(sampler.seed());
    const std::size_t room = contextTokens() - m_prompt.size();
    const auto most = std::min<std::size_t>(room, static_cast<std::size_t>(m_request.sampling.maxTokens));
    m_answer.reserve(std::min<std::size_t>(most, 4096));
    end(MessageState::Length, "length");
    while (!cancelled()) {
        llama_token token = sampler.next(m_engine.context());
        if (m_answer.empty())
            m_firstToken = Clock::now();
        m_answer.push_back(token);
        if (llama_vocab_is_eog(m_engine.vocab(), token)) {
            end(MessageState::Complete, "stop");
            break;
        }
        say(stream, token);
        if (stream.stopped()) {
            end(MessageState::Complete, "stop");
            break;
        }
        if (m_answer.size() == most)
            break;
        const int code = llama_decode(m_engine.context(), llama_batch_get_one(&token, 1));
        if (code != 0 && code != kAborted)
            return computeFailed(code);
    }
    if (cancelled() && m_done.state == MessageState::Length)
        end(MessageState::Stopped, "cancelled");
    stream.finish(m_done.state == MessageState::Complete);
    return {};
}

protocol::Done Run::result(const Sampler &sampler) const
{
    protocol::Done done = m_done;
    const auto now = Clock::now();
    done.seed = sampler.seed();
    done.usage.promptTokens = static_cast<int>(m_prompt.size());
    done.usage.answerTokens = static_cast<int>(m_answer.size());
    done.usage.firstTokenMs = m_answer.empty() ? 0 : msBetween(m_start, m_firstToken);
    done.usage.totalMs = msBetween(m_start, now);
    const std::chrono::duration<double> writing = now - m_firstToken;
    if (m_answer.size() > 1 && writing.count() > 0)
        done.usage.tokensPerSecond = static_cast<double>(m_answer.size() - 1) / writing.count();
    if (m_request.reportTokenIds) {
        done.promptTokenIds.emplace(m_prompt.begin(), m_prompt.end());
        done.answerTokenIds.emplace(m_answer.begin(), m_answer.end());
    }
    return done;
}

Result<protocol::Done> Run::answer()
{
    if (const auto prepared = prepareFormat(); !prepared)
        return prepared.error();
    auto sampler = Sampler::make(m_engine.model(), m_request.sampling, m_format ? &*m_format : nullptr);
    if (!sampler)
        return sampler.error();
    if (const auto prepared = preparePrompt(); !prepared)
        return prepared.error();
    sampler->seePrompt(m_prompt);
    if (const auto read = readPrompt(); !read)
        return read.error();
    if (m_done.state == MessageState::Complete) {
        if (const auto written = writeAnswer(*sampler); !written)
            return written.error();
    }
    return result(*sampler);
}

} // namespace

Result<protocol::Done> generate(LoadedEngine &engine, const protocol::Generate &request,
                                const std::atomic<bool> &cancelled, const Emit &emit)
{
    if (engine.chat() == nullptr)
        return notForChat();
    try {
        return Run(engine, request, cancelled, emit).answer();
    } catch (const std::exception &) {
        // The text of the exception may quote the answer.
        if (!request.sampling.grammar.empty() || !request.shape.isFree())
            return Error{ErrorCode::GrammarInvalid, "The answer could not follow the grammar.", "grammar ran dry"};
        return Error{ErrorCode::Internal, "The model could not answer.", "exception in the engine"};
    }
}

Result<protocol::Measured> measure(const LoadedEngine &engine, const protocol::Measure &request)
{
    if (engine.prompts() == nullptr)
        return notForChat();
    const auto tokens = engine.prompts()->make(promptOf(request));
    if (!tokens)
        return tokens.error();
    return protocol::Measured{static_cast<int>(tokens->size()), engine.info().contextTokens};
}

} // namespace tramontane::engine
