// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/inference_provider.h"
#include "app/core/conversation.h"

#include <string>
#include <vector>

namespace tramontane {

/// More text than this is given to no model: it would not fit into a frame of the worker's pipe either, and to count its
/// tokens would take minutes.
inline constexpr std::int64_t kMostContextBytes = 4 * 1024 * 1024;

/// What a model is given for one answer, and of which messages it consists. Plain data.
struct ContextPlan {
    std::int64_t bytes = 0; // of all text; beyond kMostContextBytes there are no turns and no messages
    std::vector<ChatTurn> turns;
    std::vector<MessageId> messages; // those whose text is in `turns`
    std::string systemPrompt;
};

/// System prompt, then `thread` in order. Only what was said goes in: text and code, tool calls and their results (a block
/// of kind ToolResult with the call's id as detail), images of questions (only which they are), no error, notice or reasoning blocks; messages without are left out. Neighbours of one role (a question that never got an answer)
/// become one turn, because many templates demand that roles alternate. Any thread.
[[nodiscard]] ContextPlan planContext(const std::string &systemPrompt, const std::vector<Message> &thread);

/// Errors: ContextFull for more than kMostContextBytes.
[[nodiscard]] Status checkLength(const ContextPlan &plan);

/// The tokens kept free for the answer: `maxTokens`, but at most a quarter of the context.
[[nodiscard]] int answerReserve(int maxTokens, int contextTokens);

/// Whether prompt and reserve fit; then 0 <= promptTokens <= contextTokens. Errors: ContextFull; the message gives the
/// three figures and says what to do. EngineProtocol for sizes that cannot be.
[[nodiscard]] Status checkFits(const PromptSize &size, int maxTokens);

/// Provenance::contextJson: ids, counts and the SHA-256 of the system prompt; no text.
[[nodiscard]] std::string contextJson(const ContextPlan &plan, const PromptSize &size, int maxTokens);

} // namespace tramontane
