// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/chat_turn.h"
#include "app/core/result.h"
#include "inference/engine/prompt/control_words.h"
#include "inference/protocol/messages.h"

#include <string>
#include <vector>

namespace tramontane::engine {

/// Limits of a request that no model sets.
inline constexpr std::size_t kMostTools = 128;

/// What a prompt is made of.
struct PromptInput {
    std::vector<ChatTurn> turns;
    AnswerShape shape{};
};

[[nodiscard]] PromptInput promptOf(const protocol::Generate &request);
[[nodiscard]] PromptInput promptOf(const protocol::Measure &request);

/// Order and form of a conversation, before any template sees it. Errors: InvalidArgument: no turns; tools of another
/// name or number than allowed, or the same name twice; parameters or arguments that are no JSON object; `prefix`
/// elsewhere than in a last turn of the assistant; images as checkImages().
[[nodiscard]] Status checkPrompt(const PromptInput &prompt);

/// Stands for the `index`-th image of a conversation in shielded(). Begins and ends with a noncharacter (U+FDD1), which
/// shield() takes out of every text: nobody can write it.
[[nodiscard]] std::string imageMark(std::size_t index);

/// The text of a turn with its documents before it. Each document is fenced as Markdown fences code, by more backticks
/// than it has in a row itself, so that no document can end early or begin another.
[[nodiscard]] std::string textWithDocuments(const ChatTurn &turn);

/// The same conversation with images (as their marks) and documents made part of the text, and every text shielded.
/// `prompt` has passed checkPrompt().
[[nodiscard]] PromptInput shielded(const PromptInput &prompt, const ControlWords &words);

} // namespace tramontane::engine
