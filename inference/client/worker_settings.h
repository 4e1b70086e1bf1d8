// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>

#include <chrono>
#include <cstdint>
#include <functional>

namespace tramontane {

/// Layers of the sandbox (app/platform/process/hardening.h) without which no model is opened. Asked at each start of the
/// engine program, in the thread that starts it; empty: nothing is demanded.
using RequiredLayers = std::function<QStringList()>;

/// The arguments of the engine program for `order` with what is demanded.
[[nodiscard]] inline QStringList withRequired(QStringList order, const RequiredLayers &required)
{
    const QStringList layers = required ? required() : QStringList();
    if (!layers.isEmpty())
        order << QStringLiteral("--require") << layers.join(u',');
    return order;
}

/// Which engine program is run, and how long the client waits for it. Plain data.
struct WorkerSettings {
    /// Absolute path of tramontane-engine. The composition root decides; it is never searched for.
    QString program;
    RequiredLayers requiredLayers;
    /// From the start to the worker's hello.
    std::chrono::milliseconds helloLimit{10'000};
    /// From the quit frame to a request of the system to end, and to a kill.
    std::chrono::milliseconds terminateAfter{2'000};
    std::chrono::milliseconds killAfter{5'000};
    /// From a cancelled answer to its end; then the worker counts as hung and is killed. Long, because a large batch
    /// on a slow machine cannot be interrupted.
    std::chrono::milliseconds cancelLimit{30'000};
    /// How often a worker with work is asked for a sign of life, and how long it may owe one before it is killed.
    std::chrono::milliseconds heartbeat{1'000};
    std::chrono::milliseconds silenceLimit{30'000};
    /// From the first byte of a frame to its last.
    std::chrono::milliseconds frameLimit{2'500};
    /// Whether the system has stopped this process (SIGSTOP, a debugger). Empty: it cannot be told.
    std::function<bool(qint64 processId)> isStopped;
    /// Fill GenerationResult::promptTokenIds and answerTokenIds.
    bool reportTokenIds = false;
    /// Bytes of a worker that may wait in memory. One that obeys the flow control stays far below; above, it is killed.
    std::int64_t unreadLimit = 64 * 1024 * 1024;
};

} // namespace tramontane
