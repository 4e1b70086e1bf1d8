// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/error.h"
#include "inference/client/stderr_tail.h"

#include <QByteArray>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace tramontane {

class ChildProcess;

/// How a short-lived program ended.
struct ProgramOutcome {
    enum class End { Exited, NotStarted, Crashed, TooSlow, TooMuchOutput, Abandoned };
    End end = End::Exited;
    int exitCode = 0; // Exited: the exit code. Crashed: the number of the signal
    QByteArray output;
    std::string detail; // exit and last lines of the error output, without content
};

/// The error of a run that did not end by itself; `crashed`: that of one that crashed, was too slow or said too much, with
/// the outcome's detail. Nothing: read the output. Any thread.
[[nodiscard]] std::optional<Error> failureOf(const ProgramOutcome &outcome, const Error &crashed);

/// One run of a program that reads a file, prints one document and ends: isolated, with limits on time and output,
/// killed when it exceeds them. Calls back exactly once, from the event loop or, with Abandoned, from the destructor;
/// deletes itself afterwards. Thread: the one that made it; nothing blocks.
class ProgramRun final : public QObject {
    Q_OBJECT
public:
    struct Limits {
        std::chrono::milliseconds time{30'000};
        qsizetype outputBytes = 1 << 20;
    };
    using Done = std::function<void(const ProgramOutcome &)>;

    /// Starts at once. `parent` ends the run when it is destroyed. `input`: the file that the program reads as its
    /// standard input; empty: none.
    ProgramRun(const QString &program, const QStringList &arguments, Limits limits, Done done, QObject *parent,
               const QString &input = {});
    ~ProgramRun() override;

private:
    void readOutput();
    void exited(int code, bool crashed);
    void finish(ProgramOutcome::End end, int exitCode, const std::string &why);

    Limits m_limits;
    Done m_done;
    std::unique_ptr<ChildProcess> m_process;
    QTimer m_timer;
    QByteArray m_output;
    StderrTail m_errors;
};

/// "ended with exit code 3", "ended by signal 9", followed by the error output if there is any.
[[nodiscard]] std::string describeEnd(int code, bool crashed, const StderrTail &errors);

} // namespace tramontane
