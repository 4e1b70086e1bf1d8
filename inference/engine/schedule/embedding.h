// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/model/loaded_engine.h"
#include "inference/engine/schedule/batch_builder.h"

#include <string>
#include <vector>

namespace tramontane::engine {

/// Vectors of texts, one row after the other.
struct Vectors {
    int rows = 0;
    int dims = 0;
    std::vector<float> values;

    /// float32, little endian, row after row: what a Bulk transfer holds.
    [[nodiscard]] std::string bytes() const;
};

/// Makes one L2-normalised vector per text, pooled as the model says; control words in texts stay text. Works in steps
/// of one batch, so that several jobs can take turns. The thread that owns `engine`, which must outlive the job.
class EmbeddingJob {
public:
    EmbeddingJob(LoadedEngine &engine, std::vector<std::string> texts);

    /// The next texts, as many as fit into one batch. True: all are done. Errors: ModelUnsupported (a chat model),
    /// InvalidArgument (no texts), ContextFull (a text longer than the model's context; the detail says which),
    /// Internal. An error is final.
    [[nodiscard]] Result<bool> step();
    /// What has been made.
    [[nodiscard]] Vectors take() { return std::move(m_vectors); }

private:
    [[nodiscard]] Status check() const;
    [[nodiscard]] Result<std::size_t> fillBatch(BatchBuilder &batch) const;
    [[nodiscard]] Status readVectors(std::size_t count);

    LoadedEngine &m_engine;
    std::vector<std::string> m_texts;
    std::size_t m_next = 0;
    Vectors m_vectors;
};

} // namespace tramontane::engine
