// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDBusConnection>
#include <QDBusContext>
#include <QDBusObjectPath>
#include <QDBusUnixFileDescriptor>
#include <QProcess>
#include <QTemporaryDir>
#include <QVariantMap>

#include <vector>

namespace tramontane::test {

/// The property "Display" of a user: name and path of the session that has the screen.
struct DisplaySession {
    QString name;
    QDBusObjectPath path;
};

/// What logind says of a person (org.freedesktop.login1.User).
class FakeUser final : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.login1.User")
    Q_PROPERTY(tramontane::test::DisplaySession Display READ display)
public:
    [[nodiscard]] DisplaySession display() const;
};

/// What the manager of logind answers (org.freedesktop.login1(5)), scripted: one session, and inhibitors that are counted.
class FakeLoginManager final : public QObject, protected QDBusContext {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.login1.Manager")
public:
    ~FakeLoginManager() override;
    bool knowsProcess = true; // or answers NoSessionForPID, as for a program of the person's own systemd
    bool refusesInhibitors = false;
    QStringList calls;
    /// Inhibitors that nobody has given up yet: as logind sees it, the other end of a pipe that is still open.
    [[nodiscard]] int inhibitors();

public Q_SLOTS:
    QDBusObjectPath GetSession(const QString &id);
    QDBusObjectPath GetSessionByPID(uint pid);
    QDBusObjectPath GetUser(uint uid);
    QDBusUnixFileDescriptor Inhibit(const QString &what, const QString &who, const QString &why, const QString &mode);

Q_SIGNALS:
    void PrepareForSleep(bool begins);

private:
    std::vector<int> m_pipes; // our ends
};

/// A system bus of its own with a logind on it. Sets DBUS_SYSTEM_BUS_ADDRESS of this process, so that it must be made
/// before anything asks the bus. Everything ends with the object.
class FakeLogind {
public:
    FakeLogind();
    ~FakeLogind();

    /// Why it could not be started; empty when it runs.
    [[nodiscard]] QString problem() const { return m_problem; }
    FakeLoginManager manager;

    /// The signal Lock of a session: what `loginctl lock-session` sends.
    void lockSession(const QString &path = QStringLiteral("/org/freedesktop/login1/session/_31"));
    /// The property LockedHint of the session: what a desktop sets when its screen is locked.
    void setLockedHint(bool locked);
    void prepareForSleep(bool begins) { Q_EMIT manager.PrepareForSleep(begins); }

private:
    [[nodiscard]] bool startBus();

    QTemporaryDir m_folder;
    QProcess m_bus;
    QString m_problem;
    FakeUser m_user;
};

} // namespace tramontane::test
