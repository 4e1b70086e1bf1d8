// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

// Text for measurements of the vault: the same for the same seed, on every machine.
namespace tramontane::bench {

/// Words of one to four syllables, of which the n-th is drawn with a chance of 1/n (G. K. Zipf, Human Behavior and the
/// Principle of Least Effort, 1949): a few stand in nearly every message, most in hardly one.
class Words {
public:
    static constexpr int kCount = 30'000;

    explicit Words(std::uint32_t seed);
    /// `count` words, with a full stop now and then.
    [[nodiscard]] std::string text(int count);
    /// The word of this rank, 0 the most frequent.
    [[nodiscard]] const std::string &ranked(int rank) const { return m_words[static_cast<std::size_t>(rank)]; }
    /// An even number from `low` to `high`.
    [[nodiscard]] int number(int low, int high);

private:
    std::mt19937 m_random;
    std::vector<std::string> m_words;
    std::vector<double> m_upTo; // sums of the chances
};

} // namespace tramontane::bench
