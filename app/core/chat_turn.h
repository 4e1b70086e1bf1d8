// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/conversation.h"
#include "app/core/image.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a model is given and what form its answer must have. Plain data, UTF-8, any thread.
namespace tramontane {

/// Something a model may ask for. Nothing here runs anything: a call is text until a person's program answers it.
struct ToolDefinition {
    std::string name; // 1-64 of A-Z a-z 0-9 _ -
    std::string description;
    std::string parameters; // JSON Schema of an object; empty: it takes none
};

/// A call as a model wrote it.
struct ToolCall {
    std::string id;
    std::string name;
    std::string arguments; // JSON object; empty: none
};

/// Whether a model may or must call tools.
enum class ToolChoice { Auto, None, Required };

/// A piece of a document that goes with a turn.
struct Passage {
    std::string title;
    std::string text;
};

/// One turn as the model sees it. All texts come from people, documents, tools or models: control words of the model
/// in them stay text.
struct ChatTurn {
    Role role = Role::User;
    std::string text;
    std::string reasoning{};           // Assistant: what it thought before `text`
    std::vector<ToolCall> toolCalls{}; // Assistant, after `text`
    std::string toolCallId{};          // Tool: the call that `text` answers
    std::string toolName{};            // Tool: the name in that call
    std::vector<Passage> documents{};  // User and Tool: shown before `text`
    bool prefix = false;               // Assistant, last turn: the answer goes on where `text` ends
    std::vector<ImageRef> images{};    // User: shown before `documents`
};

/// What may be in an answer beside free text.
struct AnswerShape {
    std::vector<ToolDefinition> tools{};
    ToolChoice toolChoice = ToolChoice::Auto;
    bool parallelToolCalls = true;
    std::string jsonSchema{};      // the answer is a JSON text that this schema allows; empty: free
    std::string reasoningEffort{}; // for models that know it ("none", "high"); empty: the model's default
    /// Nothing but free text is wanted.
    [[nodiscard]] bool isFree() const { return tools.empty() && jsonSchema.empty(); }
};

[[nodiscard]] std::string_view toolChoiceName(ToolChoice choice) noexcept;
[[nodiscard]] std::optional<ToolChoice> toolChoiceFromName(std::string_view name) noexcept;

} // namespace tramontane
