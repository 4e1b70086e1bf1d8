// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/prompt/mistral_layout.h"

#include "inference/engine/answer/call_id.h"
#include "inference/engine/prompt/python_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace tramontane::engine {

namespace {

using Json = nlohmann::ordered_json;
using Kind = LayoutPiece::Kind;
using enum MistralVersion;

Error refused(const char *message, const char *detail)
{
    return {ErrorCode::InvalidArgument, message, detail};
}

std::string callId(const std::string &id)
{
    return isCallId(id) ? id : callIdFrom(id);
}

void join(std::string &text, const std::string &more)
{
    if (!text.empty() && !more.empty())
        text += "\n\n";
    text += more;
}

bool mayMerge(const ChatTurn &last, const ChatTurn &next)
{
    return last.role == next.role && (next.role == Role::User || next.role == Role::Assistant)
           && (last.reasoning.empty() && next.reasoning.empty());
}

/// Results in the order of the calls that they answer.
void sortResults(std::vector<ChatTurn> &turns)
{
    std::vector<std::string> calls;
    const auto orderOf = [&](const ChatTurn &turn) {
        const auto found = std::find(calls.begin(), calls.end(), turn.toolCallId);
        return found - calls.begin();
    };
    for (auto at = turns.begin(); at != turns.end();) {
        if (at->role == Role::Assistant) {
            calls.clear();
            for (const ToolCall &call : at->toolCalls)
                calls.push_back(call.id);
        }
        const auto end = std::find_if(at, turns.end(), [](const ChatTurn &turn) { return turn.role != Role::Tool; });
        std::stable_sort(at, end, [&](const ChatTurn &a, const ChatTurn &b) { return orderOf(a) < orderOf(b); });
        at = end == at ? at + 1 : end;
    }
}

/// Lays out one conversation. Made for one use.
class Layout {
public:
    Layout(MistralVersion version, const PromptInput &prompt) : m_version(version), m_shape(prompt.shape)
    {
        normalise(prompt.turns);
    }
    Result<std::vector<LayoutPiece>> make();

private:
    void normalise(const std::vector<ChatTurn> &turns);
    [[nodiscard]] Status check() const;
    void user(const ChatTurn &turn, bool first, bool last);
    void tools();
    void settings();
    Status assistant(const ChatTurn &turn, bool beforeLastUser);
    void calls(const ChatTurn &turn);
    void result(const ChatTurn &turn);
    void control(const char *word) { m_pieces.push_back({Kind::Control, word}); }
    void text(std::string words)
    {
        if (!words.empty())
            m_pieces.push_back({Kind::Text, std::move(words)});
    }
    [[nodiscard]] bool systemInUser() const { return m_version < V7; }

    MistralVersion m_version;
    const AnswerShape &m_shape;
    std::string m_system; // before v7: all system texts
    std::vector<ChatTurn> m_turns;
    std::vector<LayoutPiece> m_pieces;
};

void Layout::normalise(const std::vector<ChatTurn> &turns)
{
    const Role none = Role::Tool; // never merged
    Role before = none;
    for (const ChatTurn &given : turns) {
        ChatTurn turn = given;
        turn.text = textWithDocuments(given);
        if (m_version < V13)
            turn.reasoning.clear();
        if (turn.role == Role::System && systemInUser()) {
            join(m_system, turn.text);
        } else if (!m_turns.empty() && before == turn.role && mayMerge(m_turns.back(), turn)) {
            join(m_turns.back().text, turn.text);
            auto &calls = m_turns.back().toolCalls;
            calls.insert(calls.end(), turn.toolCalls.begin(), turn.toolCalls.end());
            m_turns.back().prefix = turn.prefix;
        } else {
            m_turns.push_back(std::move(turn));
        }
        before = given.role;
    }
    if (m_turns.empty() || (systemInUser() && m_turns.front().role != Role::User))
        m_turns.insert(m_turns.begin(), ChatTurn{Role::User, {}});
    if (m_version >= V11)
        sortResults(m_turns);
}

Status Layout::check() const
{
    const bool usesTools = !m_shape.tools.empty() || std::any_of(m_turns.begin(), m_turns.end(), [](const ChatTurn &t) {
        return !t.toolCalls.empty() || t.role == Role::Tool;
    });
    if (m_version == V1 && usesTools)
        return refused("This model does not know tools. Choose another model.", "tools in Mistral v1");
    if (m_turns.back().role == Role::Assistant && !m_turns.back().prefix)
        return refused("There is no question to answer.", "the last turn is an answer");
    const std::string &effort = m_shape.reasoningEffort;
    if (!effort.empty() && (m_version < V15 || (effort != "none" && effort != "high")))
        return refused("This model does not know this reasoning effort.", "reasoning effort");
    return {};
}

void Layout::tools()
{
    if (m_shape.tools.empty())
        return;
    Json list = Json::array();
    for (const ToolDefinition &tool : m_shape.tools) {
        const Json parameters = tool.parameters.empty() ? Json::object() : Json::parse(tool.parameters);
        list.push_back(
            {{"type", "function"},
             {"function", {{"name", tool.name}, {"description", tool.description}, {"parameters", parameters}}}});
    }
    control("[AVAILABLE_TOOLS]");
    text(pythonJson(list));
    control("[/AVAILABLE_TOOLS]");
}

void Layout::settings()
{
    if (m_version < V15)
        return;
    const std::string effort = m_shape.reasoningEffort.empty() ? "none" : m_shape.reasoningEffort;
    control("[MODEL_SETTINGS]");
    text(pythonJson(Json::object({{"reasoning_effort", effort}})));
    control("[/MODEL_SETTINGS]");
}

void Layout::user(const ChatTurn &turn, bool first, bool last)
{
    if (m_version == V1) {
        const std::string head = first && !m_system.empty() ? m_system + "\n\n" : std::string();
        return text("[INST] " + head + turn.text + " [/INST]");
    }
    if (m_version >= V13 ? first : last) {
        tools();
        settings();
    }
    const std::string head = last && !m_system.empty() ? m_system + "\n\n" : std::string();
    control("[INST]");
    text(head + turn.text);
    control("[/INST]");
}

void Layout::calls(const ChatTurn &turn)
{
    Json list = Json::array();
    for (const ToolCall &call : turn.toolCalls) {
        const Json arguments = call.arguments.empty() ? Json::object() : jsonOrText(call.arguments);
        if (m_version >= V11) {
            control("[TOOL_CALLS]");
            text(call.name);
            if (m_version == V11) {
                control("[CALL_ID]");
                text(callId(call.id));
            }
            control("[ARGS]");
            text(pythonJson(arguments));
            continue;
        }
        Json entry = {{"name", call.name}, {"arguments", arguments}};
        if (m_version >= V3)
            entry["id"] = callId(call.id);
        list.push_back(std::move(entry));
    }
    if (m_version < V11) {
        control("[TOOL_CALLS]");
        text(pythonJson(list));
    }
}

Status Layout::assistant(const ChatTurn &turn, bool beforeLastUser)
{
    if (turn.text.empty() && turn.toolCalls.empty() && turn.reasoning.empty())
        return refused("An answer in the conversation is empty.", "empty answer");
    if (m_version < V7 && !turn.toolCalls.empty() && !turn.text.empty())
        return refused("This model cannot have text and tool calls in one answer.", "text and calls before v7");
    if (m_version == V2 && !turn.toolCalls.empty() && beforeLastUser)
        return {};
    if (!turn.reasoning.empty()) {
        control("[THINK]");
        text(turn.reasoning);
        if (!turn.prefix || !turn.text.empty())
            control("[/THINK]");
    }
    // Only a text by itself loses the spaces at its end, and not in v1.
    const bool trims = m_version != V1 && turn.reasoning.empty();
    text(trims ? turn.text.substr(0, turn.text.find_last_not_of(' ') + 1) : turn.text);
    if (!turn.toolCalls.empty())
        calls(turn);
    if (!turn.prefix)
        m_pieces.push_back({Kind::End, {}});
    return {};
}

void Layout::result(const ChatTurn &turn)
{
    control("[TOOL_RESULTS]");
    if (m_version < V7) {
        const Json content = turn.text.empty() ? Json::object() : jsonOrText(turn.text);
        if (m_version == V2)
            text(pythonJson(Json::array({Json{{"name", turn.toolName}, {"content", content}}})));
        else
            text(pythonJson(Json{{"content", content}, {"call_id", callId(turn.toolCallId)}}));
    } else if (m_version < V13) {
        text(callId(turn.toolCallId));
        control("[TOOL_CONTENT]");
        text(turn.text);
    } else {
        text(turn.text);
    }
    control("[/TOOL_RESULTS]");
}

Result<std::vector<LayoutPiece>> Layout::make()
{
    if (const Status checked = check(); !checked)
        return checked.error();
    const auto isUser = [](const ChatTurn &turn) { return turn.role == Role::User; };
    const auto first = std::find_if(m_turns.begin(), m_turns.end(), isUser);
    const auto last = std::find_if(m_turns.rbegin(), m_turns.rend(), isUser);
    const std::ptrdiff_t lastUser = m_turns.rend() - last - 1; // -1: none
    m_pieces.push_back({Kind::Begin, {}});
    int results = 0; // to the calls before
    for (auto turn = m_turns.begin(); turn != m_turns.end(); ++turn) {
        const std::ptrdiff_t at = turn - m_turns.begin();
        results = turn->role == Role::Tool ? results + 1 : 0;
        switch (turn->role) {
        case Role::System:
            control("[SYSTEM_PROMPT]");
            text(turn->text);
            control("[/SYSTEM_PROMPT]");
            break;
        case Role::User: user(*turn, turn == first, at == lastUser); break;
        case Role::Assistant:
            if (const Status done = assistant(*turn, at < lastUser); !done)
                return done.error();
            break;
        case Role::Tool:
            if (m_version == V2 && at < lastUser)
                break;
            if (m_version == V2 && results > 1)
                return refused("This model takes one tool result at a time.", "two results in Mistral v2");
            result(*turn);
            break;
        }
    }
    return std::move(m_pieces);
}

} // namespace

std::string_view mistralVersionName(MistralVersion version) noexcept
{
    switch (version) {
    case V1: return "v1";
    case V2: return "v2";
    case V3: return "v3";
    case V7: return "v7";
    case V11: return "v11";
    case V13: return "v13";
    case V15: break;
    }
    return "v15";
}

Result<std::vector<LayoutPiece>> mistralLayout(MistralVersion version, const PromptInput &prompt)
{
    return Layout(version, prompt).make();
}

TokenIds mistralTokens(const llama_vocab *vocab, const std::vector<LayoutPiece> &pieces)
{
    TokenIds tokens;
    for (const LayoutPiece &piece : pieces) {
        if (piece.kind == Kind::Begin || piece.kind == Kind::End) {
            tokens.push_back(piece.kind == Kind::Begin ? llama_vocab_bos(vocab) : llama_vocab_eos(vocab));
            continue;
        }
        const TokenIds more = tokenizeText(vocab, piece.text, piece.kind == Kind::Control);
        tokens.insert(tokens.end(), more.begin(), more.end());
    }
    return tokens;
}

} // namespace tramontane::engine
