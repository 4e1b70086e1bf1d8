// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/theme.h"

#include <QByteArray>
#include <QString>

namespace tramontane::ui {

/// How the window looks and where it stood: needed before the vault is open, so kept in a small JSON file beside it.
/// Nothing that a person wrote, and no id of it, is ever in here.
struct WindowPreferences {
    ThemeChoice theme = ThemeChoice::FollowDesktop;
    QString language; // empty: like the desktop
    qreal textFactor = 1.0;
    bool sidebar = true;
    QByteArray geometry; // QWidget::saveGeometry

    bool operator==(const WindowPreferences &) const = default;
};

/// What the file says; what it does not say, or says wrongly, is as by default. A file that is not there, larger than
/// 64 KiB or not JSON gives the defaults. Reads the disk: call it before the window is shown.
[[nodiscard]] WindowPreferences readPreferences(const QString &file);

/// Writes the file anew (temporary file, rename) in a thread of the pool. A failure is not told: the window then opens
/// with its old looks the next time. An empty name does nothing.
void writePreferences(const QString &file, const WindowPreferences &preferences);

} // namespace tramontane::ui
