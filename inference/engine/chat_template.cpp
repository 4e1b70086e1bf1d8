// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/chat_template.h"

#include "app/core/digest.h"
#include "inference/engine/model_errors.h"
#include "inference/engine/template_values.h"

#include <chat.h>

#include <algorithm>
#include <exception>

namespace tramontane::engine {

struct ChatTemplate::Parsed {
    common_chat_templates_ptr templates; // as common prepared them: source patched, defaults filled in
    std::unique_ptr<common_chat_template> program;
    bool addBos = false;
    bool addEos = false;
};

namespace {

std::string specialText(const llama_vocab *vocab, llama_token token)
{
    return token == LLAMA_TOKEN_NULL ? std::string() : common_token_to_piece(vocab, token, true);
}

/// The tokenizer adds these itself; twice would be wrong.
void dropBeginning(std::vector<PromptPart> &parts, const std::string &text)
{
    if (!text.empty() && !parts.empty() && parts.front().fromTemplate && parts.front().text.starts_with(text))
        parts.front().text.erase(0, text.size());
}

void dropEnd(std::vector<PromptPart> &parts, const std::string &text)
{
    if (!text.empty() && !parts.empty() && parts.back().fromTemplate && parts.back().text.ends_with(text))
        parts.back().text.erase(parts.back().text.size() - text.size());
}

} // namespace

ChatTemplate::ChatTemplate(std::unique_ptr<Parsed> parsed) : m_parsed(std::move(parsed)) {}
ChatTemplate::~ChatTemplate() = default;
ChatTemplate::ChatTemplate(ChatTemplate &&) noexcept = default;
ChatTemplate &ChatTemplate::operator=(ChatTemplate &&) noexcept = default;

Result<ChatTemplate> ChatTemplate::ofModel(const llama_model *model)
{
    const llama_vocab *vocab = llama_model_get_vocab(model);
    if (llama_model_chat_template(model, nullptr) == nullptr)
        return modelUnsupported("The model has no chat template: it continues text but does not hold conversations.");
    return make(model, {}, specialText(vocab, llama_vocab_bos(vocab)), specialText(vocab, llama_vocab_eos(vocab)));
}

Result<ChatTemplate> ChatTemplate::ofSource(const std::string &source, const std::string &bos, const std::string &eos)
{
    return make(nullptr, source, bos, eos);
}

Result<ChatTemplate> ChatTemplate::make(const llama_model *model, const std::string &source, const std::string &bos,
                                        const std::string &eos)
{
    try {
        auto parsed = std::make_unique<Parsed>();
        parsed->templates = common_chat_templates_init(model, source, bos, eos);
        const std::string prepared = common_chat_templates_source(parsed->templates.get());
        parsed->program = std::make_unique<common_chat_template>(prepared, bos, eos);
        if (model != nullptr) {
            parsed->addBos = llama_vocab_get_add_bos(llama_model_get_vocab(model));
            parsed->addEos = llama_vocab_get_add_eos(llama_model_get_vocab(model));
        }
        ChatTemplate chat(std::move(parsed));
        chat.learnReasoning();
        return chat;
    } catch (const std::exception &) {
        return modelUnsupported("The model's chat template cannot be read.");
    }
}

Result<std::vector<PromptPart>> ChatTemplate::render(const std::vector<protocol::Turn> &turns, bool continueLast) const
{
    if (continueLast && (turns.empty() || turns.back().role != Role::Assistant || turns.back().text.empty()))
        return Error{ErrorCode::InvalidArgument, "There is no answer to go on with.", "last turn"};
    if (continueLast) {
        auto parts = render({turns.begin(), turns.end() - 1});
        if (parts)
            parts->push_back({false, turns.back().text});
        return parts;
    }
    if (turns.empty())
        return Error{ErrorCode::InvalidArgument, "There is no question to answer.", "no turns"};
    try {
        auto parts = renderMarked(*m_parsed->program, turns);
        if (m_parsed->addBos)
            dropBeginning(parts, m_parsed->program->bos_token());
        if (m_parsed->addEos)
            dropEnd(parts, m_parsed->program->eos_token());
        return parts;
    } catch (const std::exception &) {
        // The exception's text may quote the conversation.
        return Error{ErrorCode::InvalidArgument, "The model's chat template refuses this conversation.",
                     std::to_string(turns.size()) + " turns"};
    }
}

void ChatTemplate::learnReasoning()
{
    common_chat_templates_inputs inputs;
    common_chat_msg question;
    question.role = "user";
    question.content = "?";
    inputs.messages.push_back(question);
    inputs.reasoning_format = COMMON_REASONING_FORMAT_DEEPSEEK;
    try {
        const common_chat_params params = common_chat_templates_apply(m_parsed->templates.get(), inputs);
        m_stops = params.additional_stops;
        m_preserved = params.preserved_tokens;
        if (!params.supports_thinking || params.thinking_start_tag.empty())
            return;
        m_reasoning.start = params.thinking_start_tag;
        m_reasoning.ends = params.thinking_end_tags;
        std::string beginning = params.generation_prompt;
        beginning.erase(beginning.find_last_not_of(" \t\r\n") + 1);
        m_reasoning.begun = beginning.ends_with(m_reasoning.start);
    } catch (const std::exception &) {
        // Without an analysis the template still renders; the answer is then shown as it comes.
        m_reasoning = {};
    }
}

std::string ChatTemplate::sha256() const
{
    return toHex(tramontane::sha256(m_parsed->program->source()));
}

} // namespace tramontane::engine
