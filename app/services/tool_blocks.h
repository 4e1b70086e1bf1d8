// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/chat_turn.h"
#include "app/core/conversation.h"

#include <vector>

namespace tramontane {

/// A call as a block: one JSON object with id, name and arguments (a text) on a line of its own. Pieces of a streamed
/// answer are joined by kind, so a block may hold several lines. Any thread.
[[nodiscard]] std::string toolCallLine(const ToolCall &call);

/// The calls in a block of kind ToolCall; lines that are none are left out.
[[nodiscard]] std::vector<ToolCall> toolCallsOf(const Block &block);

} // namespace tramontane
