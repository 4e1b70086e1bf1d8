// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/transcript/block_tree.h"

#include <vector>

// Leaves back into text: for copying, for screen readers, for tests. Any thread.
namespace tramontane::ui {

/// The part [from, to) of a leaf of text, with its spans; marker and containers stay only when `from` is 0.
[[nodiscard]] Leaf sliceLeaf(const Leaf &leaf, int from, int to);

/// What stands between two leaves in plain text: nothing, one or two line feeds. Empty before the first.
[[nodiscard]] QString separatorBefore(const Leaf *previous, const Leaf &leaf);
/// What stands before a leaf's own text in plain text: indent and list marker.
[[nodiscard]] QString plainPrefix(const Leaf &leaf);
/// "•", "3.", a box: the mark as it is painted.
[[nodiscard]] QString markerText(const ListMarker &marker);

/// Leaves as Markdown that reads as the same leaves again (for what parseMarkdown() makes; other kinds as plain text).
[[nodiscard]] QString markdownOf(const Leaf &leaf);
[[nodiscard]] QString joinPlain(const std::vector<Leaf> &leaves);
/// Where the own text of each leaf starts in joinPlain().
[[nodiscard]] std::vector<int> plainStarts(const std::vector<Leaf> &leaves);
[[nodiscard]] QString joinMarkdown(const std::vector<Leaf> &leaves);

} // namespace tramontane::ui
