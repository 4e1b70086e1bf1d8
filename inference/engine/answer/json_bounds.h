// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace tramontane::engine {

/// The longest and deepest JSON text from outside that is looked at: libraries below walk it with recursion.
inline constexpr std::size_t kMaxJsonBytes = 64 * 1024;
inline constexpr int kMaxJsonDepth = 64;

/// Whether `text` keeps to these limits; it need not be valid JSON. Any thread.
[[nodiscard]] bool isBoundedJson(std::string_view text) noexcept;

} // namespace tramontane::engine
