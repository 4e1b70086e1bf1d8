// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/prompt/chat_template.h"

#include "app/core/digest.h"
#include "inference/engine/model/model_errors.h"
#include "inference/engine/prompt/template_inputs.h"

#include <exception>

namespace tramontane::engine {

struct ChatTemplate::Parsed {
    common_chat_templates_ptr templates; // as common prepared them: source patched, defaults filled in
    std::unique_ptr<common_chat_template> program;
    std::unique_ptr<common_chat_template> toolProgram; // some models have a template of its own for tools
    bool addBos = false;
    bool addEos = false;
};

namespace {

std::string specialText(const llama_vocab *vocab, llama_token token)
{
    return token == LLAMA_TOKEN_NULL ? std::string() : common_token_to_piece(vocab, token, true);
}

/// The exception's text may quote the conversation.
Error templateRefuses(std::size_t turns)
{
    return {ErrorCode::InvalidArgument, "The model's chat template refuses this conversation.",
            std::to_string(turns) + " turns"};
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
        if (const std::string tools = common_chat_templates_source(parsed->templates.get(), "tool_use"); !tools.empty())
            parsed->toolProgram = std::make_unique<common_chat_template>(tools, bos, eos);
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

Result<std::string> ChatTemplate::render(const PromptInput &prompt) const
{
    if (prompt.turns.empty())
        return templateRefuses(0);
    try {
        if (prompt.turns.back().prefix) {
            auto applied = apply(prompt);
            return applied ? Result<std::string>(std::move(applied->prompt)) : applied.error();
        }
        const bool forTools = m_parsed->toolProgram && !prompt.shape.tools.empty();
        const common_chat_template &program = forTools ? *m_parsed->toolProgram : *m_parsed->program;
        autoparser::generation_params params = renderInputs(templateInputs(prompt), program);
        params.add_bos = m_parsed->addBos;
        params.add_eos = m_parsed->addEos;
        if (auto special = common_chat_try_specialized_template(program, program.source(), params))
            return std::move(special->prompt);
        return common_chat_template_direct_apply(program, params);
    } catch (const std::exception &) {
        return templateRefuses(prompt.turns.size());
    }
}

Result<common_chat_params> ChatTemplate::apply(const PromptInput &prompt) const
{
    if (prompt.turns.empty())
        return templateRefuses(0);
    try {
        return common_chat_templates_apply(m_parsed->templates.get(), templateInputs(prompt));
    } catch (const std::exception &) {
        return templateRefuses(prompt.turns.size());
    }
}

void ChatTemplate::learnReasoning()
{
    try {
        const common_chat_params params =
            common_chat_templates_apply(m_parsed->templates.get(), templateInputs({{{Role::User, "?"}}}));
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

const std::string &ChatTemplate::source() const
{
    return m_parsed->program->source();
}

const std::string &ChatTemplate::bos() const
{
    return m_parsed->program->bos_token();
}

const std::string &ChatTemplate::eos() const
{
    return m_parsed->program->eos_token();
}

std::string ChatTemplate::sha256() const
{
    return toHex(tramontane::sha256(source()));
}

} // namespace tramontane::engine
