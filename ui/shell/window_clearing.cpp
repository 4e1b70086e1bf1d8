// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/window_clearing.h"

#include <QApplication>
#include <QToolTip>
#include <QWidget>

namespace tramontane::ui {

void clearOtherWindows(const QWidget &window)
{
    QToolTip::hideText();
    for (QWidget *other : QApplication::topLevelWidgets()) {
        if (other == &window || !other->isVisible())
            continue;
        other->hide(); // a dialog may ask before it closes
        other->close();
    }
}

} // namespace tramontane::ui
