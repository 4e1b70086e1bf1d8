// SPDX-License-Identifier: Apache-2.0
#include "app/main/window/first_paint.h"

#include <QEvent>
#include <QTimer>

#include <cstdio>

namespace tramontane {

FirstPaint::FirstPaint(QObject *watched) : QObject(watched)
{
    watched->installEventFilter(this);
}

bool FirstPaint::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Paint) {
        watched->removeEventFilter(this);
        QTimer::singleShot(0, this, [this] {
            std::puts("usable");
            std::fflush(stdout);
            deleteLater();
        });
    }
    return QObject::eventFilter(watched, event);
}

void announceFirstPaint(QObject *window)
{
    if (qEnvironmentVariableIsSet("TRAMONTANE_BENCH_USABLE"))
        new FirstPaint(window);
}

} // namespace tramontane
