// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProcess>
#include <QTemporaryDir>

namespace tramontane::test {

/// A session bus and a gnome-keyring of their own in a temporary folder: a real Secret Service without a display and
/// without touching the person's. Sets DBUS_SESSION_BUS_ADDRESS and the XDG folders of this process, so that it must be
/// made before anything asks the bus. Everything ends with the object.
class PrivateKeyring {
public:
    PrivateKeyring();
    ~PrivateKeyring();

    /// Why it could not be started (missing programs); empty when it runs.
    [[nodiscard]] QString problem() const { return m_problem; }
    [[nodiscard]] QString folder() const { return m_folder.path(); }
    /// As a desktop does when the screen is locked. Nobody is there to be asked, so every prompt counts as refused.
    [[nodiscard]] bool lock();
    /// The bus stays. (When a session bus dies, GLib ends every process that used it with SIGTERM.)
    void stopKeyring();

private:
    [[nodiscard]] bool startBus();
    [[nodiscard]] bool startKeyring();

    QTemporaryDir m_folder;
    QProcess m_bus;
    QProcess m_keyring;
    QString m_problem;
};

} // namespace tramontane::test
