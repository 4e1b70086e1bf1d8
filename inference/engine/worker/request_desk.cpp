// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/worker/request_desk.h"

#include "inference/engine/model/going_back.h"
#include "inference/engine/prompt/return_points.h"

#include <sodium.h>

#include <algorithm>
#include <exception>
#include <vector>

namespace tramontane::engine {

namespace {

/// The kind of model that a request which has to wait for its turn is for.
ModelKind kindFor(const protocol::Payload &payload)
{
    if (std::holds_alternative<protocol::Embed>(payload))
        return ModelKind::Embedding;
    return std::holds_alternative<protocol::Rerank>(payload) ? ModelKind::Reranker : ModelKind::Chat;
}

Error tooLong(std::size_t tokens, std::size_t most)
{
    return {ErrorCode::ContextFull,
            "The conversation is longer than the model's context. Shorten it or load the model with a larger context.",
            std::to_string(tokens) + " of " + std::to_string(most) + " tokens"};
}

Result<TokenIds> givenIds(const LoadedEngine &engine, const std::vector<std::int32_t> &ids)
{
    const auto known = llama_vocab_n_tokens(engine.vocab());
    if (ids.empty() || std::any_of(ids.begin(), ids.end(), [=](std::int32_t id) { return id < 0 || id >= known; })) {
        return Error{ErrorCode::InvalidArgument, "The prompt holds tokens that the model does not have.", "token ids"};
    }
    return TokenIds(ids.begin(), ids.end());
}

/// Those that a request names, if it is of a kind that can.
std::vector<AdapterScale> namedAdapters(const protocol::Payload &payload)
{
    if (const auto *asked = std::get_if<protocol::Generate>(&payload))
        return asked->adapters;
    if (const auto *save = std::get_if<protocol::SaveState>(&payload))
        return save->adapters;
    if (const auto *restore = std::get_if<protocol::RestoreState>(&payload))
        return restore->adapters;
    const auto *find = std::get_if<protocol::FindState>(&payload);
    return find == nullptr ? std::vector<AdapterScale>() : find->adapters;
}

Result<AdapterSet> adaptersOf(const LoadedEngine &engine, const protocol::Payload &payload)
{
    auto set = engine.adapters().choose(namedAdapters(payload));
    const auto *asked = std::get_if<protocol::Generate>(&payload);
    if (set && asked != nullptr && asked->deterministic && set->size() > 1) {
        // They lie in an unordered map there, and sums of floats depend on the order.
        return Error{ErrorCode::InvalidArgument,
                     "An answer that must repeat bit for bit can have one adapter only: llama.cpp adds several in an "
                     "order that is not fixed.",
                     std::to_string(set->size()) + " adapters"};
    }
    return set;
}

Result<ImagePrompt> promptFor(const LoadedEngine &engine, const protocol::Generate &asked, std::string_view pixels)
{
    if (!asked.promptTokenIds) {
        if (pixels.empty() && !distinctImages(asked.turns).empty())
            return Error{ErrorCode::InvalidArgument, "The pixels of an image are incomplete.", "no pixels"};
        return makeImagePrompt(*engine.prompts(), engine.projector(), engine.imageKeys(), promptOf(asked), pixels);
    }
    auto ids = givenIds(engine, *asked.promptTokenIds);
    return ids ? Result<ImagePrompt>(ImagePrompt(std::move(*ids))) : ids.error();
}

template <class T>
protocol::Payload payloadOf(Result<T> result)
{
    if (!result)
        return protocol::Failure{result.error()};
    return std::move(*result);
}

} // namespace

Result<Prepared> prepareQuestion(const LoadedEngine &engine, const protocol::Generate &asked, std::string_view pixels)
{
    if (engine.chat() == nullptr)
        return otherKindOfModel(engine.kind(), ModelKind::Chat);
    if (asked.conversation.size() > protocol::kMaxKeyBytes)
        return Error{ErrorCode::InvalidArgument, "The conversation's key is too long.", "conversation"};
    std::optional<AnswerFormat> format;
    if (!asked.shape.isFree()) {
        auto made = AnswerFormat::make(*engine.chat(), promptOf(asked));
        if (!made)
            return made.error();
        format.emplace(std::move(*made));
    }
    auto sampler = Sampler::make(engine.model(), asked.sampling, format ? &*format : nullptr);
    if (!sampler)
        return sampler.error();
    auto prompt = promptFor(engine, asked, pixels);
    if (!prompt)
        return prompt.error();
    const auto most = static_cast<std::size_t>(engine.info().contextTokens);
    if (prompt->tokens.size() >= most)
        return tooLong(prompt->tokens.size(), most);
    std::vector<std::size_t> points;
    if (goingBack(engine.model()) != GoingBack::Anywhere && !asked.promptTokenIds)
        points = returnPoints(*engine.prompts(), promptOf(asked), prompt->tokens);
    return Prepared{std::move(*prompt), std::move(*sampler), std::move(format), std::move(points)};
}

Result<protocol::Measured> measure(const LoadedEngine &engine, const protocol::Measure &request)
{
    if (engine.prompts() == nullptr)
        return otherKindOfModel(engine.kind(), ModelKind::Chat);
    const auto prompt =
        makeImagePrompt(*engine.prompts(), engine.projector(), engine.imageKeys(), promptOf(request), {});
    if (!prompt)
        return prompt.error();
    return protocol::Measured{static_cast<int>(prompt->tokens.size()), engine.info().contextTokens};
}

void RequestDesk::run()
{
    for (;;)
        handle(m_queue.takeNew());
}

void RequestDesk::handle(Request request)
{
    const std::uint64_t id = request.id;
    try {
        auto adapters = adaptersOf(m_engine, request.payload);
        if (!adapters)
            return answer(id, protocol::Failure{adapters.error()});
        request.adapters = std::move(*adapters);
        if (const auto *asked = std::get_if<protocol::Generate>(&request.payload)) {
            auto prepared = prepareQuestion(m_engine, *asked, request.data);
            // mtmd has made of them what it needs.
            sodium_memzero(request.data.data(), request.data.size());
            request.data = {};
            if (!prepared)
                return answer(id, protocol::Failure{prepared.error()});
            request.prepared = std::make_unique<Prepared>(std::move(*prepared));
            m_queue.makeReady(std::move(request));
        } else if (const auto *size = std::get_if<protocol::Measure>(&request.payload)) {
            answer(id, payloadOf(measure(m_engine, *size)));
        } else if (const auto *text = std::get_if<protocol::Tokenize>(&request.payload)) {
            const TokenIds ids = tokenizeText(m_engine.vocab(), text->text, text->parseSpecial);
            answer(id, protocol::Tokens{{ids.begin(), ids.end()}});
        } else if (const ModelKind wanted = kindFor(request.payload); wanted == m_engine.kind()) {
            request.brief = m_engine.kind() == ModelKind::Chat; // about the state of a conversation
            m_queue.makeReady(std::move(request));
        } else {
            answer(id, protocol::Failure{otherKindOfModel(m_engine.kind(), wanted)});
        }
    } catch (const std::exception &) {
        // The text of the exception may quote the request.
        answer(id, protocol::Failure{{ErrorCode::Internal, "The model could not answer.", "exception in the engine"}});
    }
}

void RequestDesk::answer(std::uint64_t id, protocol::Payload payload)
{
    if (m_queue.finish(id))
        m_send(id, std::move(payload));
}

} // namespace tramontane::engine
