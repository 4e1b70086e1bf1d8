// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/controls.h"

#include <QAbstractButton>

namespace tramontane::ui {

/// A card that can be chosen: icon, title, one wrapping line, and at the right a radio mark, a busy ring or a lock. In
/// a group (QButtonGroup) it behaves like a radio button. Locked: readable, in the tab order, not changeable. GUI thread.
class ChoiceCard : public QAbstractButton {
    Q_OBJECT
public:
    enum class Trailing { None, Radio, Busy, Lock };

    ChoiceCard(Icon icon, const QString &title, const QString &detail, Trailing trailing, QWidget *parent = nullptr);
    void setTitle(const QString &title);
    void setDetail(const QString &detail, ElidedLabel::Colour colour = ElidedLabel::Colour::Hint);
    void setTrailing(Trailing trailing);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    void rename();

    Icon m_icon;
    Trailing m_trailing;
    TextLabel *m_title;
    TextLabel *m_detail;
    BusyRing *m_ring;
};

} // namespace tramontane::ui
