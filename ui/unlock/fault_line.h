// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/controls.h"

#include <QWidget>

namespace tramontane::ui {

/// What is wrong with the field above: an icon and a sentence that wraps, so that all of it can be read. GUI thread.
class FaultLine : public QWidget {
    Q_OBJECT
public:
    explicit FaultLine(QWidget *parent = nullptr);
    void setText(const QString &text);

private:
    TextLabel *m_text;
};

} // namespace tramontane::ui
