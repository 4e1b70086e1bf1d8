// SPDX-License-Identifier: Apache-2.0
#include "tests/support/answers/near_ties.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace tramontane::test {

double largestDifference(const std::vector<TokenLogprob> &a, const std::vector<TokenLogprob> &b)
{
    double largest = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        if (a[i].chosen.token != b[i].chosen.token)
            break;
        largest = std::max(largest, std::abs(a[i].chosen.logprob - b[i].chosen.logprob));
    }
    return largest;
}

std::optional<double> gapWhereTheyPart(const std::vector<TokenLogprob> &a, const std::vector<TokenLogprob> &b)
{
    std::vector<std::int32_t> tokens;
    std::transform(b.begin(), b.end(), std::back_inserter(tokens), [](const auto &said) { return said.chosen.token; });
    return gapWhereTheyPart(a, tokens);
}

std::optional<double> gapWhereTheyPart(const std::vector<TokenLogprob> &a, const std::vector<std::int32_t> &b)
{
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        if (a[i].chosen.token != b[i])
            return a[i].alternatives[0].logprob - a[i].alternatives[1].logprob;
    }
    // Both have the token that ends them, so that whichever is shorter has lost something.
    if (a.size() != b.size())
        return std::numeric_limits<double>::infinity();
    return std::nullopt;
}

bool isNearTie(std::optional<double> gap, double largest)
{
    constexpr double kSeen = 0.45;
    return !gap || (std::isfinite(*gap) && *gap <= std::max(2 * largest, kSeen));
}

} // namespace tramontane::test
