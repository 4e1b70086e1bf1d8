// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/prompt/prompt_input.h"

#include <chat-auto-parser.h>
#include <chat.h>

namespace tramontane::engine {

/// A conversation as common's chat functions take it. Throws what common throws.
[[nodiscard]] common_chat_templates_inputs templateInputs(const PromptInput &prompt);

/// The same, prepared for one template as common/chat.cpp does it in common_chat_templates_apply, but without making a
/// parser: that costs many renderings, and a prompt needs one. Not for a prompt whose last turn is a prefix.
[[nodiscard]] autoparser::generation_params renderInputs(const common_chat_templates_inputs &inputs,
                                                         const common_chat_template &chat);

} // namespace tramontane::engine
