// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

namespace tramontane::ui {

/// Tells whenever a person uses keyboard, mouse, pen or touch in any window of the program. GUI thread.
class UseFilter : public QObject {
    Q_OBJECT
public:
    /// From now on, until it is destroyed.
    explicit UseFilter(QObject *parent = nullptr);

Q_SIGNALS:
    void used();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
};

} // namespace tramontane::ui
