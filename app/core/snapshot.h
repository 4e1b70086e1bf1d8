// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/digest.h"
#include "app/core/result.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

// What is said about a snapshot: the state of one conversation in a model's memory (KV cache), as it is kept on disk
// (resources/formats/snapshots.md). Plain data, any thread.
namespace tramontane {

inline constexpr std::size_t kMaxSnapshotText = 4096;   // bytes of each text
inline constexpr std::size_t kMaxSnapshotAdapters = 16; // LoRA adapters of one conversation
inline constexpr std::uint64_t kMaxSnapshotBytes = std::uint64_t(1) << 38;
inline constexpr std::uint32_t kMaxSnapshotTokens = std::uint32_t(1) << 28;

/// A LoRA adapter as the state was computed with.
struct SnapshotAdapter {
    Hash32 sha256{};
    double scale = 1.0; // finite

    bool operator==(const SnapshotAdapter &) const = default;
};

/// Everything that a state depends on beside the tokens. Another value anywhere: the state means nothing.
struct SnapshotConfiguration {
    Hash32 modelSha256{};
    std::uint32_t contextTokens = 0;
    std::string kvTypeK = "f16";
    std::string kvTypeV = "f16";
    bool flashAttention = false;
    /// What else changes the state (rope, yarn, sliding window), as whoever owns the context writes it: "name=value\n"
    /// for each, in the order of the names.
    std::string contextOptions;
    std::vector<SnapshotAdapter> adapters; // in the order in which they are applied
    std::string engineBuild;

    bool operator==(const SnapshotConfiguration &) const = default;
};

struct SnapshotHeader {
    SnapshotConfiguration configuration;
    std::uint32_t tokenCount = 0;
    Hash32 tokensSha256{};        // tokensSha256() of the tokens that the state holds
    std::uint64_t stateBytes = 0; // before compression

    bool operator==(const SnapshotHeader &) const = default;
};

/// What a state must be to be of use for an answer.
struct SnapshotExpectation {
    SnapshotConfiguration configuration;
    /// The tokens of the prompt to be answered: a state of any beginning of them fits. Nothing: the tokens are compared
    /// by whoever takes the state.
    std::optional<std::vector<std::int32_t>> promptTokens;
};

/// SHA-256 of the tokens, each as 4 bytes, little endian. Never fails.
[[nodiscard]] Hash32 tokensSha256(std::span<const std::int32_t> tokens);

/// Errors: InvalidArgument for a text, list or number beyond the limits above, for a text that is not UTF-8, no tokens,
/// no bytes, or a scale that is not finite; `detail` names the field.
[[nodiscard]] Status checkSnapshotHeader(const SnapshotHeader &header);

/// Whether the state is of use.
[[nodiscard]] bool fits(const SnapshotHeader &header, const SnapshotExpectation &expected);

} // namespace tramontane
