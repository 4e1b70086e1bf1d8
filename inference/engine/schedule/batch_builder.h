// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <llama.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tramontane::engine {

/// A piece of one sequence in a batch.
struct Piece {
    llama_seq_id sequence = -1;
    std::int32_t first = 0; // index of its first token in the batch
    std::vector<llama_token> tokens;
    /// How many of its last tokens have logits; the first of them is at `logitsFrom`.
    std::size_t outputs = 0;
    [[nodiscard]] std::int32_t logitsFrom() const noexcept
    {
        return first + static_cast<std::int32_t>(tokens.size() - outputs);
    }
};

/// Puts pieces of several sequences into one batch for llama_decode. One thread at a time.
class BatchBuilder {
public:
    /// `most`: tokens of a batch.
    explicit BatchBuilder(std::size_t most);
    ~BatchBuilder();
    BatchBuilder(const BatchBuilder &) = delete;
    BatchBuilder &operator=(const BatchBuilder &) = delete;

    void clear();
    /// Adds tokens at `position` and following; the last `outputs` of them get logits. There must be room().
    void add(llama_seq_id sequence, std::size_t position, std::span<const llama_token> tokens, std::size_t outputs);
    /// Fills an empty batch with cells of an image instead: `embeddings` has `cells.size()` rows of the model's width and
    /// must live until the batch is cleared. No logits.
    void addImage(llama_seq_id sequence, std::size_t position, std::span<const llama_token> cells, float *embeddings);
    [[nodiscard]] std::size_t room() const noexcept { return m_most - size(); }
    [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(m_batch.n_tokens); }
    [[nodiscard]] const llama_batch &batch() const noexcept { return m_batch; }
    [[nodiscard]] const std::vector<Piece> &pieces() const noexcept { return m_pieces; }

private:
    std::size_t m_most;
    llama_batch m_batch;
    llama_token *m_tokens; // of m_batch, also while it holds embeddings
    std::vector<Piece> m_pieces;
};

} // namespace tramontane::engine
