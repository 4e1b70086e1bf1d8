// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/sampling.h"

#include <llama.h>

#include <span>
#include <vector>

namespace tramontane::engine {

/// Chooses the most likely token. With several answers at a time nothing else is computed while tokens are chosen: this
/// takes a tenth of the time that a chain of samplers needs to copy the vocabulary first. Any thread.
class GreedyChoice {
public:
    GreedyChoice() = default;
    /// Biases are added to the logits of their tokens, those of one token together; -100 forbids it (kForbidden).
    explicit GreedyChoice(const std::vector<LogitBias> &biases);

    /// The first of the tokens with the highest logit. `logits`: one per token of the vocabulary, at least one; a bias
    /// of a token beyond it counts for nothing. Never fails.
    [[nodiscard]] llama_token operator()(std::span<const float> logits) const;

private:
    struct Bias {
        llama_token token = 0;
        float bias = 0;
    };
    std::vector<Bias> m_biases; // one per token, in the order of the tokens
};

} // namespace tramontane::engine
