// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace tramontane {

/// Whether `text` is well-formed UTF-8 (Unicode, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF).
/// Any thread; never fails.
[[nodiscard]] bool isUtf8(std::string_view text) noexcept;

} // namespace tramontane
