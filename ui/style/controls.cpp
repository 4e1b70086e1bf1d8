// SPDX-License-Identifier: Apache-2.0
#include "ui/style/controls.h"

#include "ui/style/notice.h"
#include "ui/style/numbers.h"
#include "ui/style/painting.h"
#include "ui/style/theme.h"

#include <QEvent>
#include <QPainter>
#include <QStyle>
#include <QTimerEvent>

#include <cmath>

namespace tramontane::ui {
namespace {

constexpr int kRingSteps = 60; // one turn a second at 60 steps
constexpr int kDot = 8;

QString kindName(ButtonKind kind)
{
    switch (kind) {
    case ButtonKind::Primary: return QStringLiteral("primary");
    case ButtonKind::Quiet: return QStringLiteral("quiet");
    case ButtonKind::Destructive: return QStringLiteral("destructive");
    case ButtonKind::Normal: break;
    }
    return QStringLiteral("normal");
}

} // namespace

void setButtonKind(QPushButton &button, ButtonKind kind, ButtonScale scale)
{
    button.setProperty("kind", kindName(kind));
    if (scale != ButtonScale::Normal)
        button.setProperty("scale", scale == ButtonScale::Card ? QStringLiteral("card") : QStringLiteral("dialog"));
    button.updateGeometry();
    button.update();
}

QPushButton *makeButton(const QString &text, ButtonKind kind, ButtonScale scale, QWidget *parent)
{
    auto *button = new QPushButton(text, parent);
    button->setAutoDefault(false);
    setButtonKind(*button, kind, scale);
    return button;
}

IconButton::IconButton(Icon icon, const QString &name, const QKeySequence &key, QWidget *parent) : QToolButton(parent)
{
    setAutoRaise(true);
    setFocusPolicy(Qt::StrongFocus);
    setIconKind(icon);
    setNameAndKey(name, key);
}

void IconButton::setIconKind(Icon icon)
{
    QAbstractButton::setIcon(makeIcon(icon));
}

void IconButton::setNameAndKey(const QString &name, const QKeySequence &key)
{
    setAccessibleName(name);
    setToolTip(key.isEmpty() ? name : tr("%1 (%2)").arg(name, key.toString(QKeySequence::NativeText)));
}

StatusDot::StatusDot(Tone tone, const QString &meaning, QWidget *parent) : QWidget(parent), m_tone(tone)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(meaning);
}

void StatusDot::setState(Tone tone, const QString &meaning)
{
    m_tone = tone;
    setAccessibleName(meaning);
    update();
}

QSize StatusDot::sizeHint() const
{
    return {kDot, kDot};
}

void StatusDot::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &t = Theme::of(this).tokens();
    QRectF dot(0, 0, kDot - 1, kDot - 1);
    dot.moveCenter(QRectF(rect()).center());
    if (m_tone == Tone::Neutral || m_tone == Tone::Dashed)
        paintBox(painter, dot, kDot / 2.0, {}, t.t3, 1.5);
    else
        paintBox(painter, dot, kDot / 2.0, toneColours(t, m_tone).text, {});
}

ElidedLabel::ElidedLabel(const QString &text, TypeRole role, QWidget *parent)
    : QWidget(parent), m_text(text), m_role(role)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(text);
}

void ElidedLabel::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    setAccessibleName(text);
    updateTooltip();
    updateGeometry();
    update();
}

void ElidedLabel::setRole(TypeRole role)
{
    m_role = role;
    updateGeometry();
    update();
}

void ElidedLabel::setColour(Colour colour)
{
    m_colour = colour;
    update();
}

void ElidedLabel::setElideMode(Qt::TextElideMode mode)
{
    m_elide = mode;
    update();
}

void ElidedLabel::setAlignment(Qt::Alignment alignment)
{
    m_alignment = alignment;
    update();
}

void ElidedLabel::setTabular(bool tabular)
{
    m_tabular = tabular;
    updateGeometry();
    update();
}

QSize ElidedLabel::sizeHint() const
{
    const Theme &theme = Theme::of(this);
    const QFontMetricsF metrics(theme.font(m_role), this);
    const qreal width = m_tabular ? numbersWidth(metrics, m_text) : metrics.horizontalAdvance(m_text);
    return {static_cast<int>(std::ceil(width)) + 1, static_cast<int>(std::ceil(theme.lineHeight(m_role)))};
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {std::min(spacing::k24, sizeHint().width()), sizeHint().height()};
}

void ElidedLabel::updateTooltip()
{
    setToolTip(sizeHint().width() > width() ? m_text : QString());
}

void ElidedLabel::resizeEvent(QResizeEvent *)
{
    updateTooltip();
}

void ElidedLabel::paintEvent(QPaintEvent *)
{
    const Theme &theme = Theme::of(this);
    QPainter painter(this);
    painter.setFont(theme.font(m_role));
    painter.setPen(isEnabled() ? labelColour(theme.tokens(), m_colour) : theme.tokens().dis);
    if (m_tabular)
        return paintNumbers(painter, QRectF(rect()), m_alignment, m_text);
    const QFontMetricsF metrics(painter.font(), this);
    const Qt::Alignment align = QStyle::visualAlignment(layoutDirection(), m_alignment);
    painter.drawText(QRectF(rect()), static_cast<int>(align) | Qt::TextSingleLine,
                     metrics.elidedText(m_text, m_elide, width()));
}

BusyRing::BusyRing(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(tr("Working"));
}

QSize BusyRing::sizeHint() const
{
    return {size::kIcon, size::kIcon};
}

void BusyRing::showEvent(QShowEvent *)
{
    if (m_timer == 0 && !Theme::of(this).reducedMotion())
        m_timer = startTimer(1000 / kRingSteps);
}

void BusyRing::hideEvent(QHideEvent *)
{
    if (m_timer != 0)
        killTimer(m_timer);
    m_timer = 0;
}

void BusyRing::timerEvent(QTimerEvent *)
{
    m_step = (m_step + 1) % kRingSteps;
    update();
}

void BusyRing::paintEvent(QPaintEvent *)
{
    const Theme &theme = Theme::of(this);
    QPainter painter(this);
    if (theme.reducedMotion()) {
        paintIcon(painter, QRectF(rect()), Icon::More, theme.tokens().t2);
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.tokens().t2, 1.5, Qt::SolidLine, Qt::RoundCap));
    const QRectF circle = QRectF(rect()).adjusted(2.5, 2.5, -2.5, -2.5);
    constexpr int kSixteenths = 16;
    painter.drawArc(circle, -m_step * 360 * kSixteenths / kRingSteps, 270 * kSixteenths);
}

Switch::Switch(QWidget *parent) : QAbstractButton(parent)
{
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
}

QSize Switch::sizeHint() const
{
    return {size::kSwitchWidth + 2 * spacing::k4, size::kTarget};
}

void Switch::paintEvent(QPaintEvent *)
{
    const Tokens &t = Theme::of(this).tokens();
    QPainter painter(this);
    QRectF bar(0, 0, size::kSwitchWidth, size::kSwitchHeight);
    bar.moveCenter(QRectF(rect()).center());
    const QColor fill = !isEnabled() ? t.dis : isChecked() ? (underMouse() ? t.accHover : t.acc) : t.ctl;
    paintBox(painter, bar, size::kSwitchHeight / 2.0, fill, {});
    constexpr qreal kKnob = size::kSwitchHeight - 4;
    const bool right = isChecked() != (layoutDirection() == Qt::RightToLeft);
    const QRectF knob(right ? bar.right() - kKnob - 2 : bar.left() + 2, bar.top() + 2, kKnob, kKnob);
    paintBox(painter, knob, kKnob / 2, isChecked() ? t.onAcc : t.canvas, {});
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange))
        paintFocusRing(painter, bar, size::kSwitchHeight / 2.0, t);
}

} // namespace tramontane::ui
