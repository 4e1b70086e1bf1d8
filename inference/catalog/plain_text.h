// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tramontane::catalog {

/// A text out of a file as it may be shown in a list: control characters left out, what is not UTF-8 replaced by U+FFFD,
/// no more than `mostBytes` bytes, cut between characters. Any thread.
[[nodiscard]] std::string plainText(std::string_view bytes, std::size_t mostBytes = 200);

} // namespace tramontane::catalog
