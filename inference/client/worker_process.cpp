// SPDX-License-Identifier: Apache-2.0
#include "inference/client/worker_process.h"

#include "inference/client/child_process.h"
#include "inference/client/program_run.h"
#include "inference/client/untrusted_text.h"
#include "inference/client/worker_environment.h"
#include "inference/client/worker_errors.h"

#include <QPointer>

#include <csignal>
#include <limits>
#include <utility>

namespace tramontane {

namespace {

// Frames handled before the event loop gets its turn: a flood must not stop the window.
constexpr int kFramesPerTurn = 256;
// What is taken from the pipe at once.
constexpr qint64 kPieceBytes = 64 * 1024;
// How long a killed process may take to go (a driver may hold it) before it is left to itself.
constexpr std::chrono::milliseconds kGoneAfter{5'000};
// SIGKILL, as a system sends it that has no memory left. On Windows no process ends with so small a code by a fault.
constexpr int kKilled = 9;

} // namespace

WorkerProcess::WorkerProcess(const WorkerSettings &settings, OnMessage onMessage, QObject *parent)
    : QObject(parent), m_settings(settings), m_onMessage(std::move(onMessage)),
      m_process(std::make_unique<ChildProcess>()), m_frameDeadline(settings.frameLimit)
{
    for (QTimer *timer : {&m_helloTimer, &m_terminateTimer, &m_killTimer, &m_goneTimer})
        timer->setSingleShot(true);
    connect(&m_helloTimer, &QTimer::timeout, this, [this] {
        fail({ErrorCode::EngineStopped, "The engine program does not answer.",
              "no hello within " + std::to_string(m_settings.helloLimit.count()) + " ms"});
    });
    connect(&m_frameDeadline, &FrameDeadline::expired, this,
            [this] { fail(worker_errors::protocol("a frame that has begun does not end")); });
    connect(&m_terminateTimer, &QTimer::timeout, this, [this] { m_process->terminate(); });
    connect(&m_killTimer, &QTimer::timeout, this, [this] {
        m_process->kill();
        m_goneTimer.start(kGoneAfter);
    });
    connect(&m_goneTimer, &QTimer::timeout, this, [this] { report("does not end after a kill"); });
}

WorkerProcess::~WorkerProcess()
{
    abandon(std::move(m_process));
}

void WorkerProcess::start()
{
    isolate(*m_process);
    connectProcess();
    m_helloTimer.start(m_settings.helloLimit);
    m_process->start(m_settings.program, withRequired({QStringLiteral("--serve")}, m_settings.requiredLayers));
    (void)send(0, protocol::Hello{protocol::kProtocolVersion, "client"});
}

void WorkerProcess::connectProcess()
{
    QProcess *process = m_process.get();
    connect(process, &QProcess::readyReadStandardOutput, this, [this] { drain(kFramesPerTurn); });
    connect(process, &QProcess::readyReadStandardError, this,
            [this] { m_errors.feed(m_process->readAllStandardError().toStdString()); });
    connect(process, &QProcess::finished, this,
            [this](int code, QProcess::ExitStatus status) { exited(code, status == QProcess::CrashExit); });
    // Queued: a program that cannot be started says so from within QProcess::start().
    connect(
        process, &QProcess::errorOccurred, this,
        [this](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart) {
                m_reason = WorkerEnd{WorkerEnd::Kind::Unusable, worker_errors::notStarted({})};
                report(m_process->errorString().toStdString());
            } else if (error == QProcess::WriteError || error == QProcess::ReadError) {
                fail(worker_errors::protocol("a pipe to the worker broke"));
            }
        },
        Qt::QueuedConnection);
}

Status WorkerProcess::send(std::uint64_t id, const protocol::Payload &message)
{
    const auto bytes = protocol::encodeFrame({id, message});
    if (!bytes)
        return bytes.error();
    if (m_process->isWritable())
        m_process->write(bytes->data(), static_cast<qint64>(bytes->size()));
    return {};
}

void WorkerProcess::end()
{
    if (m_asked || m_reason)
        return;
    m_asked = true;
    m_helloTimer.stop();
    (void)send(0, protocol::Quit{});
    m_process->closeWriteChannel();
    m_terminateTimer.start(m_settings.terminateAfter);
    m_killTimer.start(m_settings.killAfter);
}

void WorkerProcess::endNow()
{
    if (m_reason)
        return; // on its way out already
    m_asked = true;
    m_helloTimer.stop();
    m_process->kill();
    m_goneTimer.start(kGoneAfter);
}

void WorkerProcess::fail(Error error)
{
    failAs(WorkerEnd::Kind::Died, std::move(error));
}

void WorkerProcess::failAs(WorkerEnd::Kind kind, Error error)
{
    if (m_reason || m_asked)
        return;
    m_reason = WorkerEnd{kind, std::move(error)};
    m_helloTimer.stop();
    m_frameDeadline.completed();
    m_process->kill();
    m_goneTimer.start(kGoneAfter);
}

qint64 WorkerProcess::processId() const
{
    return m_process->processId();
}

void WorkerProcess::drain(int frames)
{
    if (m_reason || m_asked) {
        // Its answers have no receiver any more, and it may go on talking until it is killed.
        (void)m_process->readAllStandardOutput();
        return;
    }
    if (m_process->bytesAvailable() + static_cast<qint64>(m_reader.buffered()) > m_settings.unreadLimit)
        return fail(worker_errors::protocol("the worker sends more than anybody asked for"));
    const QPointer<WorkerProcess> self = this;
    while (!m_reason && frames > 0) {
        const auto frame = m_reader.next();
        if (!frame)
            return fail(frame.error());
        if (!frame.value()) {
            // Only now: the backlog stays where the limit above counts it.
            const QByteArray piece = m_process->read(kPieceBytes);
            if (piece.isEmpty())
                return m_reader.insideFrame() ? m_frameDeadline.wait() : void();
            m_reader.feed({piece.constData(), static_cast<std::size_t>(piece.size())});
            continue;
        }
        --frames;
        m_frameDeadline.completed();
        take(**frame);
        if (!self)
            return;
    }
    if (!m_reason && !std::exchange(m_drainQueued, true)) {
        QTimer::singleShot(0, this, [this] {
            m_drainQueued = false;
            drain(kFramesPerTurn);
        });
    }
}

void WorkerProcess::take(const protocol::Frame &frame)
{
    if (m_asked)
        return; // its answers have no receiver any more
    if (const auto *failure = std::get_if<protocol::Failure>(&frame.payload); failure && frame.id == 0) {
        return confessed(madePlain(failure->error));
    }
    if (!m_greeted)
        return greet(frame);
    const QPointer<WorkerProcess> self = this;
    const Status taken = m_onMessage(frame.id, frame.payload);
    if (self && !taken)
        fail(taken.error());
}

void WorkerProcess::confessed(const Error &error)
{
    // Before the hello it is a refusal (another version, no sandbox): the next start would end in the same way.
    m_reason = m_greeted
                   ? WorkerEnd{WorkerEnd::Kind::Died, error}
                   : WorkerEnd{WorkerEnd::Kind::Unusable, {ErrorCode::EngineUnavailable, error.message, error.detail}};
    m_helloTimer.stop();
    m_killTimer.start(m_settings.killAfter); // it ends by itself, unless it hangs
}

void WorkerProcess::greet(const protocol::Frame &frame)
{
    const auto *hello = std::get_if<protocol::Hello>(&frame.payload);
    if (hello == nullptr)
        return fail(worker_errors::protocol(std::string(protocol::typeName(frame.payload)) + " instead of hello"));
    if (const Status version = protocol::checkHello(*hello); !version) {
        const Error &error = version.error();
        return failAs(WorkerEnd::Kind::Unusable, {ErrorCode::EngineUnavailable, error.message, error.detail});
    }
    m_greeted = true;
    m_helloTimer.stop();
    Q_EMIT ready();
}

void WorkerProcess::exited(int code, bool crashed)
{
    // What it still said may be the reason, and may be answers.
    const QPointer<WorkerProcess> self = this;
    if (!m_reason)
        drain(std::numeric_limits<int>::max());
    if (!self)
        return;
    m_errors.feed(m_process->readAllStandardError().toStdString());
    report(describeEnd(code, crashed, m_errors) + (m_reader.insideFrame() ? " (inside a frame)" : ""),
           crashed && !m_reason && code != kKilled && code != SIGTERM);
}

void WorkerProcess::report(const std::string &how, bool crashed)
{
    if (std::exchange(m_reported, true))
        return;
    for (QTimer *timer : {&m_helloTimer, &m_terminateTimer, &m_killTimer, &m_goneTimer})
        timer->stop();
    m_frameDeadline.completed();
    WorkerEnd end = m_reason.value_or(WorkerEnd{WorkerEnd::Kind::Died, worker_errors::stopped({})});
    if (m_asked)
        end = WorkerEnd{WorkerEnd::Kind::Asked, {}};
    end.crashed = crashed;
    end.error.detail += (end.error.detail.empty() ? "" : "; ") + how;
    Q_EMIT ended(end);
}

} // namespace tramontane
