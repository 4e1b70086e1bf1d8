// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/prompt_tokens.h"

#include <algorithm>

namespace tramontane::engine {

namespace {

bool isControl(const llama_vocab *vocab, llama_token token)
{
    return (llama_vocab_get_attr(vocab, token) & (LLAMA_TOKEN_ATTR_CONTROL | LLAMA_TOKEN_ATTR_UNKNOWN)) != 0;
}

void append(TokenIds &tokens, const TokenIds &more)
{
    tokens.insert(tokens.end(), more.begin(), more.end());
}

} // namespace

TokenIds tokenizeText(const llama_vocab *vocab, std::string_view text, bool special)
{
    const auto length = static_cast<std::int32_t>(text.size());
    TokenIds tokens(text.size() + 8);
    auto count = llama_tokenize(vocab, text.data(), length, tokens.data(), static_cast<std::int32_t>(tokens.size()),
                                false, special);
    if (count < 0) {
        tokens.resize(static_cast<std::size_t>(-count));
        count = llama_tokenize(vocab, text.data(), length, tokens.data(), -count, false, special);
    }
    tokens.resize(static_cast<std::size_t>(std::max(count, 0)));
    return tokens;
}

PromptTokens::PromptTokens(const llama_vocab *vocab, const ChatTemplate &chat) : m_vocab(vocab), m_chat(chat)
{
    for (llama_token token = 0; token < llama_vocab_n_tokens(vocab); ++token) {
        if (isControl(vocab, token) && *llama_vocab_get_text(vocab, token) != '\0')
            m_controlWords.emplace_back(llama_vocab_get_text(vocab, token));
    }
}

bool PromptTokens::holdsControlWord(std::string_view text) const
{
    return std::any_of(m_controlWords.begin(), m_controlWords.end(),
                       [&](const std::string &word) { return text.find(word) != std::string_view::npos; });
}

TokenIds PromptTokens::controlIds(const TokenIds &tokens) const
{
    TokenIds ids;
    std::copy_if(tokens.begin(), tokens.end(), std::back_inserter(ids),
                 [&](llama_token token) { return isControl(m_vocab, token); });
    return ids;
}

TokenIds PromptTokens::controlIdsOfTemplate(const std::vector<PromptPart> &parts) const
{
    TokenIds ids;
    for (const PromptPart &part : parts) {
        if (part.fromTemplate)
            append(ids, controlIds(tokenizeText(m_vocab, part.text, true)));
    }
    return ids;
}

TokenIds PromptTokens::inPieces(const std::vector<PromptPart> &parts) const
{
    TokenIds tokens;
    for (const PromptPart &part : parts)
        append(tokens, tokenizeText(m_vocab, part.text, part.fromTemplate));
    return tokens;
}

/// The control tokens that the template sets for a conversation of this shape, with every control word in it broken.
Result<TokenIds> PromptTokens::expectedControls(std::vector<protocol::Turn> turns) const
{
    for (protocol::Turn &turn : turns) {
        for (const std::string &word : m_controlWords) {
            for (auto at = turn.text.find(word); at != std::string::npos; at = turn.text.find(word, at))
                turn.text.replace(at, word.size(), word.size(), 'x');
        }
    }
    const auto parts = m_chat.render(turns);
    if (!parts)
        return parts.error();
    return controlIdsOfTemplate(*parts);
}

Result<TokenIds> PromptTokens::make(const std::vector<protocol::Turn> &turns) const
{
    const auto parts = m_chat.render(turns);
    if (!parts)
        return parts.error();
    TokenIds tokens;
    if (llama_vocab_get_add_bos(m_vocab) && llama_vocab_bos(m_vocab) != LLAMA_TOKEN_NULL)
        tokens.push_back(llama_vocab_bos(m_vocab));

    const TokenIds controls = controlIdsOfTemplate(*parts);
    const bool harmless = std::none_of(turns.begin(), turns.end(),
                                       [&](const protocol::Turn &turn) { return holdsControlWord(turn.text); });
    TokenIds body;
    if (harmless) {
        // In one piece, as the model was trained: a tokenizer joins characters across the border of two pieces.
        std::string whole;
        for (const PromptPart &part : *parts)
            whole += part.text;
        body = tokenizeText(m_vocab, whole, true);
    } else {
        const auto expected = expectedControls(turns);
        if (!expected || *expected != controls) {
            return Error{ErrorCode::InvalidArgument,
                         "The conversation holds a control word of this model, and the model's template does not keep "
                         "it apart. Remove the word or choose another model.",
                         "input mark lost"};
        }
    }
    if (!harmless || controlIds(body) != controls)
        body = inPieces(*parts);
    append(tokens, body);
    if (llama_vocab_get_add_eos(m_vocab) && llama_vocab_eos(m_vocab) != LLAMA_TOKEN_NULL)
        tokens.push_back(llama_vocab_eos(m_vocab));
    return tokens;
}

} // namespace tramontane::engine
