// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProcess>

#include <filesystem>
#include <string>
#include <vector>

namespace tramontane::test {

/// This program once more, on a vault with the key of a file, until it is killed or ends. Its errors go to ours.
class ChildProcess {
public:
    ChildProcess(const std::string &what, const std::filesystem::path &folder, const std::filesystem::path &keyFile);
    void kill();
    /// After kill(): it had not ended before.
    [[nodiscard]] bool wasKilled() const { return m_process.exitStatus() == QProcess::CrashExit; }
    [[nodiscard]] bool running() const { return m_process.state() != QProcess::NotRunning; }
    [[nodiscard]] int exitCode() const { return m_process.exitCode(); }
    /// Lines that have come, after waiting for the first at most so long.
    [[nodiscard]] std::vector<std::string> hear(int waitMs);
    /// Whether this line has come, after waiting for it at most so long. Other lines are passed over.
    [[nodiscard]] bool heard(const std::string &line, int waitMs);

private:
    QProcess m_process;
};

/// In the child: a line that the parent hears. It goes out whole.
void say(const std::string &line);

} // namespace tramontane::test
