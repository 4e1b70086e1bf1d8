// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/session_watch.h"
#include "app/core/clock.h"
#include "app/services/lock_cause.h"
#include "app/services/setting_service.h"

#include <QObject>
#include <QTimer>

namespace tramontane {

/// When an open vault is to be locked without anybody asking for it: nobody uses the window, the screen is locked, the
/// computer goes to sleep. Made at opening and destroyed at locking; the sleep of the computer waits as long. Calls and
/// signals: the owning thread.
class AutoLock : public QObject {
    Q_OBJECT
public:
    static constexpr int kLookEveryMs = 1000;
    static constexpr int kWarnSeconds = 60;

    /// All outlive the object; `watch` may be null: then only idle time counts.
    AutoLock(SettingService &settings, SessionWatch *watch, const Clock &clock, QObject *parent = nullptr);
    ~AutoLock() override;

    /// Somebody has used keyboard or mouse: the time begins anew, and a warning is taken back.
    void used();
    /// Looks at the clock; called every second.
    void look();
    [[nodiscard]] int minutes() const { return m_minutes; }
    [[nodiscard]] bool warning() const { return m_warning; }

Q_SIGNALS:
    /// Nobody has used the window, and in so many seconds it will be locked: told once when a minute is left (half of the
    /// time where it is a minute in all), and taken back by used().
    void warned(int seconds);
    void warningOver();
    /// At most once.
    void due(tramontane::LockCause cause);

private:
    void readSettings();
    void lockNow(LockCause cause);
    [[nodiscard]] qint64 idleMs() const;

    SettingService &m_settings;
    SessionWatch *m_watch;
    const Clock &m_clock;
    QTimer m_timer;
    int m_minutes = 0;
    qint64 m_lastMono = 0;
    qint64 m_lastUtc = 0;
    bool m_warning = false;
    bool m_due = false;
};

} // namespace tramontane
