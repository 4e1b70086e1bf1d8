// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tramontane::ui {

/// The part of a growing Markdown text that can be shown without changing its kind a moment later: an unfinished link
/// or table head at the end is held back, open emphasis and code spans are closed. Works on the last paragraph only;
/// cost: one pass over the text. Any thread.
[[nodiscard]] std::string settledSource(std::string_view utf8);

/// The last place behind `from` where the text can be cut so that both parts read as they do together: at a paragraph
/// that starts in the first column behind a blank line, outside of code. `from` must itself be such a place, or 0;
/// answers `from` when there is no other. Text with link definitions is never cut. Any thread.
[[nodiscard]] std::size_t safeCut(std::string_view utf8, std::size_t from);

} // namespace tramontane::ui
