// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/storage/child_process.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace tramontane::test {

ChildProcess::ChildProcess(const std::string &what, const std::filesystem::path &folder,
                           const std::filesystem::path &keyFile)
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(QCoreApplication::applicationFilePath(),
                    {QString::fromStdString(what), QString::fromStdString(folder.string()),
                     QString::fromStdString(keyFile.string())});
}

void ChildProcess::kill()
{
    m_process.kill();
    m_process.waitForFinished();
}

std::vector<std::string> ChildProcess::hear(int waitMs)
{
    m_process.waitForReadyRead(waitMs);
    std::vector<std::string> lines;
    while (m_process.canReadLine())
        lines.push_back(m_process.readLine().trimmed().toStdString());
    return lines;
}

bool ChildProcess::heard(const std::string &line, int waitMs)
{
    QElapsedTimer timer;
    timer.start();
    do {
        const auto lines = hear(int(std::max<qint64>(0, waitMs - timer.elapsed())));
        if (std::find(lines.begin(), lines.end(), line) != lines.end())
            return true;
    } while (running() && timer.elapsed() < waitMs);
    return false;
}

void say(const std::string &line)
{
    const std::string whole = line + "\n";
    if (::write(STDOUT_FILENO, whole.data(), whole.size()) != ssize_t(whole.size()))
        std::_Exit(1);
}

} // namespace tramontane::test
