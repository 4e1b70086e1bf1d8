// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tramontane::ui {

/// The part of a growing Markdown text that can be shown without changing its kind a moment later: an unfinished link
/// or table head at the end is held back, open emphasis and code spans are closed. Works on the last paragraph only;
/// cost: one pass over the text. Any thread.
[[nodiscard]] std::string settledSource(std::string_view utf8);

} // namespace tramontane::ui
