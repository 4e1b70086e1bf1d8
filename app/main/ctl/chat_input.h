// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/model.h"
#include "app/core/result.h"

#include <string>

namespace tramontane::ctl {

/// What `chat` was asked to do.
struct ChatInput {
    std::string text; // "-": standard input
    std::string model;
    std::string conversation;
    std::string systemPrompt;
    std::string grammarFile;
    std::string schemaFile;
    std::string jsonSchema; // what schemaFile holds
    SamplingParameters sampling;
    LoadOptions load;
    bool deterministic = false;
};

/// Replaces "-" by what standard input holds and reads the grammar and schema files. Errors: Usage, InvalidArgument (larger than
/// 4 MiB, or not UTF-8).
[[nodiscard]] Status readChatInput(ChatInput &input);

} // namespace tramontane::ctl
