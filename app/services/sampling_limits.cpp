// SPDX-License-Identifier: Apache-2.0
#include "app/services/sampling_limits.h"

#include <array>

namespace tramontane {
namespace {

constexpr std::size_t kMostStops = 16;
constexpr std::size_t kLongestStop = 256;
constexpr std::size_t kLongestGrammar = 256 * 1024;
constexpr std::size_t kMostBiases = 1024;

struct Limit {
    const char *name;
    double value;
    double least;
    double most;
    const char *range;
};

} // namespace

Status checkSampling(const SamplingParameters &sampling)
{
    const std::array limits{
        Limit{"temperature", sampling.temperature, 0, 5, "0 and 5"},
        Limit{"top-p", sampling.topP, 0, 1, "0 and 1"},
        Limit{"top-k", double(sampling.topK), 0, 1'000'000, "0 and 1000000"},
        Limit{"min-p", sampling.minP, 0, 1, "0 and 1"},
        Limit{"repeat penalty", sampling.repeatPenalty, 0.5, 2, "0.5 and 2"},
        Limit{"number of alternatives", double(sampling.logprobs), -1, 20, "0 and 20"},
        Limit{"maximum of tokens", double(sampling.maxTokens), 1, 10'000'000, "1 and 10000000"},
    };
    for (const Limit &limit : limits) {
        // Written so that a NaN is refused too.
        if (!(limit.value >= limit.least && limit.value <= limit.most))
            return Error{ErrorCode::InvalidArgument,
                         std::string("Not sent: the ") + limit.name + " must lie between " + limit.range + ".",
                         {}};
    }
    if (sampling.stop.size() > kMostStops)
        return Error{ErrorCode::InvalidArgument, "Not sent: there can be at most 16 stop strings.", {}};
    for (const std::string &stop : sampling.stop) {
        if (stop.empty() || stop.size() > kLongestStop)
            return Error{ErrorCode::InvalidArgument, "Not sent: a stop string must have 1 to 256 bytes.", {}};
    }
    if (sampling.logitBias.size() > kMostBiases)
        return Error{ErrorCode::InvalidArgument, "Not sent: there can be at most 1024 biases.", {}};
    for (const LogitBias &bias : sampling.logitBias) {
        if (bias.token < 0 || !(bias.bias >= -100 && bias.bias <= 100))
            return Error{ErrorCode::InvalidArgument, "Not sent: a bias must lie between -100 and 100.", {}};
    }
    if (sampling.grammar.size() > kLongestGrammar)
        return Error{ErrorCode::InvalidArgument, "Not sent: the grammar is larger than 256 KiB.", {}};
    return {};
}

} // namespace tramontane
