// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/template_values.h"

#include <chat.h>

#include <array>
#include <ctime>
#include <string_view>

namespace tramontane::engine {

namespace {

using protocol::Turn;

jinja::value plainText(std::string_view text)
{
    return jinja::mk_val<jinja::value_string>(std::string(text));
}

jinja::value inputText(const std::string &text)
{
    return jinja::mk_val<jinja::value_string>(jinja::string(text, true));
}

/// Some templates know content as a text only, some as a list of typed parts only.
jinja::value contentValue(const std::string &text, const jinja::caps &caps)
{
    if (caps.supports_string_content || !caps.supports_typed_content)
        return inputText(text);
    auto part = jinja::mk_val<jinja::value_object>();
    part->insert("type", plainText("text"));
    part->insert("text", inputText(text));
    auto list = jinja::mk_val<jinja::value_array>();
    list->push_back(jinja::value(part));
    return list;
}

/// A template without a system role gets the system text at the head of the next turn.
std::vector<Turn> withoutSystemRole(std::vector<Turn> turns)
{
    if (turns.front().role != Role::System)
        return turns;
    if (turns.size() > 1)
        turns[1].text = turns.front().text + "\n" + turns[1].text;
    turns.erase(turns.begin());
    return turns;
}

jinja::value messagesValue(const std::vector<Turn> &turns, const jinja::caps &caps)
{
    auto messages = jinja::mk_val<jinja::value_array>();
    for (const Turn &turn : caps.supports_system_role ? turns : withoutSystemRole(turns)) {
        auto message = jinja::mk_val<jinja::value_object>();
        message->insert("role", plainText(roleName(turn.role)));
        message->insert("content", contentValue(turn.text, caps));
        messages->push_back(jinja::value(message));
    }
    return messages;
}

/// The two forms of the date that common offers to templates.
struct Today {
    std::string monthFirst; // "Nov 22 2026"
    std::string dayFirst;   // "22 Nov 2026"
};

Today today()
{
    const std::time_t now = std::time(nullptr);
    const std::tm *date = std::localtime(&now);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%b %d %Y", date);
    std::string monthFirst = text.data();
    std::strftime(text.data(), text.size(), "%d %b %Y", date);
    return {std::move(monthFirst), text.data()};
}

} // namespace

std::vector<PromptPart> renderMarked(const common_chat_template &chat, const std::vector<protocol::Turn> &turns)
{
    jinja::context context(chat.source());
    context.set_val("messages", messagesValue(turns, chat.original_caps()));
    context.set_val("bos_token", plainText(chat.bos_token()));
    context.set_val("eos_token", plainText(chat.eos_token()));
    context.set_val("enable_thinking", jinja::mk_val<jinja::value_bool>(true));
    context.set_val("add_generation_prompt", jinja::mk_val<jinja::value_bool>(true));
    const Today date = today();
    context.set_val("datetime", plainText(date.monthFirst));
    context.set_val("date_string", plainText(date.dayFirst));
    jinja::runtime runtime(context);
    const auto rendered = jinja::runtime::gather_string_parts(runtime.execute(chat.prog));
    std::vector<PromptPart> parts;
    for (const auto &part : rendered->val_str.parts) {
        if (!part.val.empty())
            parts.push_back({!part.is_input, part.val});
    }
    return parts;
}

} // namespace tramontane::engine
