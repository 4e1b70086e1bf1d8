// SPDX-License-Identifier: Apache-2.0
#include "tests/support/bus/private_bus.h"

#include <QDir>
#include <QStandardPaths>

#include <csignal>
#include <sys/prctl.h>

namespace tramontane::test {
namespace {

constexpr int kStartMs = 10'000;

/// No service files: what a test ended must not be started again by the bus.
constexpr auto kBusConfig = R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=%1</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
)";

} // namespace

void diesWithTheTest(QProcess &process)
{
    process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
}

PrivateBus::PrivateBus()
{
    for (const char *program : {"dbus-daemon", "dbus-send"}) {
        if (QStandardPaths::findExecutable(program).isEmpty())
            m_problem += QString("%1 is not installed. ").arg(program);
    }
    if (!m_problem.isEmpty())
        return;
    diesWithTheTest(m_bus);
    for (const char *name : {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "HOME"}) {
        const QString folder = m_folder.filePath(QString(name).toLower());
        QDir().mkpath(folder);
        QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        qputenv(name, folder.toLocal8Bit());
    }
    if (!start())
        m_problem = "the session bus does not start: " + m_bus.readAllStandardError();
}

PrivateBus::~PrivateBus()
{
    m_bus.kill();
    m_bus.waitForFinished(kStartMs);
}

bool PrivateBus::start()
{
    const QString config = m_folder.filePath("bus.conf");
    QFile file(config);
    if (!file.open(QFile::WriteOnly) || file.write(QString(kBusConfig).arg(m_folder.path()).toUtf8()) < 0)
        return false;
    file.close();
    m_bus.start("dbus-daemon", {"--config-file=" + config, "--nofork", "--print-address"});
    if (!m_bus.waitForStarted(kStartMs) || !m_bus.waitForReadyRead(kStartMs))
        return false;
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_bus.readLine().trimmed());
    return true;
}

bool PrivateBus::call(const QStringList &arguments)
{
    QProcess process;
    process.start("dbus-send", QStringList{"--session", "--print-reply"} + arguments);
    return process.waitForFinished(kStartMs) && process.exitCode() == 0;
}

bool PrivateBus::hasOwner(const QString &name)
{
    return call({"--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.GetNameOwner", "string:" + name});
}

} // namespace tramontane::test
