// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/icons.h"

#include <QWidget>

namespace tramontane::ui {

/// A tinted square with an icon, above the title of an empty place. Decoration: screen readers skip it.
class IconBadge : public QWidget {
    Q_OBJECT
public:
    explicit IconBadge(Icon icon, QWidget *parent = nullptr);
    void setIcon(Icon icon);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Icon m_icon;
};

} // namespace tramontane::ui
