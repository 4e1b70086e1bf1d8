// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/prompt/chat_template.h"
#include "inference/engine/prompt/control_words.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Prompts of Mistral's models as `mistral-common` makes them (its protocol/instruct/normalize.py and
// tokens/tokenizers/instruct.py; the test compares with version 1.13.1). Chat templates cannot say where one text ends
// and the next begins, and differ from it in spaces, JSON and tool results.
namespace tramontane::engine {

enum class MistralVersion { V1, V2, V3, V7, V11, V13, V15 };

[[nodiscard]] std::string_view mistralVersionName(MistralVersion version) noexcept; // "v7"

/// A piece of a prompt. Text is tokenised by itself and never becomes a control token.
struct LayoutPiece {
    enum class Kind { Begin, End, Control, Text };
    Kind kind = Kind::Text;
    std::string text; // of Control and Text
    bool operator==(const LayoutPiece &) const = default;
};

/// The conversation in the layout of a version, from the beginning-of-text token on. `prompt` has passed checkPrompt().
/// What a person may see differently from mistral-common, which refuses it: reasoning is left out before v13, and ids of
/// calls that are not 9 letters or digits are replaced by such ids. Errors: InvalidArgument: tools in v1; an answer
/// with text and calls before v7; two results to one v2 call; an answer at the end that is no prefix; an empty answer;
/// a reasoning effort before v15 or of another name than "none" and "high".
[[nodiscard]] Result<std::vector<LayoutPiece>> mistralLayout(MistralVersion version, const PromptInput &prompt);

/// The pieces as tokens of a vocabulary that has all their control words.
[[nodiscard]] TokenIds mistralTokens(const llama_vocab *vocab, const std::vector<LayoutPiece> &pieces);

/// Which layout a model was trained with: its template names [INST]; the newest control word in the template
/// ([MODEL_SETTINGS] v15, [THINK] v13, [CALL_ID] v11, [SYSTEM_PROMPT] v7, call_id v3, [TOOL_RESULTS] v2, no control words
/// v1) says the version; the vocabulary has every control word of that layout; and the template's rendering of a short
/// conversation is that of the layout, white space apart. Nothing: not one of these models, or a changed template, which
/// is then obeyed.
[[nodiscard]] std::optional<MistralVersion> mistralVersionOf(const llama_vocab *vocab, const ChatTemplate &chat);

} // namespace tramontane::engine
