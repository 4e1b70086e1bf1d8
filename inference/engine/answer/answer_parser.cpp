// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/answer/answer_parser.h"

#include "inference/engine/answer/answer_format_parts.h"
#include "inference/engine/answer/call_id.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace tramontane::engine {

namespace {

/// What `now` has beyond `said`; nothing where it is no continuation, because what was said stays.
std::string beyond(const std::string &said, const std::string &now)
{
    return now.size() > said.size() && now.starts_with(said) ? now.substr(said.size()) : std::string();
}

} // namespace

struct AnswerParser::State {
    std::string raw;             // the answer so far
    std::size_t parsedBytes = 0; // of `raw`
    std::string text;            // what was said of it
    std::string reasoning;
    std::size_t calls = 0;
};

AnswerParser::AnswerParser(const AnswerFormat &format, std::string idSeed, const Emit &emit)
    : m_format(format), m_idSeed(std::move(idSeed)), m_emit(emit), m_state(std::make_unique<State>())
{
}

AnswerParser::~AnswerParser() = default;

void AnswerParser::push(std::string_view text)
{
    m_state->raw += text;
    // The parser begins at the beginning each time: less often in a long answer keeps the sum of it linear in practice.
    if (m_state->raw.size() - m_state->parsedBytes > m_state->raw.size() / 64)
        parse(Until::Now);
}

void AnswerParser::finish(bool complete)
{
    parse(complete ? Until::End : Until::CutOff);
}

void AnswerParser::parse(Until until)
{
    State &state = *m_state;
    state.parsedBytes = state.raw.size();
    common_chat_msg message;
    try {
        message = common_chat_parse(state.raw, until != Until::End, m_format.parts().parser);
    } catch (const std::exception &) {
        if (until != Until::Now)
            sayRest();
        return;
    }
    if (std::string more = beyond(state.reasoning, message.reasoning_content); !more.empty()) {
        state.reasoning += more;
        m_emit(protocol::Reasoning{std::move(more)});
    }
    if (std::string more = beyond(state.text, message.content); !more.empty()) {
        state.text += more;
        m_emit(protocol::Text{std::move(more)});
    }
    // The last one may still grow.
    const std::size_t whole = message.tool_calls.size() - (until == Until::End || message.tool_calls.empty() ? 0 : 1);
    for (std::size_t i = state.calls; i < whole; ++i) {
        const common_chat_tool_call &call = message.tool_calls[i];
        sayCall(i, {call.id, call.name, call.arguments.empty() ? "{}" : call.arguments});
    }
    state.calls = std::max(state.calls, whole);
}

void AnswerParser::sayCall(std::size_t index, const ToolCall &call)
{
    const std::string id = isCallId(call.id) ? call.id : callIdFrom(m_idSeed + " " + std::to_string(index));
    m_emit(protocol::ToolCalled{{id, call.name, call.arguments}});
}

/// The answer does not have the form. What was said of it stays; what can be told apart from that is text.
void AnswerParser::sayRest()
{
    const State &state = *m_state;
    if (state.calls > 0)
        return;
    const std::string said = state.reasoning + state.text;
    const std::size_t at = said.empty() ? 0 : state.raw.rfind(state.text.empty() ? state.reasoning : state.text);
    if (at == std::string::npos)
        return;
    const std::size_t from = at + (state.text.empty() ? state.reasoning : state.text).size();
    if (from < state.raw.size())
        m_emit(protocol::Text{state.raw.substr(from)});
}

} // namespace tramontane::engine
