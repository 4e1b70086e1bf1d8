// SPDX-License-Identifier: Apache-2.0
#include "app/services/auto_lock.h"

#include <algorithm>
#include <utility>

namespace tramontane {
namespace {

constexpr qint64 kMinuteMs = 60'000;

} // namespace

AutoLock::AutoLock(SettingService &settings, SessionWatch *watch, const Clock &clock, QObject *parent)
    : QObject(parent), m_settings(settings), m_watch(watch), m_clock(clock), m_lastMono(clock.monoMs()),
      m_lastUtc(clock.utcMs())
{
    connect(&m_settings, &SettingService::changed, this, &AutoLock::readSettings);
    connect(&m_timer, &QTimer::timeout, this, &AutoLock::look);
    m_timer.setInterval(kLookEveryMs);
    if (m_watch) {
        connect(m_watch, &SessionWatch::sessionLocked, this, [this] { lockNow(LockCause::SessionLocked); });
        connect(m_watch, &SessionWatch::aboutToSleep, this, [this] { lockNow(LockCause::Suspend); });
        m_watch->hold();
    }
    readSettings();
}

AutoLock::~AutoLock()
{
    if (m_watch)
        m_watch->letGo();
}

void AutoLock::readSettings()
{
    m_minutes = m_settings.number(settings::kLockAfterMinutes);
    if (m_minutes > 0)
        m_timer.start();
    else
        m_timer.stop();
    look();
}

void AutoLock::used()
{
    m_lastMono = m_clock.monoMs();
    m_lastUtc = m_clock.utcMs();
    if (std::exchange(m_warning, false))
        Q_EMIT warningOver();
}

/// The steady clock stands still while the computer sleeps, the other one may be set back: the longer time counts.
qint64 AutoLock::idleMs() const
{
    return std::max(m_clock.monoMs() - m_lastMono, m_clock.utcMs() - m_lastUtc);
}

void AutoLock::look()
{
    if (m_due)
        return;
    const qint64 limit = m_minutes * kMinuteMs;
    if (limit == 0) {
        if (std::exchange(m_warning, false))
            Q_EMIT warningOver();
        return;
    }
    const qint64 left = limit - idleMs();
    if (left <= 0)
        return lockNow(LockCause::Idle);
    const bool soon = left <= std::min<qint64>(kWarnSeconds * 1000, limit / 2);
    if (soon && !std::exchange(m_warning, true))
        Q_EMIT warned(int((left + 999) / 1000));
    else if (!soon && std::exchange(m_warning, false))
        Q_EMIT warningOver();
}

void AutoLock::lockNow(LockCause cause)
{
    if (std::exchange(m_due, true))
        return;
    m_timer.stop();
    Q_EMIT due(cause);
}

} // namespace tramontane
