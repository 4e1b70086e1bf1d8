// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace tramontane::protocol {

/// Nesting of maps and arrays that a frame may have.
inline constexpr int kMaxCborDepth = 8;
/// Values in one frame, so that a frame of tiny values cannot grow to a hundred times its size in memory.
inline constexpr std::size_t kMaxCborItems = std::size_t{1} << 20;

/// What is known of a map before it is parsed. The views lie in the bytes that were looked at.
struct CborSurvey {
    std::size_t pairs = 0; // key-value pairs of all maps
    // The longest byte string that is a value of the outermost map; empty: there is none, or only empty ones.
    std::string_view longestKey;
    std::size_t longestHead = 0; // where it begins in the bytes, its length included
    std::string_view longest;
};

/// Walks over `bytes` without allocating: whether they are exactly one CBOR map (RFC 8949) made of integers, text and
/// byte strings, arrays and maps of stated length with text keys, booleans and 32- or 64-bit floats. Tags, indefinite
/// lengths, null, half floats, and any length that goes beyond the end are refused. Comes before the real parser,
/// which recurses and believes lengths. Nothing if refused. Any thread.
[[nodiscard]] std::optional<CborSurvey> surveyCbor(std::string_view bytes) noexcept;

} // namespace tramontane::protocol
