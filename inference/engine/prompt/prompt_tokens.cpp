// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/prompt/prompt_tokens.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <set>

namespace tramontane::engine {

namespace {

Error wouldSteer()
{
    return {ErrorCode::InvalidArgument,
            "The conversation holds a control word of this model, and the model's template does not keep it apart. "
            "Remove the word or choose another model.",
            "control words of the prompt differ from those of the same prompt with harmless text"};
}

void plain(std::string &text)
{
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c < 0x7F; }, 'x');
}

/// The same form with other words: many templates write a tag of their own for each argument of a call. `all`: also
/// the names; else only texts for people, because a template looks for the words of JSON Schema.
nlohmann::json plainJson(const nlohmann::json &json, bool all)
{
    static const std::set<std::string> kForPeople{"title", "description", "default", "examples", "const", "enum"};
    if (json.is_string()) {
        std::string text = json.get<std::string>();
        plain(text);
        return text;
    }
    nlohmann::json result = json;
    if (json.is_array())
        std::transform(json.begin(), json.end(), result.begin(),
                       [=](const auto &value) { return value.is_string() && !all ? value : plainJson(value, all); });
    if (!json.is_object())
        return result;
    result = nlohmann::json::object();
    for (const auto &[name, value] : json.items()) {
        const bool plainly = all || kForPeople.contains(name);
        result[all ? "k" + std::to_string(result.size()) : name] =
            value.is_string() && !plainly ? value : plainJson(value, plainly);
    }
    return result;
}

/// `json` has passed checkPrompt(): an object, or empty.
void plainJson(std::string &json, bool all)
{
    if (!json.empty())
        json = plainJson(nlohmann::json::parse(json), all).dump();
}

/// The same conversation with nothing in its texts that could be a control word.
PromptInput harmless(PromptInput prompt)
{
    for (ChatTurn &turn : prompt.turns) {
        plain(turn.text);
        plain(turn.reasoning);
        for (ToolCall &call : turn.toolCalls)
            plainJson(call.arguments, true);
        for (Passage &document : turn.documents) {
            plain(document.title);
            plain(document.text);
        }
    }
    for (ToolDefinition &tool : prompt.shape.tools) {
        plain(tool.description);
        plainJson(tool.parameters, false);
    }
    return prompt;
}

/// The text before, between and after the images. Empty: they are not there in their order, each once.
std::vector<std::string_view> aroundImages(std::string_view rendered, std::size_t images)
{
    std::vector<std::string_view> texts;
    for (std::size_t i = 0; i < images; ++i) {
        const std::string mark = imageMark(i);
        const std::size_t at = rendered.find(kImageMark);
        if (at == std::string_view::npos || !rendered.substr(at).starts_with(mark))
            return {};
        texts.push_back(rendered.substr(0, at));
        rendered.remove_prefix(at + mark.size());
    }
    if (rendered.find(kImageMark) != std::string_view::npos)
        return {};
    texts.push_back(rendered);
    return texts;
}

/// What the template can say: its source, and a conversation, because some put their control words together from pieces.
std::string saidBy(const ChatTemplate &chat)
{
    const auto rendered = chat.render({{{Role::User, "a"}, {Role::Assistant, "b"}, {Role::User, "c"}}});
    return chat.source() + (rendered ? *rendered : std::string());
}

/// Conversations with every control word in every place.
std::vector<PromptInput> probes(const std::vector<std::string> &words)
{
    std::string all;
    for (const std::string &word : words)
        all += word + " ";
    const ChatTurn question{Role::User, all};
    const ToolDefinition tool{"probe", all, R"({"type":"object","properties":{"a":{"type":"string"}}})"};
    // A vocabulary may hold words that are no UTF-8.
    const auto lenient = nlohmann::json::error_handler_t::replace;
    const std::string arguments = R"({"a":)" + nlohmann::json(all).dump(-1, ' ', false, lenient) + "}";
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
    : m_vocab(vocab), m_chat(chat), m_words(vocab, saidBy(chat)), m_mistral(mistralVersionOf(vocab, chat))
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
                 [this](llama_token token) { return m_words.contains(token); });
    return controls;
}

Result<std::vector<TokenIds>> PromptTokens::fromTemplate(const PromptInput &prompt, std::size_t images) const
{
    const auto rendered = m_chat.render(shielded(prompt, m_words));
    if (!rendered)
        return rendered.error();
    // Where the layout is used else, nobody has looked at the template.
    if ((!m_keepsApart || m_mistral) && steers(prompt))
        return wouldSteer();
    const auto texts = aroundImages(*rendered, images);
    if (texts.empty())
        return Error{ErrorCode::ModelUnsupported, "The chat template of the model does not allow images.",
                     "an image is not where its turn is"};
    std::vector<TokenIds> stretches;
    stretches.reserve(texts.size());
    for (const std::string_view text : texts)
        stretches.push_back(m_words.tokenize(text));
    return stretches;
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
    auto all = stretches(prompt);
    if (!all)
        return all.error();
    return std::move(all->front());
}

Result<std::vector<TokenIds>> PromptTokens::stretches(const PromptInput &prompt) const
{
    if (const Status checked = checkPrompt(prompt); !checked)
        return checked.error();
    const std::size_t images =
        std::accumulate(prompt.turns.begin(), prompt.turns.end(), std::size_t{0},
                        [](std::size_t sum, const ChatTurn &turn) { return sum + turn.images.size(); });
    if (m_mistral && images == 0) {
        auto body = fromLayout(prompt);
        return body ? Result<std::vector<TokenIds>>({std::move(*body)}) : body.error();
    }
    auto body = fromTemplate(prompt, images);
    if (!body)
        return body.error();
    TokenIds &first = body->front();
    if (llama_vocab_get_add_bos(m_vocab) && llama_vocab_bos(m_vocab) != LLAMA_TOKEN_NULL)
        first.insert(first.begin(), llama_vocab_bos(m_vocab));
    if (llama_vocab_get_add_eos(m_vocab) && llama_vocab_eos(m_vocab) != LLAMA_TOKEN_NULL)
        body->back().push_back(llama_vocab_eos(m_vocab));
    return body;
}

} // namespace tramontane::engine
