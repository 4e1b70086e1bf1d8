// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/embedding.h"

#include "inference/engine/schedule/pooled_text.h"

#include <common.h>

#include <bit>
#include <utility>

namespace tramontane::engine {

namespace {

Error tooLong(std::size_t number, std::size_t tokens, std::size_t most)
{
    const std::string name = std::to_string(number);
    return {ErrorCode::ContextFull,
            "Text " + name
                + " (counted from 0) is longer than the embedding model's context. Cut it into smaller pieces.",
            "text " + name + ": " + std::to_string(tokens) + " of " + std::to_string(most) + " tokens"};
}

/// llama.cpp's number for it (common/common.cpp, common_embd_normalize).
int normOf(const Normalisation &normalisation)
{
    switch (normalisation.method) {
    case Normalisation::Method::None: return -1;
    case Normalisation::Method::MaxAbs: return 0;
    case Normalisation::Method::PNorm: break;
    }
    return normalisation.p;
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

EmbeddingJob::EmbeddingJob(LoadedEngine &engine, protocol::Embed asked)
    : m_engine(engine),
      m_asked(std::move(asked)), m_vectors{
                                     static_cast<int>(m_asked.texts.size()), llama_model_n_embd_out(engine.model()), {}}
{
}

Status EmbeddingJob::check() const
{
    if (m_engine.kind() != ModelKind::Embedding)
        return otherKindOfModel(m_engine.kind(), ModelKind::Embedding);
    if (m_asked.texts.empty())
        return Error{ErrorCode::InvalidArgument, "There is no text to make a vector of.", "no texts"};
    if (!isInRange(m_asked.normalisation)) {
        return Error{ErrorCode::InvalidArgument,
                     "There is no such norm: p must be 1 to " + std::to_string(kLargestNorm) + ".", "normalisation"};
    }
    return {};
}

Result<bool> EmbeddingJob::step()
{
    if (const auto checked = check(); !checked)
        return checked.error();
    const TokenIds tokens = common_tokenize(m_engine.vocab(), m_asked.texts[m_next], true, false);
    const std::size_t most = mostTokens(m_engine);
    if (tokens.size() > most)
        return tooLong(static_cast<std::size_t>(m_asked.first) + m_next, tokens.size(), most);
    const auto vector = pooled(m_engine, tokens);
    if (!vector)
        return vector.error();
    const std::size_t from = m_vectors.values.size();
    m_vectors.values.resize(from + vector->size());
    common_embd_normalize(vector->data(), m_vectors.values.data() + from, m_vectors.dims,
                          normOf(m_asked.normalisation));
    return ++m_next == m_asked.texts.size();
}

TextJob::Answer EmbeddingJob::take()
{
    return {protocol::Embedded{m_vectors.rows, m_vectors.dims}, m_vectors.bytes()};
}

} // namespace tramontane::engine
