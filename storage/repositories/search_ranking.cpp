// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/search_ranking.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace tramontane {

namespace {

constexpr double kTitleWeight = 2;
constexpr double kHalfLifeMs = 90.0 * 24 * 60 * 60 * 1000;
constexpr double kAgelessPart = 0.5;

double worth(const SearchCandidate &candidate, std::int64_t newestMs)
{
    const double age = static_cast<double>(newestMs) - static_cast<double>(candidate.timeMs);
    const double recency = kAgelessPart + (1 - kAgelessPart) * std::exp2(-age / kHalfLifeMs);
    return candidate.relevance * (candidate.isTitle ? kTitleWeight : 1) * recency;
}

} // namespace

std::vector<SearchCandidate> bestCandidates(std::vector<SearchCandidate> candidates, std::size_t offset,
                                            std::size_t count)
{
    std::int64_t newestMs = std::numeric_limits<std::int64_t>::min();
    for (const SearchCandidate &candidate : candidates)
        newestMs = std::max(newestMs, candidate.timeMs);
    for (SearchCandidate &candidate : candidates)
        candidate.relevance = worth(candidate, newestMs);
    const auto better = [](const SearchCandidate &a, const SearchCandidate &b) {
        return std::tie(a.relevance, a.timeMs, a.isTitle, a.seq) > std::tie(b.relevance, b.timeMs, b.isTitle, b.seq);
    };
    const std::size_t from = std::min(offset, candidates.size());
    const std::size_t to = from + std::min(count, candidates.size() - from);
    const auto at = [&](std::size_t index) { return candidates.begin() + static_cast<std::ptrdiff_t>(index); };
    std::partial_sort(candidates.begin(), at(to), candidates.end(), better);
    return {at(from), at(to)};
}

} // namespace tramontane
