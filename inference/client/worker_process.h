// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/client/frame_deadline.h"
#include "inference/client/stderr_tail.h"
#include "inference/client/worker_settings.h"
#include "inference/protocol/frame.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace tramontane {

class ChildProcess;

/// Why a worker is gone.
struct WorkerEnd {
    enum class Kind {
        Asked,    // end() was called
        Died,     // crash, kill, exit, or killed by us because it broke the protocol or did not answer
        Unusable, // missing, or of another version: another start would end in the same way
    };
    Kind kind = Kind::Died;
    /// Asked: empty. Died: EngineStopped or EngineProtocol. Unusable: EngineUnavailable.
    Error error;
    /// Died by a fault of its own: killed neither by us nor by the system.
    bool crashed = false;
};

/// One `tramontane-engine --serve` process: pipes, frames, the hello exchange and the end. Knows nothing of models or
/// requests. Calls, callbacks and signals: the thread that owns the object; nothing blocks.
class WorkerProcess final : public QObject {
    Q_OBJECT
public:
    /// Called for each frame after the hello. A failure means that the worker broke the protocol; it is then killed.
    using OnMessage = std::function<Status(std::uint64_t id, const protocol::Payload &message)>;

    WorkerProcess(const WorkerSettings &settings, OnMessage onMessage, QObject *parent = nullptr);
    /// Kills without waiting if the process still runs.
    ~WorkerProcess() override;

    /// Once. Followed by ready() and ended(), or by ended() alone.
    void start();
    /// Errors: InvalidArgument when the message is too long or not UTF-8; nothing was sent then. What is sent to a
    /// worker that is ending is lost: ended() follows.
    [[nodiscard]] Status send(std::uint64_t id, const protocol::Payload &message);
    /// Asks the worker to end, then tells it to, then kills it (WorkerSettings). ended() follows in any case.
    void end();
    /// Kills it at once, also one that end() has asked already. ended() follows in any case.
    void endNow();
    /// Ends a worker that cannot be trusted or does not answer: killed at once, ended() follows with `error`.
    void fail(Error error);
    /// 0 when it does not run.
    [[nodiscard]] qint64 processId() const;

Q_SIGNALS:
    /// The hello was exchanged; messages may be sent.
    void ready();
    /// The process is gone, or does not go even after a kill. Emitted once, last, never from within start().
    void ended(const tramontane::WorkerEnd &end);

private:
    void connectProcess();
    void drain(int frames);
    void take(const protocol::Frame &frame);
    void confessed(const Error &error);
    void greet(const protocol::Frame &frame);
    void failAs(WorkerEnd::Kind kind, Error error);
    void exited(int code, bool crashed);
    void report(const std::string &how, bool crashed = false);

    WorkerSettings m_settings;
    OnMessage m_onMessage;
    std::unique_ptr<ChildProcess> m_process;
    protocol::FrameReader m_reader;
    StderrTail m_errors;
    FrameDeadline m_frameDeadline;
    QTimer m_helloTimer;
    QTimer m_terminateTimer;
    QTimer m_killTimer;
    QTimer m_goneTimer;
    bool m_greeted = false;
    bool m_asked = false;
    bool m_drainQueued = false;
    std::optional<WorkerEnd> m_reason; // known before the process is gone
    bool m_reported = false;
};

} // namespace tramontane
