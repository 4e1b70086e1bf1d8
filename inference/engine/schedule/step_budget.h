// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace tramontane::engine {

/// How many tokens of prompts one step may read, so that it ends in time for those who write and those who cancel.
/// Learns from the steps that were made. One thread at a time.
class StepBudget {
public:
    /// What a step is meant to take: below the 250 ms within which a cancel must work.
    static constexpr std::chrono::milliseconds kTarget{220};
    /// Budgets are multiples of it: from so many tokens on, ggml's flash attention on a CPU works in tiles, and a prompt
    /// is read up to half as fast again.
    static constexpr int kTile = 64;
    /// Where not even a tile fits. Fewer tokens at a time would read the weights too often.
    static constexpr int kLeast = 32;

    /// `most`: the size of a physical batch.
    explicit StepBudget(int most) : m_most(most) {}

    /// Tokens, kLeast (or `most`, where that is less) to `most`.
    [[nodiscard]] int promptTokens() const noexcept;
    /// A step with this many tokens took so long.
    void measured(int tokens, std::chrono::microseconds time) noexcept;

private:
    int m_most;
    double m_usPerToken = 0; // 0: nothing is known
};

} // namespace tramontane::engine
