// SPDX-License-Identifier: Apache-2.0
#include "ui/chat/send_button.h"

#include "ui/style/icons.h"
#include "ui/style/painting.h"
#include "ui/style/theme.h"

#include <QPainter>

namespace tramontane::ui {
namespace {

constexpr int kSide = spacing::k32;
constexpr int kRing = size::kFocusRing + size::kFocusGap;

} // namespace

SendButton::SendButton(QWidget *parent) : QAbstractButton(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAct(Act::Send);
}

void SendButton::setAct(Act act)
{
    m_act = act;
    setAccessibleName(act == Act::Send ? tr("Send") : tr("Stop the answer"));
    setToolTip(act == Act::Send ? tr("Send (Enter)") : tr("Stop the answer (Esc)"));
    update();
}

QSize SendButton::sizeHint() const
{
    return {kSide + 2 * kRing, kSide + 2 * kRing};
}

void SendButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = Theme::of(this).tokens();
    const QRectF box = QRectF(rect()).adjusted(kRing, kRing, -kRing, -kRing);
    const bool over = underMouse() && isEnabled();
    if (!isEnabled()) {
        paintBox(painter, box, radius::kControl, tokens.hover, {});
        paintIcon(painter, box, Icon::ArrowUp, tokens.dis, 18);
    } else if (m_act == Act::Send) {
        const QColor fill = isDown() ? tokens.accPress : over ? tokens.accHover : tokens.acc;
        paintBox(painter, box, radius::kControl, fill, {});
        paintIcon(painter, box, Icon::ArrowUp, tokens.onAcc, 18);
    } else {
        const QColor fill = isDown() ? tokens.press : over ? tokens.hover : tokens.raised;
        paintBox(painter, box, radius::kControl, fill, tokens.line2);
        paintIcon(painter, box, Icon::Stop, tokens.t1, 16);
    }
    if (hasFocus())
        paintFocusRing(painter, box, radius::kControl, tokens);
}

void SendButton::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void SendButton::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

} // namespace tramontane::ui
