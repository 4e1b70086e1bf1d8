// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/prompt/prompt_tokens.h"

#include <cstddef>

namespace tramontane::engine {

/// The most tokens that are guessed in one step, for all answers together.
inline constexpr std::size_t kMostGuessed = 32;

/// How many tokens to guess. Learns from what became of the guesses: they grow while they are right, and stop for a
/// while, each time for longer, where they are wrong. One answer, one thread.
class GuessPolicy {
public:
    /// For the next token: at most `room`; 0: no guess now.
    [[nodiscard]] std::size_t next(std::size_t room);
    /// So many of a guess were right.
    void learn(std::size_t guessed, std::size_t right);

private:
    std::size_t m_length = 8;
    double m_rightness = 1; // average part of a guess that was right
    std::size_t m_pause = 0;
    std::size_t m_nextPause = 16;
};

/// At most `most` tokens that may follow `tokens`: those that followed the same few tokens earlier (prompt lookup, with
/// common_ngram_simple_draft of common/ngram-map.h). Often none. Pays where answers quote or edit. Any thread.
[[nodiscard]] TokenIds guessFromPrompt(const TokenIds &tokens, std::size_t most);

} // namespace tramontane::engine
