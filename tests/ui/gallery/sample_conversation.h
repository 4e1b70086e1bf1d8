// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/transcript/transcript_item.h"

#include <vector>

// Invented conversations for the gallery. Names and figures are examples.
namespace tramontane::gallery {

/// A question, an answer with table and code, versions and figures.
[[nodiscard]] std::vector<ui::TranscriptItem> answeredConversation();
/// In German: reasoning folded, an answer that is being written.
[[nodiscard]] std::vector<ui::TranscriptItem> streamingConversation();
/// An error block, a notice, lists, quotes, links, inline code, a task list.
[[nodiscard]] std::vector<ui::TranscriptItem> variedConversation();

} // namespace tramontane::gallery
