// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/prompt/rerank_prompt.h"

#include <algorithm>

namespace tramontane::engine {

namespace {

constexpr std::string_view kQuery = "{query}";
constexpr std::string_view kDocument = "{document}";

void append(TokenIds &tokens, bool wanted, llama_token token)
{
    if (wanted && token != LLAMA_TOKEN_NULL)
        tokens.push_back(token);
}

void append(TokenIds &tokens, const TokenIds &more)
{
    tokens.insert(tokens.end(), more.begin(), more.end());
}

} // namespace

RerankPrompt::RerankPrompt(const llama_model *model) : m_vocab(llama_model_get_vocab(model))
{
    if (const char *found = llama_model_chat_template(model, "rerank"); found != nullptr && *found != '\0') {
        m_template = found;
        m_words.emplace(m_vocab, m_template);
    }
}

TokenIds RerankPrompt::make(std::string_view query, std::string_view document) const
{
    if (m_words)
        return fromTemplate(query, document);
    const llama_token eos = llama_vocab_eos(m_vocab);
    const llama_token end = eos != LLAMA_TOKEN_NULL ? eos : llama_vocab_sep(m_vocab);
    const bool ends = llama_vocab_get_add_eos(m_vocab);
    TokenIds tokens;
    append(tokens, llama_vocab_get_add_bos(m_vocab), llama_vocab_bos(m_vocab));
    append(tokens, tokenizeText(m_vocab, query, false));
    append(tokens, ends, end);
    append(tokens, llama_vocab_get_add_sep(m_vocab), llama_vocab_sep(m_vocab));
    append(tokens, tokenizeText(m_vocab, document, false));
    append(tokens, ends, end);
    return tokens;
}

TokenIds RerankPrompt::fromTemplate(std::string_view query, std::string_view document) const
{
    std::string text;
    std::string_view rest = m_template;
    while (!rest.empty()) {
        const std::size_t place = std::min(rest.find(kQuery), rest.find(kDocument));
        text += rest.substr(0, place);
        if (place == std::string_view::npos)
            break;
        rest.remove_prefix(place);
        const bool isQuery = rest.starts_with(kQuery);
        text += m_words->shield(isQuery ? query : document);
        rest.remove_prefix(isQuery ? kQuery.size() : kDocument.size());
    }
    return m_words->tokenize(text);
}

} // namespace tramontane::engine
