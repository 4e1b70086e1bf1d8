// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// RFC 4648, section 4: the standard alphabet, with padding. Any thread.
namespace tramontane::audit {

[[nodiscard]] std::string encodeBase64(std::span<const std::uint8_t> bytes);

/// Nothing for anything but the one correct encoding: no line breaks, no missing padding, no stray bits.
[[nodiscard]] std::optional<std::string> decodeBase64(std::string_view text);

} // namespace tramontane::audit
