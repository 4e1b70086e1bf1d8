// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

namespace tramontane {

/// Prints the line "usable" once, when `watched` has been painted for the first time and its thread waits for keys again.
/// Only ./dev bench asks for it, and only builds with test hooks have it. GUI thread; owned by `watched`.
class FirstPaint final : public QObject {
    Q_OBJECT
public:
    explicit FirstPaint(QObject *watched);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
};

/// Does so if TRAMONTANE_BENCH_USABLE is set.
void announceFirstPaint(QObject *window);

} // namespace tramontane
