// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/sampling.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace tramontane::test {

// Floats are added in another order when a batch has another shape or the cells of the KV cache lie elsewhere, so logits
// differ a little and a near-tie between two tokens may fall the other way. Nothing else may differ.

/// What another shape has changed in the logarithms of the chosen tokens, as far as both answers are the same.
double largestDifference(const std::vector<TokenLogprob> &a, const std::vector<TokenLogprob> &b);

/// The distance between the two likeliest tokens of `a` where the answers part; infinity where one of them only stops
/// earlier, nothing when they are the same. `a` has at least two alternatives for each token. Both were asked with the
/// same limit and have the token that ended them, if one did: an earlier end is then another token, not a missing one.
std::optional<double> gapWhereTheyPart(const std::vector<TokenLogprob> &a, const std::vector<TokenLogprob> &b);
/// The same where of the other answer only the tokens are known.
std::optional<double> gapWhereTheyPart(const std::vector<TokenLogprob> &a, const std::vector<std::int32_t> &b);

/// Whether two answers may part where the likeliest tokens are `gap` apart. `largest`: what another shape has changed
/// elsewhere, as largestDifference() has it. Answers that are short and happen to be alike show less than there is, so
/// that half of what `./dev bench` has seen (tests/bench/RESULTS.md: changes by up to 0.9) is always allowed. Never where
/// one only stops earlier.
bool isNearTie(std::optional<double> gap, double largest);

} // namespace tramontane::test
