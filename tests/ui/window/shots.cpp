// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/window/shots.h"

#include <QDir>
#include <QPixmap>
#include <QTest>
#include <QWidget>

namespace tramontane::test {

void shoot(QWidget &widget, const QString &name)
{
    const QString folder = qEnvironmentVariable("TRAMONTANE_SHOTS");
    if (folder.isEmpty())
        return;
    QTest::qWait(80);
    QDir().mkpath(folder);
    widget.grab().save(QDir(folder).filePath(name + QStringLiteral(".png")));
}

} // namespace tramontane::test
