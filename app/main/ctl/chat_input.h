// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/chat_turn.h"
#include "app/core/model.h"
#include "app/core/result.h"
#include "app/core/sampling.h"
#include "app/services/answer_adapters.h"

#include <string>
#include <vector>

namespace tramontane::ctl {

/// What `chat` was asked to do.
struct ChatInput {
    std::string text; // "-": standard input
    std::string model;
    std::string conversation;
    std::string systemPrompt;
    std::string grammarFile;
    std::string schemaFile;
    std::string toolsFile;
    std::string toolChoice = "auto";
    std::vector<std::string> biases; // TOKEN=BIAS
    std::string flashAttention = "auto";
    std::string speculation = "off";
    std::string draft;                     // a model of the catalogue
    std::vector<std::string> adapterTexts; // FILE or FILE=SCALE
    std::vector<AdapterWish> adapters;     // the same, read
    std::vector<std::string> images;       // PNG or JPEG files
    std::string projector;                 // empty: the one beside the model
    AnswerShape shape;                     // what the files and options about the form of the answer say
    std::string beginning;
    bool goOn = false; // with the newest answer of the conversation
    SamplingParameters sampling;
    LoadOptions load;
    bool deterministic = false;
};

/// Replaces "-" by what standard input holds, reads the files and makes `shape`, `sampling`, `adapters` and `load` of the options.
/// Errors: Usage, InvalidArgument (larger than 4 MiB, or not UTF-8), GrammarInvalid (an empty file).
[[nodiscard]] Status readChatInput(ChatInput &input);

} // namespace tramontane::ctl
