// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/theme.h"

#include <QMenu>

namespace tramontane::ui {

/// The menu behind the three dots: this chat, looks, lock. GUI thread.
class MoreMenu : public QMenu {
    Q_OBJECT
public:
    explicit MoreMenu(Theme &theme, QWidget *parent = nullptr);
    void setRenameEnabled(bool enabled);

Q_SIGNALS:
    void renameRequested();
    void addModelRequested();
    void checkLogRequested();
    void lockRequested();
    void themeChosen(tramontane::ui::ThemeChoice choice);
    void textFactorChosen(qreal factor);

private:
    void addLooks(Theme &theme);

    QAction *m_rename;
};

} // namespace tramontane::ui
