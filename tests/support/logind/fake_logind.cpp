// SPDX-License-Identifier: Apache-2.0
#include "tests/support/logind/fake_logind.h"

#include <QDBusArgument>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusVariant>
#include <QFile>
#include <QStandardPaths>

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace tramontane::test {

QDBusArgument &operator<<(QDBusArgument &argument, const DisplaySession &session)
{
    argument.beginStructure();
    argument << session.name << session.path;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, DisplaySession &session)
{
    argument.beginStructure();
    argument >> session.name >> session.path;
    argument.endStructure();
    return argument;
}

namespace {

constexpr int kStartMs = 10'000;
const auto kConnection = QStringLiteral("fake-logind");
const auto kService = QStringLiteral("org.freedesktop.login1");
const auto kSessionPath = QStringLiteral("/org/freedesktop/login1/session/_31");
const auto kUserPath = QStringLiteral("/org/freedesktop/login1/user/self");

constexpr auto kBusConfig = R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>custom</type><listen>unix:tmpdir=%1</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
)";

} // namespace

DisplaySession FakeUser::display() const
{
    return {QStringLiteral("1"), QDBusObjectPath(kSessionPath)};
}

FakeLoginManager::~FakeLoginManager()
{
    for (const int pipe : m_pipes)
        ::close(pipe);
}

QDBusObjectPath FakeLoginManager::GetSession(const QString &id)
{
    calls << QStringLiteral("GetSession ") + id;
    return QDBusObjectPath(kSessionPath);
}

QDBusObjectPath FakeLoginManager::GetSessionByPID(uint)
{
    calls << QStringLiteral("GetSessionByPID");
    if (!knowsProcess)
        sendErrorReply(QStringLiteral("org.freedesktop.login1.NoSessionForPID"), QStringLiteral("no session"));
    return QDBusObjectPath(kSessionPath);
}

QDBusObjectPath FakeLoginManager::GetUser(uint)
{
    calls << QStringLiteral("GetUser");
    return QDBusObjectPath(kUserPath);
}

QDBusUnixFileDescriptor FakeLoginManager::Inhibit(const QString &what, const QString &who, const QString &,
                                                  const QString &mode)
{
    calls << QStringLiteral("Inhibit %1 %2 %3").arg(what, who, mode);
    if (refusesInhibitors) {
        sendErrorReply(QDBusError::AccessDenied, QStringLiteral("not allowed"));
        return {};
    }
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0)
        return {};
    m_pipes.push_back(ends[0]);
    QDBusUnixFileDescriptor given(ends[1]); // a copy
    ::close(ends[1]);
    return given;
}

int FakeLoginManager::inhibitors()
{
    int open = 0;
    for (const int pipe : m_pipes) {
        pollfd state{pipe, POLLIN, 0};
        ::poll(&state, 1, 0);
        open += (state.revents & POLLHUP) == 0 ? 1 : 0;
    }
    return open;
}

FakeLogind::FakeLogind()
{
    if (QStandardPaths::findExecutable(QStringLiteral("dbus-daemon")).isEmpty()) {
        m_problem = QStringLiteral("dbus-daemon is not installed");
        return;
    }
    m_bus.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    if (!startBus()) {
        m_problem = QStringLiteral("the bus does not start: ") + QString::fromUtf8(m_bus.readAllStandardError());
        return;
    }
    qDBusRegisterMetaType<DisplaySession>();
    QDBusConnection bus =
        QDBusConnection::connectToBus(QString::fromLocal8Bit(qgetenv("DBUS_SYSTEM_BUS_ADDRESS")), kConnection);
    if (!bus.isConnected() || !bus.registerService(kService)
        || !bus.registerObject(QStringLiteral("/org/freedesktop/login1"), &manager,
                               QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals)
        || !bus.registerObject(kUserPath, &m_user, QDBusConnection::ExportAllProperties))
        m_problem = QStringLiteral("the logind cannot be put on the bus: ") + bus.lastError().message();
}

FakeLogind::~FakeLogind()
{
    QDBusConnection::disconnectFromBus(kConnection);
    m_bus.kill();
    m_bus.waitForFinished(kStartMs);
}

bool FakeLogind::startBus()
{
    const QString config = m_folder.filePath(QStringLiteral("bus.conf"));
    QFile file(config);
    if (!file.open(QFile::WriteOnly) || file.write(QString::fromLatin1(kBusConfig).arg(m_folder.path()).toUtf8()) < 0)
        return false;
    file.close();
    m_bus.start(QStringLiteral("dbus-daemon"), {QStringLiteral("--config-file=") + config, QStringLiteral("--nofork"),
                                                QStringLiteral("--print-address")});
    if (!m_bus.waitForStarted(kStartMs) || !m_bus.waitForReadyRead(kStartMs))
        return false;
    qputenv("DBUS_SYSTEM_BUS_ADDRESS", m_bus.readLine().trimmed());
    return true;
}

void FakeLogind::lockSession(const QString &path)
{
    QDBusConnection(kConnection)
        .send(
            QDBusMessage::createSignal(path, QStringLiteral("org.freedesktop.login1.Session"), QStringLiteral("Lock")));
}

void FakeLogind::setLockedHint(bool locked)
{
    QDBusMessage changed = QDBusMessage::createSignal(kSessionPath, QStringLiteral("org.freedesktop.DBus.Properties"),
                                                      QStringLiteral("PropertiesChanged"));
    changed << QStringLiteral("org.freedesktop.login1.Session") << QVariantMap{{QStringLiteral("LockedHint"), locked}}
            << QStringList();
    QDBusConnection(kConnection).send(changed);
}

} // namespace tramontane::test
