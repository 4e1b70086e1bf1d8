// SPDX-License-Identifier: Apache-2.0
#include "ui/style/controls.h"

#include "ui/style/notice.h"
#include "ui/style/painting.h"
#include "ui/style/theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyle>

#include <cmath>

namespace tramontane::ui {
namespace {

constexpr qreal kIconSide = 14;
constexpr qreal kGap = 6;

int scaledHeight(int height, const Theme &theme)
{
    const qreal line = typeSpec(TypeRole::Hint).line;
    return std::max(height, static_cast<int>(std::ceil(theme.lineHeight(TypeRole::Hint) + height - line)));
}

} // namespace

Chip::Chip(const QString &text, Tone tone, Icon icon, QWidget *parent)
    : QWidget(parent), m_text(text), m_tone(tone), m_icon(icon)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(text);
}

void Chip::setText(const QString &text)
{
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

void Chip::setDetail(const QString &detail)
{
    m_detail = detail;
    setAccessibleDescription(detail);
    updateGeometry();
    update();
}

void Chip::setTone(Tone tone)
{
    m_tone = tone;
    update();
}

void Chip::setIcon(Icon icon)
{
    m_icon = icon;
    updateGeometry();
    update();
}

void Chip::setChipHeight(int height)
{
    m_height = height;
    updateGeometry();
    update();
}

void Chip::setClosable(bool closable, const QString &what)
{
    m_closable = closable;
    setFocusPolicy(closable ? Qt::StrongFocus : Qt::NoFocus);
    if (closable)
        setAccessibleDescription(what);
    updateGeometry();
    update();
}

QSize Chip::sizeHint() const
{
    const Theme &theme = Theme::of(this);
    const QFontMetricsF metrics(theme.font(TypeRole::Hint), this);
    qreal width = 2 * spacing::k8 + metrics.horizontalAdvance(m_text);
    if (m_icon != Icon::None)
        width += kIconSide + kGap;
    if (!m_detail.isEmpty())
        width += spacing::k8 + metrics.horizontalAdvance(m_detail);
    if (m_closable)
        width += size::kTarget - spacing::k8;
    return {static_cast<int>(std::ceil(width)) + 1, scaledHeight(m_height, theme)};
}

QSize Chip::minimumSizeHint() const
{
    return {std::min(sizeHint().width(), 3 * size::kTarget), sizeHint().height()};
}

QRectF Chip::closeRect() const
{
    if (!m_closable)
        return {};
    const QRect box(width() - size::kTarget, 0, size::kTarget, height());
    return QStyle::visualRect(layoutDirection(), rect(), box);
}

void Chip::paintEvent(QPaintEvent *)
{
    const Theme &theme = Theme::of(this);
    const Tokens &t = theme.tokens();
    const ToneColours colours = toneColours(t, m_tone);
    QPainter painter(this);
    const QRectF box(rect());
    const bool focused = hasFocus();
    if (m_tone == Tone::Dashed)
        paintDashedBox(painter, box, radius::kChip, {}, t.line2);
    else
        paintBox(painter, box, radius::kChip, colours.fill, focused ? t.acc : colours.frame,
                 focused ? size::kFocusRing : 1);

    painter.setFont(theme.font(TypeRole::Hint));
    const QFontMetricsF metrics(painter.font(), this);
    qreal x = spacing::k8;
    const qreal end = width() - (m_closable ? size::kTarget : spacing::k8);
    const auto place = [&](qreal width) {
        const QRectF piece(x, 0, width, height());
        return layoutDirection() == Qt::RightToLeft ? QRectF(this->width() - x - width, 0, width, height()) : piece;
    };
    if (m_icon != Icon::None) {
        paintIcon(painter, place(kIconSide), m_icon, m_tone == Tone::Neutral ? t.acc : colours.text, kIconSide);
        x += kIconSide + kGap;
    }
    painter.setPen(m_tone == Tone::Neutral ? (m_closable ? t.t1 : t.t2) : colours.text);
    const QString text = metrics.elidedText(m_text, Qt::ElideMiddle, end - x);
    const qreal textWidth = metrics.horizontalAdvance(text) + 1;
    painter.drawText(place(textWidth), Qt::AlignVCenter | Qt::AlignLeft, text);
    x += textWidth + spacing::k8;
    if (!m_detail.isEmpty() && end > x) {
        painter.setPen(t.t3);
        painter.drawText(place(end - x), Qt::AlignVCenter | Qt::AlignLeft,
                         metrics.elidedText(m_detail, Qt::ElideRight, end - x));
    }
    if (m_closable)
        paintIcon(painter, closeRect(), Icon::Close, underMouse() ? t.t1 : t.t2, kIconSide);
}

void Chip::keyPressEvent(QKeyEvent *event)
{
    if (m_closable && (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace))
        Q_EMIT removeRequested();
    else if (event->key() == Qt::Key_Space || event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        Q_EMIT activated();
    else if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)
        focusNextPrevChild((event->key() == Qt::Key_Right) != (layoutDirection() == Qt::RightToLeft));
    else
        QWidget::keyPressEvent(event);
}

void Chip::mousePressEvent(QMouseEvent *event)
{
    event->setAccepted(m_closable || event->button() == Qt::LeftButton);
}

void Chip::mouseReleaseEvent(QMouseEvent *event)
{
    if (!rect().contains(event->position().toPoint()))
        return;
    if (closeRect().contains(event->position()))
        Q_EMIT removeRequested();
    else
        Q_EMIT activated();
}

void Chip::enterEvent(QEnterEvent *)
{
    update();
}

void Chip::leaveEvent(QEvent *)
{
    update();
}

ClassLabel::ClassLabel(const QString &name, QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setName(name);
}

void ClassLabel::setName(const QString &name)
{
    m_name = name;
    setAccessibleName(tr("Label %1").arg(name));
    updateGeometry();
    update();
}

QSize ClassLabel::sizeHint() const
{
    const Theme &theme = Theme::of(this);
    const QFontMetricsF metrics(theme.font(TypeRole::Label), this);
    return {static_cast<int>(std::ceil(metrics.horizontalAdvance(m_name.toUpper()))) + 2 * spacing::k6,
            std::max(size::kLabel, static_cast<int>(theme.lineHeight(TypeRole::Label)) + spacing::k4)};
}

void ClassLabel::paintEvent(QPaintEvent *)
{
    const Theme &theme = Theme::of(this);
    const Tokens &t = theme.tokens();
    QPainter painter(this);
    const bool restricted = m_name.compare(QLatin1StringView("restricted"), Qt::CaseInsensitive) == 0;
    paintBox(painter, QRectF(rect()), 4, restricted ? t.warn.tint : QColor(), restricted ? t.warn.line : t.line2);
    painter.setFont(theme.font(TypeRole::Label));
    painter.setPen(restricted ? t.warn.text : t.t2);
    painter.drawText(QRectF(rect()), Qt::AlignCenter, m_name.toUpper());
}

} // namespace tramontane::ui
