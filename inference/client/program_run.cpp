// SPDX-License-Identifier: Apache-2.0
#include "inference/client/program_run.h"

#include "inference/client/child_process.h"
#include "inference/client/worker_environment.h"
#include "inference/client/worker_errors.h"

#include <utility>

namespace tramontane {

std::optional<Error> failureOf(const ProgramOutcome &outcome, const Error &crashed)
{
    switch (outcome.end) {
    case ProgramOutcome::End::Exited: break;
    case ProgramOutcome::End::NotStarted: return worker_errors::notStarted(outcome.detail);
    case ProgramOutcome::End::Abandoned: return Error{ErrorCode::Cancelled, "The application is closing.", {}};
    case ProgramOutcome::End::Crashed:
    case ProgramOutcome::End::TooSlow:
    case ProgramOutcome::End::TooMuchOutput: return Error{crashed.code, crashed.message, outcome.detail};
    }
    return std::nullopt;
}

ProgramRun::ProgramRun(const QString &program, const QStringList &arguments, Limits limits, Done done, QObject *parent,
                       const QString &input)
    : QObject(parent), m_limits(limits), m_done(std::move(done)), m_process(std::make_unique<ChildProcess>())
{
    isolate(*m_process);
    m_process->setStandardInputFile(input.isEmpty() ? QProcess::nullDevice() : input);
    connect(m_process.get(), &QProcess::readyReadStandardOutput, this, &ProgramRun::readOutput);
    connect(m_process.get(), &QProcess::readyReadStandardError, this,
            [this] { m_errors.feed(m_process->readAllStandardError().toStdString()); });
    connect(m_process.get(), &QProcess::finished, this,
            [this](int code, QProcess::ExitStatus status) { exited(code, status == QProcess::CrashExit); });
    connect(m_process.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            finish(ProgramOutcome::End::NotStarted, 0, m_process->errorString().toStdString());
    });
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this,
            [this] { finish(ProgramOutcome::End::TooSlow, 0, "killed after the time limit"); });
    m_timer.start(limits.time);
    // From the event loop, so that a program that is missing does not call back from this constructor.
    QTimer::singleShot(0, this,
                       [this, program, arguments] { m_process->start(program, arguments, QIODevice::ReadOnly); });
}

ProgramRun::~ProgramRun()
{
    finish(ProgramOutcome::End::Abandoned, 0, "given up by the caller");
}

void ProgramRun::readOutput()
{
    m_output += m_process->readAllStandardOutput();
    if (m_output.size() > m_limits.outputBytes)
        finish(ProgramOutcome::End::TooMuchOutput, 0, "killed after too much output");
}

void ProgramRun::exited(int code, bool crashed)
{
    readOutput();
    if (!m_process)
        return; // that was too much output
    m_errors.feed(m_process->readAllStandardError().toStdString());
    finish(crashed ? ProgramOutcome::End::Crashed : ProgramOutcome::End::Exited, code,
           describeEnd(code, crashed, m_errors));
}

void ProgramRun::finish(ProgramOutcome::End end, int exitCode, const std::string &why)
{
    if (!m_done)
        return;
    const Done done = std::exchange(m_done, nullptr);
    m_timer.stop();
    abandon(std::move(m_process));
    deleteLater();
    // Last: whoever is called back may destroy this object.
    done({end, exitCode, std::move(m_output), why});
}

std::string describeEnd(int code, bool crashed, const StderrTail &errors)
{
    const std::string lines = errors.text();
    return (crashed ? "ended by signal " : "ended with exit code ") + std::to_string(code)
           + (lines.empty() ? "" : ": " + lines);
}

} // namespace tramontane
