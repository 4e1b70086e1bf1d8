// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QTimer>

#include <chrono>

namespace tramontane {

/// How long a frame may take from its first byte to its last. Nonsense can look like the length of a frame; then all that
/// follows, and every sign of life, would be taken for its content. The thread that owns the object.
class FrameDeadline final : public QObject {
    Q_OBJECT
public:
    explicit FrameDeadline(std::chrono::milliseconds limit, QObject *parent = nullptr);

    /// All that has come was read; a frame has begun and is not complete. Nothing happens if the time runs already.
    void wait();
    /// A frame is complete.
    void completed() { m_timer.stop(); }

Q_SIGNALS:
    /// Once after wait(), unless the frame was completed. Never for the time in which this thread itself stood still.
    void expired();

private:
    void tick();

    QTimer m_timer;
    int m_ticks = 0;
};

} // namespace tramontane
