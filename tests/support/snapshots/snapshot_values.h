// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/id.h"
#include "app/core/snapshot.h"

#include <functional>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace tramontane::test {

inline std::vector<std::int32_t> someTokens(int count)
{
    std::vector<std::int32_t> tokens(static_cast<std::size_t>(count));
    std::iota(tokens.begin(), tokens.end(), 100);
    return tokens;
}

/// A header with a value in every field.
inline SnapshotHeader someHeader(std::uint64_t stateBytes)
{
    SnapshotHeader header;
    SnapshotConfiguration &about = header.configuration;
    about.modelSha256 = sha256("model");
    about.contextTokens = 4096;
    about.kvTypeK = "q8_0";
    about.kvTypeV = "f16";
    about.flashAttention = true;
    about.contextOptions = "rope_freq_base=10000\nrope_scaling=none\n";
    about.adapters = {{sha256("adapter"), 0.5}};
    about.engineBuild = "llama.cpp 0.3.36";
    header.tokenCount = 20;
    header.tokensSha256 = tokensSha256(someTokens(20));
    header.stateBytes = stateBytes;
    return header;
}

/// What somebody expects who goes on with the conversation of someHeader().
inline SnapshotExpectation fittingExpectation()
{
    return {someHeader(1).configuration, someTokens(33)};
}

/// Every way in which one field of an expectation can differ, by name.
inline std::vector<std::pair<const char *, std::function<void(SnapshotExpectation &)>>> otherExpectations()
{
    return {
        {"model", [](auto &e) { e.configuration.modelSha256[31] ^= 1; }},
        {"context tokens", [](auto &e) { e.configuration.contextTokens = 4097; }},
        {"type of keys", [](auto &e) { e.configuration.kvTypeK = "f16"; }},
        {"type of values", [](auto &e) { e.configuration.kvTypeV = "q8_0"; }},
        {"flash attention", [](auto &e) { e.configuration.flashAttention = false; }},
        {"context options", [](auto &e) { e.configuration.contextOptions += "yarn_ext_factor=1\n"; }},
        {"no adapter", [](auto &e) { e.configuration.adapters.clear(); }},
        {"one more adapter", [](auto &e) { e.configuration.adapters.push_back({}); }},
        {"another adapter", [](auto &e) { e.configuration.adapters[0].sha256[0] ^= 1; }},
        {"another scale", [](auto &e) { e.configuration.adapters[0].scale = 0.25; }},
        {"engine build", [](auto &e) { e.configuration.engineBuild += " "; }},
        {"fewer tokens", [](auto &e) { e.promptTokens->resize(19); }},
        {"another token", [](auto &e) { (*e.promptTokens)[19] = 7; }},
    };
}

/// `size` bytes that compress about as badly as a KV cache does; the same for the same seed.
inline std::string someState(std::size_t size, std::uint64_t seed = 1)
{
    std::string bytes(size, '\0');
    for (char &byte : bytes) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        byte = static_cast<char>((seed >> 33) & 0x7f);
    }
    return bytes;
}

} // namespace tramontane::test
