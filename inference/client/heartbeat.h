// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/client/worker_settings.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <string>

namespace tramontane {

/// Finds out whether a worker that has work still answers: it is asked again and again, and its thread that reads
/// frames has nothing else to do than to answer. The thread that owns the object.
class Heartbeat final : public QObject {
    Q_OBJECT
public:
    /// `isBusy`: whether the worker owes an answer; else it is left alone. `ask`: sends the question.
    Heartbeat(const WorkerSettings &settings, std::function<bool()> isBusy, std::function<void()> ask, QObject *parent);

    /// A worker with this process id serves.
    void start(qint64 processId);
    void stop();
    /// The worker has answered.
    void answered() { m_asked = false; }

Q_SIGNALS:
    /// It does not answer any more; `why` is for the log. Once until the next start().
    void silent(const std::string &why);

private:
    void beat();

    WorkerSettings m_settings;
    std::function<bool()> m_isBusy;
    std::function<void()> m_ask;
    QTimer m_timer;
    QElapsedTimer m_since; // the question that has no answer
    qint64 m_processId = 0;
    bool m_asked = false;
};

} // namespace tramontane
