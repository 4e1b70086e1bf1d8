// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/embedding.h"

#include <common.h>

#include <bit>
#include <exception>
#include <utility>

namespace tramontane::engine {

namespace {

Error tooLong(std::size_t index, std::size_t tokens, std::size_t most)
{
    return {ErrorCode::ContextFull, "A text is longer than the embedding model's context. Cut it into smaller pieces.",
            "text " + std::to_string(index) + ": " + std::to_string(tokens) + " of " + std::to_string(most)
                + " tokens"};
}

Error noVector(const char *detail)
{
    return {ErrorCode::Internal, "The model could not make a vector of a text.", detail};
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

EmbeddingJob::EmbeddingJob(LoadedEngine &engine, std::vector<std::string> texts)
    : m_engine(engine),
      m_texts(std::move(texts)), m_vectors{static_cast<int>(m_texts.size()), llama_model_n_embd_out(engine.model()), {}}
{
}

Status EmbeddingJob::check() const
{
    if (m_engine.kind() != ModelKind::Embedding) {
        return Error{ErrorCode::ModelUnsupported, "This model holds conversations. Choose an embedding model.",
                     "chat model"};
    }
    if (m_texts.empty())
        return Error{ErrorCode::InvalidArgument, "There is no text to make a vector of.", "no texts"};
    return {};
}

Result<bool> EmbeddingJob::step()
{
    if (const auto checked = check(); !checked)
        return checked.error();
    try {
        BatchBuilder batch(llama_n_ubatch(m_engine.context()));
        const auto count = fillBatch(batch);
        if (!count)
            return count.error();
        if (auto *memory = llama_get_memory(m_engine.context()))
            llama_memory_clear(memory, true);
        if (llama_decode(m_engine.context(), batch.batch()) != 0)
            return noVector("llama_decode");
        if (const auto read = readVectors(*count); !read)
            return read.error();
        m_next += *count;
        return m_next == m_texts.size();
    } catch (const std::exception &) {
        return noVector("exception in the engine");
    }
}

Result<std::size_t> EmbeddingJob::fillBatch(BatchBuilder &batch) const
{
    const std::size_t most = llama_n_ubatch(m_engine.context());
    const std::size_t together = llama_n_seq_max(m_engine.context());
    std::size_t count = 0;
    while (count < together && m_next + count < m_texts.size()) {
        const auto tokens = common_tokenize(m_engine.vocab(), m_texts[m_next + count], true, false);
        if (tokens.size() > most)
            return tooLong(m_next + count, tokens.size(), most);
        if (tokens.empty())
            return noVector("no tokens");
        if (tokens.size() > batch.room())
            break;
        batch.add(static_cast<llama_seq_id>(count), 0, tokens, tokens.size());
        ++count;
    }
    return count;
}

Status EmbeddingJob::readVectors(std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i) {
        const float *vector = llama_get_embeddings_seq(m_engine.context(), static_cast<llama_seq_id>(i));
        if (vector == nullptr)
            return noVector("no embedding");
        const std::size_t from = m_vectors.values.size();
        m_vectors.values.resize(from + static_cast<std::size_t>(m_vectors.dims));
        common_embd_normalize(vector, m_vectors.values.data() + from, m_vectors.dims, 2);
    }
    return {};
}

} // namespace tramontane::engine
