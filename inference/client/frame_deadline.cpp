// SPDX-License-Identifier: Apache-2.0
#include "inference/client/frame_deadline.h"

namespace tramontane {

namespace {

// A thread that stood still hears of one tick, however many it missed, and reads what has come before it hears the next.
constexpr int kTicks = 4;

} // namespace

FrameDeadline::FrameDeadline(std::chrono::milliseconds limit, QObject *parent) : QObject(parent)
{
    m_timer.setInterval(limit / kTicks);
    connect(&m_timer, &QTimer::timeout, this, &FrameDeadline::tick);
}

void FrameDeadline::wait()
{
    if (m_timer.isActive())
        return;
    m_ticks = 0;
    m_timer.start();
}

void FrameDeadline::tick()
{
    if (++m_ticks < kTicks)
        return;
    m_timer.stop();
    Q_EMIT expired();
}

} // namespace tramontane
