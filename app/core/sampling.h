// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

// How the tokens of an answer are chosen, and how likely they were. Plain data, any thread.
namespace tramontane {

/// Added to a token's logit before anything is chosen.
struct LogitBias {
    std::int32_t token = 0;
    double bias = 0; // -100 - 100; -100 forbids the token
    bool operator==(const LogitBias &) const = default;
};

/// How likely a token was, in the model's own distribution (before sampling changes it).
struct TokenChance {
    std::int32_t token = 0;
    std::string bytes; // what it says; may be part of a character
    double logprob = 0;
    bool operator==(const TokenChance &) const = default;
};

/// A token of an answer and what else could have come, most likely first.
struct TokenLogprob {
    TokenChance chosen;
    std::vector<TokenChance> alternatives;
    bool operator==(const TokenLogprob &) const = default;
};

/// Sampling and limits of one answer. Values outside the stated range are refused with InvalidArgument.
struct SamplingParameters {
    double temperature = 0.7;        // 0 (greedy) - 5
    double topP = 0.95;              // 0 - 1; 1 is off
    int topK = 40;                   // 0 is off
    double minP = 0.05;              // 0 - 1; 0 is off
    double repeatPenalty = 1.0;      // 0.5 - 2; 1 is off
    std::uint32_t seed = 0xFFFFFFFF; // 0xFFFFFFFF: the engine draws one and reports it
    int maxTokens = 2048;            // 1 - context
    std::vector<std::string> stop;
    std::string grammar;              // GBNF; empty: free text
    std::vector<LogitBias> logitBias; // at most 1024
    int logprobs = -1;                // -1: none; 0 - 20: of each token, with so many alternatives
};

} // namespace tramontane
