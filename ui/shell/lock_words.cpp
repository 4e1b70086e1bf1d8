// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/lock_words.h"

#include "ui/style/numbers.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace tramontane::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(tramontane::ui::LockScreen)
};

} // namespace

QString lockedAt(LockCause cause, std::int64_t utcMs, int idleMinutes)
{
    const QString time = formatTime(utcMs, QLocale());
    switch (cause) {
    case LockCause::Person: return Words::tr("Locked at %1").arg(time);
    case LockCause::Idle: return Words::tr("Locked at %1, no input for %n minute(s)", nullptr, idleMinutes).arg(time);
    case LockCause::SessionLocked: return Words::tr("Locked at %1, together with the screen").arg(time);
    case LockCause::Suspend: return Words::tr("Locked at %1, before the computer went to sleep").arg(time);
    }
    return {};
}

QString lockProof(std::int64_t utcMs)
{
    const QTime time = QDateTime::fromMSecsSinceEpoch(utcMs).time();
    return Words::tr("Keys wiped, databases closed, engine stopped at %1")
        .arg(time.toString(QStringLiteral("HH:mm:ss")));
}

} // namespace tramontane::ui
