// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/prompt/template_inputs.h"

#include <array>
#include <ctime>

namespace tramontane::engine {

namespace {

using Json = common_json;

common_chat_msg messageOf(const ChatTurn &turn)
{
    common_chat_msg message;
    message.role = roleName(turn.role);
    message.content = turn.text;
    message.reasoning_content = turn.reasoning;
    message.tool_name = turn.toolName;
    message.tool_call_id = turn.toolCallId;
    for (const ToolCall &call : turn.toolCalls)
        message.tool_calls.push_back({call.name, call.arguments.empty() ? "{}" : call.arguments, call.id});
    return message;
}

common_chat_tool_choice choiceOf(ToolChoice choice)
{
    switch (choice) {
    case ToolChoice::None: return COMMON_CHAT_TOOL_CHOICE_NONE;
    case ToolChoice::Required: return COMMON_CHAT_TOOL_CHOICE_REQUIRED;
    case ToolChoice::Auto: break;
    }
    return COMMON_CHAT_TOOL_CHOICE_AUTO;
}

/// Some templates know content as a list of typed parts only.
void makeTyped(Json &message)
{
    const std::string text = message.at("content").get<std::string>();
    message["content"] = Json::array({Json{{"type", "text"}, {"text", text}}});
}

/// A template without a system role gets the system text at the head of the next turn.
void dropSystemRole(std::vector<common_chat_msg> &messages)
{
    if (messages.empty() || messages.front().role != "system")
        return;
    if (messages.size() > 1)
        messages[1].content = messages.front().content + "\n" + messages[1].content;
    messages.erase(messages.begin());
}

std::string trimmed(const std::string &text)
{
    constexpr const char *kWhite = " \t\r\n\v\f";
    const std::size_t first = text.find_first_not_of(kWhite);
    return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(kWhite) - first + 1);
}

Json messagesFor(std::vector<common_chat_msg> messages, const common_chat_template &chat)
{
    const jinja::caps caps = chat.original_caps();
    // StepFun's models reason without end about white space around a text, says common.
    if (chat.source().find("You have access to the following functions in JSONSchema format") != std::string::npos) {
        for (common_chat_msg &message : messages) {
            message.content = trimmed(message.content);
            message.reasoning_content = trimmed(message.reasoning_content);
        }
    }
    if (!caps.supports_system_role)
        dropSystemRole(messages);
    Json list = Json::array();
    for (const common_chat_msg &message : messages) {
        Json json = message.to_json_oaicompat();
        if (!caps.supports_string_content && caps.supports_typed_content)
            makeTyped(json);
        if (caps.supports_object_arguments && json.contains("tool_calls")) {
            for (auto &call : json["tool_calls"]) {
                auto &arguments = call["function"]["arguments"];
                arguments = Json::parse(arguments.get<std::string>());
            }
        }
        list.push_back(json);
    }
    return list;
}

std::string formatted(const char *format)
{
    const std::time_t now = std::time(nullptr);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), format, std::localtime(&now));
    return text.data();
}

} // namespace

common_chat_templates_inputs templateInputs(const PromptInput &prompt)
{
    common_chat_templates_inputs inputs;
    for (const ChatTurn &turn : prompt.turns)
        inputs.messages.push_back(messageOf(turn));
    for (const ToolDefinition &tool : prompt.shape.tools)
        inputs.tools.push_back({tool.name, tool.description, tool.parameters.empty() ? "{}" : tool.parameters});
    inputs.tool_choice = choiceOf(prompt.shape.toolChoice);
    inputs.parallel_tool_calls = prompt.shape.parallelToolCalls;
    inputs.json_schema = prompt.shape.jsonSchema;
    inputs.reasoning_format = COMMON_REASONING_FORMAT_DEEPSEEK;
    if (prompt.shape.reasoningEffort == "none")
        inputs.enable_thinking = false;
    else if (!prompt.shape.reasoningEffort.empty())
        inputs.chat_template_kwargs["reasoning_effort"] = Json(prompt.shape.reasoningEffort).dump();
    if (prompt.turns.back().prefix) {
        inputs.add_generation_prompt = false;
        inputs.continue_final_message = COMMON_CHAT_CONTINUATION_AUTO;
    }
    return inputs;
}

autoparser::generation_params renderInputs(const common_chat_templates_inputs &inputs, const common_chat_template &chat)
{
    autoparser::generation_params params;
    params.tools = common_chat_tools_to_json_oaicompat(inputs.tools);
    params.messages = messagesFor(inputs.messages, chat);
    params.tool_choice = inputs.tool_choice;
    params.parallel_tool_calls = inputs.parallel_tool_calls;
    params.reasoning_format = inputs.reasoning_format;
    params.enable_thinking = inputs.enable_thinking;
    params.add_generation_prompt = true;
    params.extra_context = Json::object();
    params.extra_context["datetime"] = formatted("%b %d %Y");
    params.extra_context["date_string"] = formatted("%d %b %Y");
    for (const auto &[name, value] : inputs.chat_template_kwargs)
        params.extra_context[name] = Json::parse(value);
    return params; // a schema makes a grammar and leaves the prompt as it is
}

} // namespace tramontane::engine
