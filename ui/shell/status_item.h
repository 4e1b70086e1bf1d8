// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/icon_text.h"

#include <QAbstractButton>

namespace tramontane::ui {

/// An item of the status line that can be pressed. The focus ring lies inside. GUI thread.
class StatusItem : public QAbstractButton {
    Q_OBJECT
public:
    StatusItem(Icon icon, const QString &text, QWidget *parent = nullptr);
    void set(Icon icon, const QString &text, Tone tone, const QString &explanation);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    IconText *m_content;
};

} // namespace tramontane::ui
