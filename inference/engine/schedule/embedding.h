// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/model/loaded_engine.h"
#include "inference/engine/schedule/text_job.h"

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

/// Makes one vector per text, pooled as the context was made for and normalised as llama.cpp's common_embd_normalize
/// does it; control words in texts stay text.
class EmbeddingJob final : public TextJob {
public:
    EmbeddingJob(LoadedEngine &engine, protocol::Embed asked);

    /// Errors: ModelUnsupported (no embedding model), InvalidArgument (no texts, a norm out of range), ContextFull (a
    /// text longer than the model's context; message and detail say which), Internal.
    [[nodiscard]] Result<bool> step() override;
    /// Embedded and its bytes.
    [[nodiscard]] Answer take() override;
    [[nodiscard]] const Vectors &vectors() const noexcept { return m_vectors; }

private:
    [[nodiscard]] Status check() const;

    LoadedEngine &m_engine;
    protocol::Embed m_asked;
    std::size_t m_next = 0;
    Vectors m_vectors;
};

} // namespace tramontane::engine
