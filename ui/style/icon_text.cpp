// SPDX-License-Identifier: Apache-2.0
#include "ui/style/icon_text.h"

#include "ui/style/notice.h"
#include "ui/style/numbers.h"
#include "ui/style/theme.h"

#include <QPainter>

#include <cmath>

namespace tramontane::ui {
namespace {

constexpr qreal kIconSide = 14;
constexpr qreal kDotSide = 7;

} // namespace

IconText::IconText(Icon icon, const QString &text, TypeRole role, QWidget *parent)
    : QWidget(parent), m_icon(icon), m_text(text), m_role(role)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    refresh();
}

void IconText::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    refresh();
}

void IconText::setIcon(Icon icon)
{
    m_icon = icon;
    m_dot.reset();
    refresh();
}

void IconText::setDot(Tone tone)
{
    m_dot = tone;
    refresh();
}

void IconText::setTone(Tone tone)
{
    m_tone = tone;
    update();
}

void IconText::setExplanation(const QString &explanation)
{
    m_explanation = explanation;
    refresh();
}

void IconText::setTabular(bool tabular)
{
    m_tabular = tabular;
    refresh();
}

void IconText::refresh()
{
    setAccessibleName(m_text);
    setAccessibleDescription(m_explanation);
    const bool elided = width() < sizeHint().width();
    setToolTip(!m_explanation.isEmpty() ? m_explanation : elided ? m_text : QString());
    updateGeometry();
    update();
}

qreal IconText::textLeft() const
{
    if (m_dot)
        return kDotSide + spacing::k6;
    return m_icon == Icon::None ? 0 : kIconSide + spacing::k6;
}

qreal IconText::textWidth() const
{
    const QFontMetricsF metrics(Theme::of(this).font(m_role), this);
    return m_tabular ? numbersWidth(metrics, m_text) : metrics.horizontalAdvance(m_text);
}

QSize IconText::sizeHint() const
{
    const qreal height = std::max(Theme::of(this).lineHeight(m_role), kIconSide + spacing::k2);
    return {int(std::ceil(textLeft() + textWidth())) + 1, int(std::ceil(height))};
}

QSize IconText::minimumSizeHint() const
{
    return {int(textLeft()), sizeHint().height()};
}

void IconText::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const bool elided = width() < sizeHint().width();
    setToolTip(!m_explanation.isEmpty() ? m_explanation : elided ? m_text : QString());
}

void IconText::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = Theme::of(this);
    const Tokens &tokens = theme.tokens();
    const QColor colour = m_tone == Tone::Neutral ? tokens.t2 : toneColours(tokens, m_tone).text;
    const bool mirrored = isRightToLeft();
    const auto place = [&](qreal left, qreal wide) {
        return QRectF(mirrored ? width() - left - wide : left, 0, wide, height());
    };
    if (m_dot) {
        const QColor dot = *m_dot == Tone::Neutral ? tokens.ctl : toneColours(tokens, *m_dot).text;
        const QRectF box = place(0, kDotSide);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(dot);
        painter.drawEllipse(QPointF(box.center().x(), box.center().y()), kDotSide / 2, kDotSide / 2);
    } else if (m_icon != Icon::None) {
        paintIcon(painter, place(0, kIconSide), m_icon, colour, kIconSide);
    }
    painter.setFont(theme.font(m_role));
    painter.setPen(colour);
    const QRectF box = place(textLeft(), width() - textLeft());
    const auto align = Qt::AlignVCenter | (mirrored ? Qt::AlignRight : Qt::AlignLeft);
    if (m_tabular)
        paintNumbers(painter, box, align, m_text);
    else
        painter.drawText(box, align, painter.fontMetrics().elidedText(m_text, Qt::ElideRight, int(box.width()) + 1));
}

} // namespace tramontane::ui
