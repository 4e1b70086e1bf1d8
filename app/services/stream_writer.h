// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/conversation_repository.h"
#include "app/core/clock.h"

#include <QObject>
#include <QTimer>

#include <deque>
#include <map>
#include <optional>

namespace tramontane {

/// Brings the text of all running answers to disk while they are written: one commit for all of them, at most every
/// 500 ms (design.md section 3, step 6). A commit that fails is tried again with the next one; nothing is dropped
/// before finish(). Calls and signals: the owning thread.
class StreamWriter : public QObject {
    Q_OBJECT
public:
    static constexpr int kCommitMs = 500;
    static constexpr int kWaitingMs = 1000;

    StreamWriter(ConversationRepository &conversations, const Clock &clock, QObject *parent = nullptr);

    void add(MessageId answer, BlockKind kind, const std::string &text);
    /// The whole answer is on disk, or its loss was told: what was not saved of it here is forgotten.
    void finish(MessageId answer);
    /// True while text older than 1 s is not on disk.
    [[nodiscard]] bool isWaiting() const { return m_waiting; }

Q_SIGNALS:
    void waitingChanged(bool waiting);
    /// The disk took a commit.
    void written();

private:
    struct Piece {
        StreamPart part;
        std::int64_t sinceMs = 0;
    };

    void commit();
    void committed(const Status &status);
    void schedule();
    void watchAge();

    ConversationRepository &m_conversations;
    const Clock &m_clock;
    std::deque<Piece> m_buffered;
    std::deque<Piece> m_inFlight;
    std::map<MessageId, int> m_nextSequence;    // of the answers that run
    std::optional<std::int64_t> m_lastCommitMs; // when the last commit began
    QTimer m_commitTimer;
    QTimer m_ageTimer;
    bool m_waiting = false;
};

} // namespace tramontane
