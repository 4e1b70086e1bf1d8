// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/prompt/prompt_input.h"

#include "inference/engine/answer/json_bounds.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <set>

namespace tramontane::engine {

namespace {

constexpr std::size_t kMaxToolName = 64;

Error refused(std::string message, std::string detail)
{
    return {ErrorCode::InvalidArgument, std::move(message), std::move(detail)};
}

bool isToolName(const std::string &name)
{
    return !name.empty() && name.size() <= kMaxToolName && std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '-';
    });
}

bool isJsonObject(const std::string &json)
{
    return json.empty() || (isBoundedJson(json) && nlohmann::json::parse(json, nullptr, false).is_object());
}

Status checkTools(const std::vector<ToolDefinition> &tools)
{
    if (tools.size() > kMostTools)
        return refused("There may be at most 128 tools.", "tools");
    std::set<std::string> names;
    for (const ToolDefinition &tool : tools) {
        if (!isToolName(tool.name) || !names.insert(tool.name).second)
            return refused("The name of a tool must be unique and have 1 to 64 letters, digits, _ or -.", "tool name");
        if (!isJsonObject(tool.parameters))
            return refused("The parameters of a tool must be a JSON schema of at most 64 KiB.", "tool parameters");
    }
    return {};
}

std::string fenceFor(const std::string &text)
{
    std::size_t longest = 2;
    for (std::size_t at = text.find('`'); at != std::string::npos; at = text.find('`', at)) {
        const std::size_t end = std::min(text.find_first_not_of('`', at), text.size());
        longest = std::max(longest, end - at);
        at = end;
    }
    return std::string(longest + 1, '`');
}

std::string oneLine(std::string title)
{
    std::replace_if(
        title.begin(), title.end(), [](unsigned char c) { return c < 0x20; }, ' ');
    return title;
}

} // namespace

PromptInput promptOf(const protocol::Generate &request)
{
    return {request.turns, request.shape};
}

PromptInput promptOf(const protocol::Measure &request)
{
    return {request.turns, request.shape};
}

Status checkPrompt(const PromptInput &prompt)
{
    if (prompt.turns.empty())
        return refused("There is no question to answer.", "no turns");
    for (const ChatTurn &turn : prompt.turns) {
        if (turn.prefix && (&turn != &prompt.turns.back() || turn.role != Role::Assistant))
            return refused("Only an answer at the end of the conversation can be continued.", "prefix");
        for (const ToolCall &call : turn.toolCalls) {
            if (!isToolName(call.name) || !isJsonObject(call.arguments))
                return refused("A tool call in the conversation has no name, or arguments that are no JSON object.",
                               "tool call");
        }
    }
    if (const Status images = checkImages(prompt.turns); !images)
        return images;
    return checkTools(prompt.shape.tools);
}

std::string imageMark(std::size_t index)
{
    return std::string(kImageMark) + std::to_string(index) + std::string(kImageMark);
}

std::string textWithDocuments(const ChatTurn &turn)
{
    std::string text;
    for (std::size_t i = 0; i < turn.documents.size(); ++i) {
        const Passage &document = turn.documents[i];
        const std::string fence = fenceFor(document.text);
        text += "Document " + std::to_string(i + 1);
        if (!document.title.empty())
            text += " (" + oneLine(document.title) + ")";
        text += ":\n" + fence + "\n" + document.text + "\n" + fence + "\n\n";
    }
    return text + turn.text;
}

PromptInput shielded(const PromptInput &prompt, const ControlWords &words)
{
    PromptInput out = prompt;
    std::size_t image = 0;
    for (ChatTurn &turn : out.turns) {
        std::string marks;
        for (std::size_t i = 0; i < turn.images.size(); ++i)
            marks += imageMark(image++);
        const std::string text = textWithDocuments(turn);
        const bool isJson = turn.role == Role::Tool && isBoundedJson(text) && nlohmann::json::accept(text);
        turn.text = marks + (isJson ? words.shieldJson(text) : words.shield(text));
        turn.images.clear();
        turn.documents.clear();
        turn.reasoning = words.shield(turn.reasoning);
        turn.toolCallId = words.shield(turn.toolCallId);
        turn.toolName = words.shield(turn.toolName);
        for (ToolCall &call : turn.toolCalls) {
            call.id = words.shield(call.id);
            call.name = words.shield(call.name);
            call.arguments = words.shieldJson(call.arguments.empty() ? "{}" : call.arguments);
        }
    }
    for (ToolDefinition &tool : out.shape.tools) {
        tool.name = words.shield(tool.name);
        tool.description = words.shield(tool.description);
        tool.parameters = words.shieldJson(tool.parameters.empty() ? "{}" : tool.parameters);
    }
    return out;
}

} // namespace tramontane::engine
