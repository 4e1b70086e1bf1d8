// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/model/loaded_engine.h"
#include "inference/engine/schedule/text_job.h"

#include <vector>

namespace tramontane::engine {

/// Gives each document a score for how well it answers a query, in the order of the documents.
class RerankJob final : public TextJob {
public:
    RerankJob(LoadedEngine &engine, protocol::Rerank asked);

    /// Errors: ModelUnsupported (no reranker), InvalidArgument (no document, or more than kMostRanked), ContextFull (the
    /// query alone, or together with a document, is longer than the model's context; message and detail say which),
    /// Internal.
    [[nodiscard]] Result<bool> step() override;
    /// Ranked.
    [[nodiscard]] Answer take() override;

private:
    [[nodiscard]] Status check() const;
    [[nodiscard]] Error tooLong(std::size_t tokens, std::size_t most) const;

    LoadedEngine &m_engine;
    protocol::Rerank m_asked;
    std::size_t m_next = 0;
    std::vector<double> m_scores;
};

} // namespace tramontane::engine
