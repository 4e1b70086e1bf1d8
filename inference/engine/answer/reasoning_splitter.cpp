// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/answer/reasoning_splitter.h"

#include <algorithm>
#include <utility>

namespace tramontane::engine {

namespace {

constexpr const char *kWhite = " \t\r\n";

std::string_view withoutLeadingWhite(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(kWhite);
    return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

/// How many bytes at the end of `text` may be the beginning of `mark`.
std::size_t possibleBeginning(std::string_view text, std::string_view mark)
{
    std::size_t size = std::min(mark.size() - 1, text.size());
    while (size > 0 && !text.ends_with(mark.substr(0, size)))
        --size;
    return size;
}

} // namespace

ReasoningSplitter::ReasoningSplitter(ReasoningMarks marks) : m_marks(std::move(marks))
{
    std::erase_if(m_marks.ends, [](const std::string &end) { return end.empty(); });
    if (!m_marks.start.empty() && !m_marks.ends.empty())
        m_state = m_marks.begun ? State::Reasoning : State::Beginning;
}

void ReasoningSplitter::atBeginning(SplitText &out)
{
    const std::string_view text = withoutLeadingWhite(m_pending);
    if (text.starts_with(m_marks.start)) {
        m_pending = text.substr(m_marks.start.size());
        m_state = State::Reasoning;
    } else if (!std::string_view(m_marks.start).starts_with(text)) {
        m_state = State::Answer;
        out.answer += std::exchange(m_pending, {});
    }
}

void ReasoningSplitter::inReasoning(SplitText &out)
{
    if (!m_reasoned)
        m_pending = withoutLeadingWhite(m_pending);
    m_reasoned = m_reasoned || !m_pending.empty();
    std::size_t at = std::string::npos;
    std::size_t markSize = 0;
    std::size_t held = 0;
    for (const std::string &end : m_marks.ends) {
        const std::size_t found = m_pending.find(end);
        if (found < at) {
            at = found;
            markSize = end.size();
        }
        held = std::max(held, possibleBeginning(m_pending, end));
    }
    const std::size_t shown = std::min(at, m_pending.size() - held);
    out.reasoning += m_pending.substr(0, shown);
    if (at == std::string::npos) {
        m_pending.erase(0, shown);
        return;
    }
    m_pending.erase(0, at + markSize);
    m_state = State::AfterReasoning;
}

void ReasoningSplitter::afterReasoning()
{
    m_pending = withoutLeadingWhite(m_pending);
    if (!m_pending.empty())
        m_state = State::Answer;
}

SplitText ReasoningSplitter::push(std::string_view text)
{
    SplitText out;
    m_pending.append(text);
    if (m_state == State::Beginning)
        atBeginning(out);
    if (m_state == State::Reasoning)
        inReasoning(out);
    if (m_state == State::AfterReasoning)
        afterReasoning();
    if (m_state == State::Answer)
        out.answer += std::exchange(m_pending, {});
    return out;
}

SplitText ReasoningSplitter::finish()
{
    SplitText out;
    (m_state == State::Reasoning ? out.reasoning : out.answer) = std::exchange(m_pending, {});
    return out;
}

} // namespace tramontane::engine
