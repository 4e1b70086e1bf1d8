// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/answer/greedy_choice.h"

#include "inference/engine/answer/sampling.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tramontane::engine {

namespace {

struct Best {
    std::size_t token = 0;
    float logit = -std::numeric_limits<float>::infinity();

    void consider(std::size_t other, float its)
    {
        if (its > logit) {
            token = other;
            logit = its;
        }
    }
};

/// Two passes that a compiler turns into wide instructions are faster than one that remembers where it was.
void considerAll(Best &best, std::span<const float> logits, std::size_t from, std::size_t to)
{
    if (from >= to)
        return;
    float highest = logits[from];
    for (std::size_t i = from; i < to; ++i)
        highest = logits[i] > highest ? logits[i] : highest;
    if (!(highest > best.logit))
        return;
    const auto *const begin = logits.data();
    best.consider(static_cast<std::size_t>(std::find(begin + from, begin + to, highest) - begin), highest);
}

} // namespace

GreedyChoice::GreedyChoice(const std::vector<LogitBias> &biases)
{
    for (const LogitBias &bias : biases)
        m_biases.push_back({bias.token, bias.bias <= kForbidden ? -INFINITY : static_cast<float>(bias.bias)});
    std::stable_sort(m_biases.begin(), m_biases.end(), [](const Bias &a, const Bias &b) { return a.token < b.token; });
    std::vector<Bias> together;
    for (const Bias &bias : m_biases) {
        if (!together.empty() && together.back().token == bias.token)
            together.back().bias += bias.bias;
        else
            together.push_back(bias);
    }
    m_biases = std::move(together);
}

llama_token GreedyChoice::operator()(std::span<const float> logits) const
{
    Best best;
    std::size_t from = 0;
    for (const Bias &bias : m_biases) {
        const auto token = static_cast<std::size_t>(bias.token);
        if (token >= logits.size())
            continue;
        considerAll(best, logits, from, token);
        best.consider(token, logits[token] + bias.bias);
        from = token + 1;
    }
    considerAll(best, logits, from, logits.size());
    return static_cast<llama_token>(best.token);
}

} // namespace tramontane::engine
