// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QLineEdit>

namespace tramontane::ui {

/// The search field of the sidebar: a glass at the left, its key at the right while it is empty and not in use.
class SearchField : public QLineEdit {
    Q_OBJECT
public:
    explicit SearchField(QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace tramontane::ui
