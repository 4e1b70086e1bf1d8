// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

namespace tramontane::ui {

/// The mark of the product in a fixed size. Decoration: screen readers skip it.
class Mark : public QWidget {
    Q_OBJECT
public:
    explicit Mark(int side, QWidget *parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override { return {m_side, m_side}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int m_side;
};

/// Where one stands in a row of panels: a dot for each, a bar for the current one.
class StepDots : public QWidget {
    Q_OBJECT
public:
    StepDots(int steps, QWidget *parent = nullptr);
    void setCurrent(int step);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int m_steps;
    int m_current = 0;
};

} // namespace tramontane::ui
