// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/transcript/block_tree.h"

#include <string_view>
#include <vector>

namespace tramontane::ui {

/// Beyond these a text is hostile or useless as a layout, and is shown as it was written.
namespace limits {
constexpr int kDepth = 32; // containers in containers
constexpr int kColumns = 64;
constexpr int kCells = 4000;
constexpr int kLeaves = 20000;
constexpr int kLeafText = 4000; // UTF-16 units of one laid-out piece; longer ones are cut into pieces that join
constexpr int kLineMarks = 64;  // container marks at the start of one line
constexpr std::size_t kBytes = 4u << 20; // of Markdown that is parsed at all
} // namespace limits

struct ParsedMarkdown {
    std::vector<Leaf> leaves;
    /// Calls of the parser into ours: a measure of work that does not depend on the machine.
    long callbacks = 0;
    bool asSource = false; // a limit was met: the leaves hold the source
};

/// CommonMark with tables, strike-through, task lists and bare links, read by md4c. Raw HTML stays text; images become
/// their alternative text; nothing is loaded. `streaming`: the text still grows, so that what is open at its end (a
/// fence, emphasis, the first line of a table) is shown as if closed, or held back until it is clear what it is.
/// Any UTF-8 is accepted, invalid bytes become U+FFFD. Never fails. Any thread.
[[nodiscard]] ParsedMarkdown parseMarkdown(std::string_view utf8, bool streaming = false);

/// `text` as leaves of that kind, cut into pieces of at most kLeafText units that join.
[[nodiscard]] std::vector<Leaf> plainLeaves(const QString &text, LeafKind kind);

} // namespace tramontane::ui
