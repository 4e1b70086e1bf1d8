// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/answer/answer_format.h"

#include <chat.h>

namespace tramontane::engine {

struct AnswerFormat::Parts {
    common_chat_params params;
    common_chat_parser_params parser;
};

} // namespace tramontane::engine
