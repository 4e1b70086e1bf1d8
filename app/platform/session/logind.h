// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/session_watch.h"

#include <QDBusConnection>
#include <QDBusUnixFileDescriptor>
#include <QVariantMap>

#include <functional>

namespace tramontane {

/// systemd-logind on the system bus (org.freedesktop.login1(5)): the signal Lock and the property LockedHint of the
/// person's session, PrepareForSleep of the manager, and an inhibitor in mode "delay" while a vault is open, so that the
/// computer sleeps only when it is locked (at the latest after logind's InhibitDelayMaxSec, 5 s as delivered).
class LogindWatch final : public SessionWatch {
    Q_OBJECT
public:
    explicit LogindWatch(QObject *parent = nullptr);
    ~LogindWatch() override;

    void hold() override;
    void letGo() override;

private Q_SLOTS:
    void onPrepareForSleep(bool begins);
    void onLock();
    void onSessionChanged(const QString &interface, const QVariantMap &changed, const QStringList &invalidated);

private:
    void findSession();
    void askManager(const QString &method, const QVariantList &arguments, std::function<void()> otherwise);
    void askForDisplay();
    void watchSession(const QString &path);
    void takeInhibitor();

    QDBusConnection m_bus;
    QDBusUnixFileDescriptor m_inhibitor; // open: sleep waits
    bool m_wanted = false;
    bool m_asking = false;
};

} // namespace tramontane
