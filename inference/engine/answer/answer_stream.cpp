// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/answer/answer_stream.h"

#include <utility>

namespace tramontane::engine {

AnswerStream::AnswerStream(ReasoningMarks marks, std::vector<std::string> stops, const Emit &emit)
    : m_splitter(std::move(marks)), m_stop(std::move(stops)), m_emit(emit)
{
}

AnswerStream::AnswerStream(const AnswerFormat &format, std::string idSeed, std::vector<std::string> stops,
                           const Emit &emit)
    : m_splitter(ReasoningMarks{}), m_stop(std::move(stops)), m_emit(emit)
{
    m_parser.emplace(format, std::move(idSeed), m_emit);
}

void AnswerStream::push(std::string_view bytes)
{
    if (m_parser)
        return m_parser->push(m_stop.push(m_utf8.push(bytes)));
    send(m_splitter.push(m_utf8.push(bytes)));
}

void AnswerStream::finish(bool complete)
{
    if (m_parser) {
        m_parser->push(m_stop.push(m_utf8.finish()));
        m_parser->push(m_stop.finish());
        return m_parser->finish(complete || m_stop.stopped());
    }
    send(m_splitter.push(m_utf8.finish()));
    send(m_splitter.finish());
    if (std::string rest = m_stop.finish(); !rest.empty())
        m_emit(protocol::Text{std::move(rest)});
}

void AnswerStream::send(SplitText text)
{
    if (!text.reasoning.empty())
        m_emit(protocol::Reasoning{std::move(text.reasoning)});
    if (std::string shown = m_stop.push(text.answer); !shown.empty())
        m_emit(protocol::Text{std::move(shown)});
}

} // namespace tramontane::engine
