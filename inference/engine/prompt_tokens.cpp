// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/prompt_tokens.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>

namespace tramontane::engine {

namespace {

Error wouldSteer()
{
    return {ErrorCode::InvalidArgument,
            "The conversation holds a control word of this model, and the model's template does not keep it apart. "
            "Remove the word or choose another model.",
            "control words of the prompt differ from those of the same prompt with harmless text"};
}

/// The same conversation with nothing in its texts that could be a control word.
PromptInput harmless(PromptInput prompt)
{
    const auto plain = [](std::string &text) {
        std::replace_if(
            text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c < 0x7F; }, 'x');
    };
    for (ChatTurn &turn : prompt.turns) {
        plain(turn.text);
        plain(turn.reasoning);
        for (ToolCall &call : turn.toolCalls)
            call.arguments.clear();
        for (Passage &document : turn.documents) {
            plain(document.title);
            plain(document.text);
        }
    }
    for (ToolDefinition &tool : prompt.shape.tools)
        plain(tool.description);
    return prompt;
}

/// Conversations with every control word in every place.
std::vector<PromptInput> probes(const std::vector<std::string> &words)
{
    std::string all;
    for (const std::string &word : words)
        all += word + " ";
    const ChatTurn question{Role::User, all};
    const ToolDefinition tool{"probe", all, R"({"type":"object","properties":{"a":{"type":"string"}}})"};
    const std::string arguments = R"({"a":)" + nlohmann::json(all).dump() + "}";
    return {
        {{{Role::System, all}, question, {Role::Assistant, all}, question}},
        {{question,
          {Role::Assistant, "", "", {{"abcDEF123", "probe", arguments}}},
          {Role::Tool, all, "", {}, "abcDEF123", "probe"}},
         {{tool}}},
    };
}

} // namespace

PromptTokens::PromptTokens(const llama_vocab *vocab, const ChatTemplate &chat)
    : m_vocab(vocab), m_chat(chat), m_words(vocab), m_mistral(mistralVersionOf(vocab, chat))
{
    if (!m_mistral) {
        const auto all = probes(m_words.words());
        m_keepsApart = std::all_of(all.begin(), all.end(), [this](const PromptInput &probe) { return !steers(probe); });
    }
}

/// Whether something in the texts has become a control token.
bool PromptTokens::steers(const PromptInput &prompt) const
{
    const auto rendered = m_chat.render(shielded(prompt, m_words));
    const auto expected = m_chat.render(shielded(harmless(prompt), m_words));
    return rendered && expected && controlsOf(*rendered) != controlsOf(*expected);
}

TokenIds PromptTokens::controlsOf(const std::string &rendered) const
{
    const TokenIds tokens = m_words.tokenize(rendered);
    TokenIds controls;
    std::copy_if(tokens.begin(), tokens.end(), std::back_inserter(controls),
                 [this](llama_token token) { return isControl(m_vocab, token); });
    return controls;
}

Result<TokenIds> PromptTokens::fromTemplate(const PromptInput &prompt) const
{
    const auto rendered = m_chat.render(shielded(prompt, m_words));
    if (!rendered)
        return rendered.error();
    if (!m_keepsApart && steers(prompt))
        return wouldSteer();
    return m_words.tokenize(*rendered);
}

Result<TokenIds> PromptTokens::fromLayout(const PromptInput &prompt) const
{
    const auto pieces = mistralLayout(*m_mistral, prompt);
    if (!pieces)
        return pieces.error();
    return mistralTokens(m_vocab, *pieces);
}

Result<TokenIds> PromptTokens::make(const PromptInput &prompt) const
{
    if (const Status checked = checkPrompt(prompt); !checked)
        return checked.error();
    auto body = m_mistral ? fromLayout(prompt) : fromTemplate(prompt);
    if (!body)
        return body.error();
    if (m_mistral)
        return body;
    TokenIds tokens;
    if (llama_vocab_get_add_bos(m_vocab) && llama_vocab_bos(m_vocab) != LLAMA_TOKEN_NULL)
        tokens.push_back(llama_vocab_bos(m_vocab));
    tokens.insert(tokens.end(), body->begin(), body->end());
    if (llama_vocab_get_add_eos(m_vocab) && llama_vocab_eos(m_vocab) != LLAMA_TOKEN_NULL)
        tokens.push_back(llama_vocab_eos(m_vocab));
    return tokens;
}

} // namespace tramontane::engine
