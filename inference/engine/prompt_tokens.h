// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/chat_template.h"

#include <llama.h>

#include <string>
#include <string_view>
#include <vector>

namespace tramontane::engine {

using TokenIds = std::vector<llama_token>;

/// Turns a conversation into tokens so that control words in a person's, document's or model's text stay text: only
/// pieces that come from the template can become control tokens. One thread at a time.
class PromptTokens {
public:
    /// Both must outlive the object.
    PromptTokens(const llama_vocab *vocab, const ChatTemplate &chat);

    /// The tokens of the prompt, ready to be decoded. Harmless text is tokenised in one piece, as the model was trained;
    /// text that holds a control word piece by piece. Errors: InvalidArgument when the template refuses the conversation,
    /// or changes a turn with a control word so that it cannot be kept apart. `continueLast` as ChatTemplate::render.
    [[nodiscard]] Result<TokenIds> make(const std::vector<protocol::Turn> &turns, bool continueLast = false) const;

private:
    [[nodiscard]] bool holdsControlWord(std::string_view text) const;
    [[nodiscard]] TokenIds controlIds(const TokenIds &tokens) const;
    [[nodiscard]] TokenIds controlIdsOfTemplate(const std::vector<PromptPart> &parts) const;
    [[nodiscard]] TokenIds inPieces(const std::vector<PromptPart> &parts) const;
    [[nodiscard]] Result<TokenIds> expectedControls(std::vector<protocol::Turn> turns, bool continueLast) const;
    [[nodiscard]] Result<TokenIds> keptApart(std::vector<PromptPart> parts, const std::vector<protocol::Turn> &turns,
                                             bool continueLast) const;

    const llama_vocab *m_vocab;
    const ChatTemplate &m_chat;
    std::vector<std::string> m_controlWords;
};

/// `special`: control words become control tokens. Nothing is added at the beginning or the end.
[[nodiscard]] TokenIds tokenizeText(const llama_vocab *vocab, std::string_view text, bool special);

} // namespace tramontane::engine
