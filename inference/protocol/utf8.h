// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

// UTF-8 as in RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. Any thread.
namespace tramontane::protocol {

[[nodiscard]] bool isUtf8(std::string_view text) noexcept;

/// The length of the longest beginning of `text` that can be shown now. `text.size()`, or less when it ends inside a
/// character that may still be completed. Bytes that can never become UTF-8 count as complete.
[[nodiscard]] std::size_t completeUtf8(std::string_view text) noexcept;

} // namespace tramontane::protocol
