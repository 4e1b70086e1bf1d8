// SPDX-License-Identifier: Apache-2.0
#include "app/services/stream_writer.h"

#include "app/contracts/when_ready.h"

#include <algorithm>

namespace tramontane {

StreamWriter::StreamWriter(ConversationRepository &conversations, const Clock &clock, QObject *parent)
    : QObject(parent), m_conversations(conversations), m_clock(clock)
{
    m_commitTimer.setSingleShot(true);
    m_commitTimer.setTimerType(Qt::PreciseTimer);
    m_ageTimer.setSingleShot(true);
    connect(&m_commitTimer, &QTimer::timeout, this, &StreamWriter::commit);
    connect(&m_ageTimer, &QTimer::timeout, this, &StreamWriter::watchAge);
}

void StreamWriter::add(MessageId answer, BlockKind kind, const std::string &text)
{
    if (text.empty())
        return;
    int &next = m_nextSequence.try_emplace(answer, 0).first->second;
    const auto last = std::find_if(m_buffered.rbegin(), m_buffered.rend(),
                                   [&](const Piece &piece) { return piece.part.answer == answer; });
    if (last != m_buffered.rend() && last->part.kind == kind)
        last->part.text += text;
    else
        m_buffered.push_back({{answer, next++, kind, text}, m_clock.monoMs()});
    schedule();
    watchAge();
}

void StreamWriter::finish(MessageId answer)
{
    m_nextSequence.erase(answer);
    std::erase_if(m_buffered, [&](const Piece &piece) { return piece.part.answer == answer; });
    watchAge();
}

void StreamWriter::schedule()
{
    if (m_buffered.empty() || !m_inFlight.empty() || m_commitTimer.isActive())
        return;
    // From the beginning of the last commit, not its end: text that came during a slow one is not made to wait twice.
    const std::int64_t since = m_clock.monoMs() - m_lastCommitMs.value_or(m_clock.monoMs());
    m_commitTimer.start(int(std::clamp<std::int64_t>(kCommitMs - since, 0, kCommitMs)));
}

void StreamWriter::commit()
{
    if (m_buffered.empty() || !m_inFlight.empty())
        return;
    m_lastCommitMs = m_clock.monoMs();
    m_inFlight.swap(m_buffered);
    std::vector<StreamPart> parts;
    parts.reserve(m_inFlight.size());
    for (const Piece &piece : m_inFlight)
        parts.push_back(piece.part);
    whenReady(this, m_conversations.appendStreamParts(std::move(parts)),
              [this](const Status &status) { committed(status); });
}

void StreamWriter::committed(const Status &status)
{
    if (!status) {
        // Of an answer that has ended meanwhile nothing may be written any more: it has been stored as a whole.
        std::erase_if(m_inFlight, [this](const Piece &piece) { return !m_nextSequence.contains(piece.part.answer); });
        m_buffered.insert(m_buffered.begin(), m_inFlight.begin(), m_inFlight.end());
    }
    m_inFlight.clear();
    schedule();
    watchAge();
    if (status)
        Q_EMIT written();
}

void StreamWriter::watchAge()
{
    const std::deque<Piece> &oldest = m_inFlight.empty() ? m_buffered : m_inFlight;
    bool waiting = false;
    if (oldest.empty()) {
        m_ageTimer.stop();
    } else {
        const std::int64_t age = m_clock.monoMs() - oldest.front().sinceMs;
        waiting = age > kWaitingMs;
        if (!waiting && !m_ageTimer.isActive())
            m_ageTimer.start(int(kWaitingMs - age + 1));
    }
    if (waiting != m_waiting) {
        m_waiting = waiting;
        Q_EMIT waitingChanged(waiting);
    }
}

} // namespace tramontane
