// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/use_filter.h"

#include <QCoreApplication>
#include <QEvent>

namespace tramontane::ui {

UseFilter::UseFilter(QObject *parent) : QObject(parent)
{
    QCoreApplication::instance()->installEventFilter(this);
}

bool UseFilter::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::InputMethod:
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::Wheel:
    case QEvent::TouchBegin:
    case QEvent::TouchUpdate:
    case QEvent::TabletPress:
    case QEvent::TabletMove:
        // Windows only: one event reaches its window and then each widget on the way.
        if (watched->isWindowType())
            Q_EMIT used();
        break;
    default: break;
    }
    return QObject::eventFilter(watched, event);
}

} // namespace tramontane::ui
