// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProcess>
#include <QTemporaryDir>

namespace tramontane::test {

/// A session bus of its own in a temporary folder, without touching the person's. Sets DBUS_SESSION_BUS_ADDRESS and the XDG
/// folders of this process, so that it must be made before anything asks the bus. It starts no service by itself and ends
/// with the object. (When a session bus dies, GLib ends every process that used it with SIGTERM.)
class PrivateBus {
public:
    PrivateBus();
    ~PrivateBus();

    /// Why it could not be started (missing programs); empty when it runs.
    [[nodiscard]] const QString &problem() const { return m_problem; }
    [[nodiscard]] QString folder() const { return m_folder.path(); }
    /// Whether somebody owns this name on the bus.
    [[nodiscard]] static bool hasOwner(const QString &name);
    /// One method call; true when it was answered without an error.
    static bool call(const QStringList &arguments);

private:
    [[nodiscard]] bool start();

    QTemporaryDir m_folder;
    QProcess m_bus;
    QString m_problem;
};

/// A test that crashes must not leave it behind.
void diesWithTheTest(QProcess &process);

} // namespace tramontane::test
