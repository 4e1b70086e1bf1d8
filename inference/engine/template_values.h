// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/chat_template.h"

#include <vector>

struct common_chat_template;

namespace tramontane::engine {

/// Runs a template over a conversation with the text of the turns marked as input; roles and the model's own words are
/// not marked. The inputs are prepared as common/chat.cpp does it. Throws what the template throws.
[[nodiscard]] std::vector<PromptPart> renderMarked(const common_chat_template &chat,
                                                   const std::vector<protocol::Turn> &turns);

} // namespace tramontane::engine
