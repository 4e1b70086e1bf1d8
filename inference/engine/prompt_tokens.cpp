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

std::string wholeText(const std::vector<PromptPart> &parts)
{
    std::string whole;
    for (const PromptPart &part : parts)
        whole += part.text;
    return whole;
}

std::string_view trimmed(std::string_view text)
{
    constexpr const char *kWhite = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kWhite);
    return first == std::string_view::npos ? text : text.substr(first, text.find_last_not_of(kWhite) - first + 1);
}

/// Cuts `text` out of the parts that claim to be the template's.
std::vector<PromptPart> markAgain(const std::vector<PromptPart> &parts, std::string_view text)
{
    std::vector<PromptPart> out;
    for (const PromptPart &part : parts) {
        std::string_view rest = part.text;
        for (auto at = rest.find(text); part.fromTemplate && at != std::string_view::npos; at = rest.find(text)) {
            out.push_back({true, std::string(rest.substr(0, at))});
            out.push_back({false, std::string(text)});
            rest.remove_prefix(at + text.size());
        }
        out.push_back({part.fromTemplate, std::string(rest)});
    }
    return out;
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
Result<TokenIds> PromptTokens::expectedControls(std::vector<protocol::Turn> turns, bool continueLast) const
{
    for (protocol::Turn &turn : turns) {
        for (const std::string &word : m_controlWords) {
            for (auto at = turn.text.find(word); at != std::string::npos; at = turn.text.find(word, at))
                turn.text.replace(at, word.size(), word.size(), 'x');
        }
    }
    const auto parts = m_chat.render(turns, continueLast);
    if (!parts)
        return parts.error();
    return controlIdsOfTemplate(*parts);
}

Result<TokenIds> PromptTokens::keptApart(std::vector<PromptPart> parts, const std::vector<protocol::Turn> &turns,
                                         bool continueLast) const
{
    const auto expected = expectedControls(turns, continueLast);
    if (!expected)
        return expected.error();
    if (controlIdsOfTemplate(parts) != *expected) {
        // Some filters of the template language lose the mark. Where the text is still whole it can be found again.
        for (const protocol::Turn &turn : turns) {
            if (holdsControlWord(turn.text))
                parts = markAgain(parts, trimmed(turn.text));
        }
    }
    if (controlIdsOfTemplate(parts) == *expected)
        return inPieces(parts);
    return Error{
        ErrorCode::InvalidArgument,
        "The conversation holds a control word of this model, and the model's template does not keep it apart. "
        "Remove the word or choose another model.",
        "input mark lost"};
}

Result<TokenIds> PromptTokens::make(const std::vector<protocol::Turn> &turns, bool continueLast) const
{
    auto parts = m_chat.render(turns, continueLast);
    if (!parts)
        return parts.error();
    const bool harmless = std::none_of(turns.begin(), turns.end(),
                                       [&](const protocol::Turn &turn) { return holdsControlWord(turn.text); });
    TokenIds body = harmless ? tokenizeText(m_vocab, wholeText(*parts), true) : TokenIds();
    if (!harmless || controlIds(body) != controlIdsOfTemplate(*parts)) {
        auto apart = keptApart(std::move(*parts), turns, continueLast);
        if (!apart)
            return apart.error();
        body = std::move(*apart);
    }
    TokenIds tokens;
    if (llama_vocab_get_add_bos(m_vocab) && llama_vocab_bos(m_vocab) != LLAMA_TOKEN_NULL)
        tokens.push_back(llama_vocab_bos(m_vocab));
    append(tokens, body);
    if (llama_vocab_get_add_eos(m_vocab) && llama_vocab_eos(m_vocab) != LLAMA_TOKEN_NULL)
        tokens.push_back(llama_vocab_eos(m_vocab));
    return tokens;
}

} // namespace tramontane::engine
