// SPDX-License-Identifier: Apache-2.0
#include "inference/client/heartbeat.h"

#include <utility>

namespace tramontane {

Heartbeat::Heartbeat(const WorkerSettings &settings, std::function<bool()> isBusy, std::function<void()> ask,
                     QObject *parent)
    : QObject(parent), m_settings(settings), m_isBusy(std::move(isBusy)), m_ask(std::move(ask))
{
    connect(&m_timer, &QTimer::timeout, this, &Heartbeat::beat);
}

void Heartbeat::start(qint64 processId)
{
    m_processId = processId;
    m_asked = false;
    m_timer.start(m_settings.heartbeat);
}

void Heartbeat::stop()
{
    m_timer.stop();
}

void Heartbeat::beat()
{
    if (!m_asked) {
        if (m_isBusy()) {
            m_asked = true;
            m_since.start();
            m_ask();
        }
        return;
    }
    // A process that the system has stopped never answers; one on a machine that is short of memory may be slow.
    const bool stopped = m_settings.isStopped && m_settings.isStopped(m_processId);
    if (!stopped && m_since.elapsed() < m_settings.silenceLimit.count())
        return;
    stop();
    Q_EMIT silent(stopped ? "the process was stopped" : "no sign of life");
}

} // namespace tramontane
