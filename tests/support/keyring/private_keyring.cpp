// SPDX-License-Identifier: Apache-2.0
#include "tests/support/keyring/private_keyring.h"

#include <QDir>
#include <QStandardPaths>

#include <csignal>
#include <sys/prctl.h>

namespace tramontane::test {
namespace {

constexpr int kStartMs = 10'000;
constexpr auto kBusService = "org.freedesktop.secrets";
constexpr auto kPassphrase = "pw";

/// No service files: a keyring that was ended must not be started again by the bus.
constexpr auto kBusConfig = R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=%1</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
)";

bool call(const QStringList &arguments)
{
    QProcess process;
    process.start("dbus-send", QStringList{"--session", "--print-reply"} + arguments);
    return process.waitForFinished(kStartMs) && process.exitCode() == 0;
}

} // namespace

PrivateKeyring::PrivateKeyring()
{
    for (const char *program : {"dbus-daemon", "dbus-send", "gnome-keyring-daemon"}) {
        if (QStandardPaths::findExecutable(program).isEmpty())
            m_problem += QString("%1 is not installed. ").arg(program);
    }
    if (!m_problem.isEmpty())
        return;
    // A test that crashes must not leave them behind.
    for (QProcess *process : {&m_bus, &m_keyring})
        process->setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    for (const char *name : {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "HOME"}) {
        const QString folder = m_folder.filePath(QString(name).toLower());
        QDir().mkpath(folder);
        QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        qputenv(name, folder.toLocal8Bit());
    }
    if (!startBus())
        m_problem = "the session bus does not start: " + m_bus.readAllStandardError();
    else if (!startKeyring())
        m_problem = "the keyring does not start: " + m_keyring.readAllStandardError();
}

PrivateKeyring::~PrivateKeyring()
{
    stopKeyring();
    m_bus.kill();
    m_bus.waitForFinished(kStartMs);
}

bool PrivateKeyring::startBus()
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

bool PrivateKeyring::startKeyring()
{
    m_keyring.start("gnome-keyring-daemon", {"--foreground", "--components=secrets", "--unlock"});
    if (!m_keyring.waitForStarted(kStartMs))
        return false;
    m_keyring.write(kPassphrase);
    m_keyring.closeWriteChannel();
    for (int tries = 0; tries < 100; ++tries) {
        if (call({"--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.GetNameOwner",
                  QString("string:%1").arg(kBusService)}))
            return true;
        m_keyring.waitForFinished(50);
    }
    return false;
}

bool PrivateKeyring::lock()
{
    return call({QString("--dest=%1").arg(kBusService), "/org/freedesktop/secrets",
                 "org.freedesktop.Secret.Service.Lock", "array:objpath:/org/freedesktop/secrets/collection/login"});
}

void PrivateKeyring::stopKeyring()
{
    m_keyring.kill();
    m_keyring.waitForFinished(kStartMs);
}

} // namespace tramontane::test
