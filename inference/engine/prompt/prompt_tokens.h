// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/prompt/chat_template.h"
#include "inference/engine/prompt/control_words.h"
#include "inference/engine/prompt/mistral_layout.h"

#include <llama.h>

#include <optional>
#include <vector>

namespace tramontane::engine {

/// Turns a conversation into tokens so that control words in a person's, document's, tool's or model's text stay text:
/// only what the template says itself can become control tokens. One thread at a time.
class PromptTokens {
public:
    /// Both must outlive the object.
    PromptTokens(const llama_vocab *vocab, const ChatTemplate &chat);

    /// The tokens of a prompt without images, ready to be decoded. Text without control words is tokenised as llama_tokenize does it
    /// with the whole prompt, as the model was trained. Errors: InvalidArgument as checkPrompt(), when the template
    /// refuses the conversation, or when text of the conversation would steer the model (no known template lets it).
    [[nodiscard]] Result<TokenIds> make(const PromptInput &prompt) const;

    /// The same for a prompt with images, for which mtmd has tokens of its own: what stands before, between and after
    /// them; one more than there are images. Errors: as make(); ModelUnsupported when the template leaves an image out,
    /// moves it or repeats it.
    [[nodiscard]] Result<std::vector<TokenIds>> stretches(const PromptInput &prompt) const;

    /// The version of Mistral's own layout that is used instead of the template; nothing: the template is used, as it always is
    /// for images.
    [[nodiscard]] const std::optional<MistralVersion> &mistral() const noexcept { return m_mistral; }

private:
    [[nodiscard]] TokenIds controlsOf(const std::string &rendered) const;
    [[nodiscard]] bool steers(const PromptInput &prompt) const;
    [[nodiscard]] Result<std::vector<TokenIds>> fromTemplate(const PromptInput &prompt, std::size_t images) const;
    [[nodiscard]] Result<TokenIds> fromLayout(const PromptInput &prompt) const;

    const llama_vocab *m_vocab;
    const ChatTemplate &m_chat;
    ControlWords m_words;
    std::optional<MistralVersion> m_mistral;
    bool m_keepsApart = true; // false: the template undoes the marks, so every prompt is looked at
};

} // namespace tramontane::engine
