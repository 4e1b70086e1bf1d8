// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/answer/token_chances.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

namespace tramontane::engine {

namespace {

constexpr double kImpossible = -10000; // a frame holds finite numbers only

double logOfSum(std::span<const float> logits, double highest)
{
    double sum = 0;
    for (const float logit : logits)
        sum += std::exp(static_cast<double>(logit) - highest);
    return highest + std::log(sum);
}

} // namespace

std::string tokenBytes(const llama_vocab *vocab, llama_token token, bool special)
{
    std::array<char, 512> piece{};
    const auto size = llama_token_to_piece(vocab, token, piece.data(), piece.size(), 0, special);
    return {piece.data(), static_cast<std::size_t>(std::max(size, 0))};
}

TokenLogprob tokenLogprob(const llama_vocab *vocab, std::span<const float> logits, llama_token chosen, int alternatives)
{
    const double all = logOfSum(logits, *std::max_element(logits.begin(), logits.end()));
    const auto chance = [&](llama_token token) {
        const double logprob = static_cast<double>(logits[static_cast<std::size_t>(token)]) - all;
        return TokenChance{token, tokenBytes(vocab, token, true), std::max(logprob, kImpossible)};
    };
    TokenLogprob result{chance(chosen), {}};
    std::vector<llama_token> order(logits.size());
    std::iota(order.begin(), order.end(), 0);
    const auto count = std::min(static_cast<std::ptrdiff_t>(alternatives), std::ssize(order));
    std::partial_sort(order.begin(), order.begin() + count, order.end(), [&](llama_token a, llama_token b) {
        const float x = logits[static_cast<std::size_t>(a)];
        const float y = logits[static_cast<std::size_t>(b)];
        return x != y ? x > y : a < b;
    });
    for (auto token = order.begin(); token != order.begin() + count; ++token)
        result.alternatives.push_back(chance(*token));
    return result;
}

} // namespace tramontane::engine
