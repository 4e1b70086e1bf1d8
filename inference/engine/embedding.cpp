// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/embedding.h"

#include <common.h>

#include <array>
#include <bit>
#include <exception>

namespace tramontane::engine {

namespace {

Error tooLong(std::size_t index, std::size_t tokens, std::size_t most)
{
    return {ErrorCode::ContextFull, "A text is longer than the embedding model's context. Cut it into smaller pieces.",
            "text " + std::to_string(index) + ": " + std::to_string(tokens) + " of " + std::to_string(most)
                + " tokens"};
}

Status embedOne(LoadedEngine &engine, const std::string &text, std::size_t index, float *row, int dims)
{
    auto tokens = common_tokenize(engine.vocab(), text, true, false);
    if (tokens.size() > llama_n_ubatch(engine.context()))
        return tooLong(index, tokens.size(), llama_n_ubatch(engine.context()));
    if (auto *memory = llama_get_memory(engine.context()))
        llama_memory_clear(memory, true);
    const auto batch = llama_batch_get_one(tokens.data(), static_cast<std::int32_t>(tokens.size()));
    if (tokens.empty() || llama_decode(engine.context(), batch) != 0)
        return Error{ErrorCode::Internal, "The model could not make a vector of a text.", "llama_decode"};
    const float *vector = llama_get_embeddings_seq(engine.context(), 0);
    if (vector == nullptr)
        return Error{ErrorCode::Internal, "The model made no vector of a text.", "no embedding"};
    common_embd_normalize(vector, row, dims, 2);
    return {};
}

} // namespace

std::string Vectors::bytes() const
{
    std::string out;
    out.reserve(values.size() * sizeof(float));
    for (const float value : values) {
        const auto bits = std::bit_cast<std::uint32_t>(value);
        for (unsigned shift = 0; shift < 32; shift += 8)
            out += static_cast<char>((bits >> shift) & 0xFF);
    }
    return out;
}

Result<Vectors> embed(LoadedEngine &engine, const std::vector<std::string> &texts, const std::atomic<bool> &cancelled)
{
    if (engine.kind() != ModelKind::Embedding) {
        return Error{ErrorCode::ModelUnsupported, "This model holds conversations. Choose an embedding model.",
                     "chat model"};
    }
    if (texts.empty())
        return Error{ErrorCode::InvalidArgument, "There is no text to make a vector of.", "no texts"};
    Vectors vectors{static_cast<int>(texts.size()), llama_model_n_embd_out(engine.model()), {}};
    vectors.values.resize(texts.size() * static_cast<std::size_t>(vectors.dims));
    try {
        for (std::size_t i = 0; i < texts.size(); ++i) {
            if (cancelled)
                return Error{ErrorCode::Cancelled, "Making vectors was cancelled.", {}};
            float *row = vectors.values.data() + i * static_cast<std::size_t>(vectors.dims);
            if (const auto done = embedOne(engine, texts[i], i, row, vectors.dims); !done)
                return done.error();
        }
    } catch (const std::exception &) {
        return Error{ErrorCode::Internal, "The model could not make a vector of a text.", "exception in the engine"};
    }
    return vectors;
}

} // namespace tramontane::engine
