// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/batch_builder.h"

namespace tramontane::engine {

BatchBuilder::BatchBuilder(std::size_t most)
    : m_most(most), m_batch(llama_batch_init(static_cast<std::int32_t>(most), 0, 1)), m_tokens(m_batch.token)
{
}

BatchBuilder::~BatchBuilder()
{
    clear(); // the embeddings are not its own
    llama_batch_free(m_batch);
}

void BatchBuilder::clear()
{
    m_batch.n_tokens = 0;
    m_batch.token = m_tokens;
    m_batch.embd = nullptr;
    m_pieces.clear();
}

void BatchBuilder::add(llama_seq_id sequence, std::size_t position, std::span<const llama_token> tokens,
                       std::size_t outputs)
{
    m_pieces.push_back({sequence, m_batch.n_tokens, {tokens.begin(), tokens.end()}, outputs});
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const std::int32_t at = m_batch.n_tokens++;
        m_batch.token[at] = tokens[i];
        m_batch.pos[at] = static_cast<llama_pos>(position + i);
        m_batch.n_seq_id[at] = 1;
        m_batch.seq_id[at][0] = sequence;
        m_batch.logits[at] = static_cast<std::int8_t>(i + outputs >= tokens.size() ? 1 : 0);
    }
}

void BatchBuilder::addImage(llama_seq_id sequence, std::size_t position, std::span<const llama_token> cells,
                            float *embeddings)
{
    add(sequence, position, cells, 0);
    m_batch.token = nullptr;
    m_batch.embd = embeddings;
}

} // namespace tramontane::engine
