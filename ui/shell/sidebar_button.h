// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/icons.h"

#include <QAbstractButton>
#include <QKeySequence>

namespace tramontane::ui {

class Theme;

/// A framed button as wide as the sidebar: icon, text, and its key at the right. GUI thread.
class SidebarButton : public QAbstractButton {
    Q_OBJECT
public:
    SidebarButton(Icon icon, const QString &text, const QKeySequence &key, QWidget *parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    Icon m_icon;
    QString m_key;
};

/// "Ctrl N", as it stands on a key cap.
[[nodiscard]] QString keyText(const QKeySequence &key);

/// Paints a key like a cap, right-aligned in `box`; answers its left edge.
qreal paintKey(QPainter &painter, const QRectF &box, const QString &key, const Theme &theme);

} // namespace tramontane::ui
