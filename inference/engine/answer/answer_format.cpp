// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/answer/answer_format.h"

#include "inference/engine/answer/answer_format_parts.h"
#include "inference/engine/answer/json_bounds.h"
#include "inference/engine/answer/sampling.h"

#include <json-schema-to-grammar.h>

#include <algorithm>
#include <cmath>
#include <exception>

namespace tramontane::engine {

namespace {

constexpr const char *kAnyJson = R"({"type":["object","array","string","number","boolean","null"]})";

Error schemaRefused(const char *detail)
{
    return {ErrorCode::GrammarInvalid,
            "The JSON schema cannot be used: it must be valid, at most 64 KiB, and say nothing that cannot be made a "
            "grammar. Simplify it.",
            detail};
}

/// A trigger that is one token of the vocabulary is better looked for as that token (as llama.cpp's server does).
common_grammar_trigger asToken(const common_grammar_trigger &trigger, const llama_vocab *vocab)
{
    if (trigger.type != COMMON_GRAMMAR_TRIGGER_TYPE_WORD)
        return trigger;
    const TokenIds ids = tokenizeText(vocab, trigger.value, true);
    if (ids.size() != 1)
        return trigger;
    common_grammar_trigger found = trigger;
    found.type = COMMON_GRAMMAR_TRIGGER_TYPE_TOKEN;
    found.token = ids.front();
    return found;
}

/// A grammar knows tokens by their text, so a control token could stand for the same text in a string. It would say
/// nothing there.
void forbidControlTokens(common_params_sampling &sampling, const llama_vocab *vocab,
                         const std::vector<std::string> &preserved)
{
    for (llama_token token = 0; token < llama_vocab_n_tokens(vocab); ++token) {
        const std::string text = llama_vocab_get_text(vocab, token);
        if (isControl(vocab, token) && !llama_vocab_is_eog(vocab, token)
            && std::find(preserved.begin(), preserved.end(), text) == preserved.end())
            sampling.logit_bias.push_back({token, -INFINITY});
    }
}

} // namespace

AnswerFormat::AnswerFormat(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) {}
AnswerFormat::~AnswerFormat() = default;
AnswerFormat::AnswerFormat(AnswerFormat &&) noexcept = default;
AnswerFormat &AnswerFormat::operator=(AnswerFormat &&) noexcept = default;

Status checkJsonSchema(const std::string &schema)
{
    if (!isBoundedJson(schema))
        return schemaRefused("schema too long or too deep");
    try {
        const common_json json = common_json::parse(schema);
        if (!json.is_object())
            return schemaRefused("schema is no object");
        if (json_schema_to_grammar(json, true).size() > kMaxGrammarBytes)
            return schemaRefused("grammar of the schema too long");
        return {};
    } catch (const std::exception &) {
        // The text of the exception quotes the schema.
        return schemaRefused("schema refused");
    }
}

Result<AnswerFormat> AnswerFormat::make(const ChatTemplate &chat, const PromptInput &prompt)
{
    if (const Status checked = checkPrompt(prompt); !checked)
        return checked.error();
    if (!prompt.shape.jsonSchema.empty()) {
        if (const Status checked = checkJsonSchema(prompt.shape.jsonSchema); !checked)
            return checked.error();
    }
    for (const ToolDefinition &tool : prompt.shape.tools) {
        if (const Status checked = checkJsonSchema(tool.parameters.empty() ? "{}" : tool.parameters); !checked)
            return checked.error();
    }
    PromptInput input = prompt;
    // common takes an empty schema for none.
    if (!input.shape.jsonSchema.empty() && common_json::parse(input.shape.jsonSchema).empty())
        input.shape.jsonSchema = kAnyJson;
    for (ChatTurn &turn : input.turns)
        turn.text = textWithDocuments(turn);
    auto applied = chat.apply(input);
    // Where the conversation can be rendered, it is the grammar that could not be made.
    if (!applied)
        return chat.render({input.turns}) ? schemaRefused("grammar refused") : applied.error();
    try {
        auto parts = std::make_unique<Parts>();
        parts->parser = common_chat_parser_params(*applied);
        parts->parser.reasoning_format = COMMON_REASONING_FORMAT_DEEPSEEK;
        parts->parser.is_continuation = prompt.turns.back().prefix;
        if (!applied->parser.empty())
            parts->parser.parser.load(applied->parser);
        parts->params = std::move(*applied);
        if (parts->params.grammar.size() > kMaxGrammarBytes)
            return schemaRefused("grammar too long");
        return AnswerFormat(std::move(parts));
    } catch (const std::exception &) {
        return Error{ErrorCode::ModelUnsupported, "The form of this model's answers is not known.", "parser refused"};
    }
}

void AnswerFormat::constrain(common_params_sampling &sampling, const llama_vocab *vocab) const
{
    const common_chat_params &params = m_parts->params;
    if (params.grammar.empty())
        return;
    sampling.grammar = {COMMON_GRAMMAR_TYPE_TOOL_CALLS, params.grammar};
    sampling.grammar_lazy = params.grammar_lazy;
    sampling.generation_prompt = params.generation_prompt;
    for (const common_grammar_trigger &trigger : params.grammar_triggers)
        sampling.grammar_triggers.push_back(asToken(trigger, vocab));
    forbidControlTokens(sampling, vocab, params.preserved_tokens);
}

bool AnswerFormat::hasGrammar() const
{
    return !m_parts->params.grammar.empty();
}

const std::string &AnswerFormat::grammar() const
{
    return m_parts->params.grammar;
}

const std::vector<std::string> &AnswerFormat::stops() const
{
    return m_parts->params.additional_stops;
}

const std::vector<std::string> &AnswerFormat::preserved() const
{
    return m_parts->params.preserved_tokens;
}

} // namespace tramontane::engine
