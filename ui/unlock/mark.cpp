// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/mark.h"

#include "ui/style/icons.h"
#include "ui/style/painting.h"
#include "ui/style/theme.h"

#include <QPainter>

namespace tramontane::ui {
namespace {

constexpr int kDot = spacing::k6;
constexpr int kBar = 18;

} // namespace

Mark::Mark(int side, QWidget *parent) : QWidget(parent), m_side(side)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Mark::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = Theme::of(this).tokens();
    paintMark(painter, QRectF(0, 0, m_side, m_side), tokens.acc, tokens.onAcc);
}

StepDots::StepDots(int steps, QWidget *parent) : QWidget(parent), m_steps(steps)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setCurrent(0);
}

void StepDots::setCurrent(int step)
{
    m_current = step;
    setAccessibleName(tr("Step %1 of %2").arg(step + 1).arg(m_steps));
    update();
}

QSize StepDots::sizeHint() const
{
    return {(m_steps - 1) * (kDot + spacing::k6) + kBar, kDot + spacing::k2};
}

void StepDots::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = Theme::of(this).tokens();
    qreal left = 0;
    for (int step = 0; step < m_steps; ++step) {
        const qreal width = step == m_current ? kBar : kDot;
        const QRectF part(left, (height() - kDot) / 2.0, width, kDot);
        paintBox(painter, part, kDot / 2.0, step == m_current ? tokens.acc : tokens.s5, {});
        left += width + spacing::k6;
    }
}

} // namespace tramontane::ui
