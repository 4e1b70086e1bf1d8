// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/sidebar_button.h"

#include "ui/style/painting.h"
#include "ui/style/theme.h"

#include <QKeyEvent>
#include <QPainter>

namespace tramontane::ui {
namespace {

constexpr int kRing = size::kFocusRing + size::kFocusGap;
constexpr int kKeyHeight = 20;

} // namespace

QString keyText(const QKeySequence &key)
{
    return key.toString(QKeySequence::NativeText).replace(QLatin1Char('+'), QLatin1Char(' '));
}

qreal paintKey(QPainter &painter, const QRectF &box, const QString &key, const Theme &theme)
{
    const Tokens &tokens = theme.tokens();
    painter.setFont(theme.font(TypeRole::Kbd));
    const qreal width = QFontMetricsF(painter.font(), painter.device()).horizontalAdvance(key) + 2 * spacing::k6;
    const QRectF cap(box.right() - width, box.center().y() - kKeyHeight / 2.0, width, kKeyHeight);
    paintBox(painter, cap, radius::kCitation, tokens.raised, tokens.line2);
    painter.setPen(tokens.t2);
    painter.drawText(cap, Qt::AlignCenter, key);
    return cap.left();
}

SidebarButton::SidebarButton(Icon icon, const QString &text, const QKeySequence &key, QWidget *parent)
    : QAbstractButton(parent), m_icon(icon), m_key(keyText(key))
{
    setText(text);
    setAccessibleName(text);
    setToolTip(tr("%1 (%2)", "button, key").arg(text, key.toString(QKeySequence::NativeText)));
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize SidebarButton::sizeHint() const
{
    return {size::kSidebar / 2, size::kButton + 2 * kRing};
}

void SidebarButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = Theme::of(this);
    const Tokens &tokens = theme.tokens();
    const QRectF box = QRectF(rect()).adjusted(kRing, kRing, -kRing, -kRing);
    paintBox(painter, box, radius::kControl,
             isDown()       ? tokens.press
             : underMouse() ? tokens.hover
                            : tokens.raised,
             tokens.line2);
    const QRectF icon(box.left() + spacing::k12, box.top(), size::kIcon, box.height());
    paintIcon(painter, icon, m_icon, tokens.t1);
    const qreal keyLeft = paintKey(painter, box.adjusted(0, 0, -spacing::k8, 0), m_key, theme);
    painter.setFont(theme.font(TypeRole::Button));
    painter.setPen(tokens.t1);
    const QRectF words(icon.right() + spacing::k8, box.top(), keyLeft - icon.right() - spacing::k16, box.height());
    painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(text(), Qt::ElideRight, int(words.width())));
    if (hasFocus())
        paintFocusRing(painter, box, radius::kControl, tokens);
}

void SidebarButton::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

void SidebarButton::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void SidebarButton::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

} // namespace tramontane::ui
