// SPDX-License-Identifier: Apache-2.0
#pragma once

// Numbers of a worker, which may have been taken over by the file that it reads. Any thread.
namespace tramontane {

/// Far above any model and any answer, small enough for every store and record, and what is reckoned from two such
/// numbers still fits into an int (resources/formats/frames.md, "Limits").
inline constexpr int kMaxWorkerTokens = 1 << 24;

[[nodiscard]] constexpr bool isTokenCount(int tokens) noexcept
{
    return tokens >= 0 && tokens <= kMaxWorkerTokens;
}

} // namespace tramontane
