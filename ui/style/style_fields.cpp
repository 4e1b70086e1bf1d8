// SPDX-License-Identifier: Apache-2.0
#include "ui/style/icons.h"
#include "ui/style/painting.h"
#include "ui/style/style_parts.h"

#include <QPainter>
#include <QPainterPath>
#include <QWidget>

namespace tramontane::ui {
namespace {

constexpr qreal kCheckRadius = 4;

void paintIndicatorRing(const Part &part, const QStyleOption &option, const QRectF &box, qreal radius)
{
    if (!showsKeyboardFocus(option))
        return;
    // The indicator lies at the edge of its widget, so the ring goes round with 1 px of air instead of 2.
    constexpr qreal kOut = size::kFocusRing;
    paintBox(part.painter, box.adjusted(-kOut, -kOut, kOut, kOut), radius + kOut, {}, part.tokens().acc,
             size::kFocusRing);
}

QRectF indicatorBox(const QStyleOption &option)
{
    QRectF box(0, 0, size::kCheck, size::kCheck);
    box.moveCenter(QRectF(option.rect).center());
    return box;
}

void paintFocusedFrame(const Part &part, const QRectF &box, bool focused, bool enabled, const QColor &frame)
{
    const Tokens &t = part.tokens();
    const QColor fill = enabled ? t.raised : t.sunken;
    if (focused)
        paintBox(part.painter, box, radius::kControl, fill, t.acc, size::kFocusRing);
    else
        paintBox(part.painter, box, radius::kControl, fill, enabled ? frame : t.line2);
}

} // namespace

void paintFieldFrame(const Part &part, const QStyleOption &option, bool readOnly)
{
    const Tokens &t = part.tokens();
    const bool focused = option.state & QStyle::State_HasFocus;
    const bool error = part.widget && part.widget->property("error").toBool();
    const QRectF box(option.rect);
    if (error)
        paintBox(part.painter, box, radius::kControl, t.raised, t.bad.text, focused ? size::kFocusRing : 1);
    else
        paintFocusedFrame(part, box, focused, isEnabled(option) && !readOnly, t.ctl);
}

void paintCheck(const Part &part, const QStyleOption &option)
{
    const Tokens &t = part.tokens();
    const QRectF box = indicatorBox(option);
    const bool on = option.state & QStyle::State_On;
    const bool partly = option.state & QStyle::State_NoChange;
    if (on || partly) {
        const QColor fill = isEnabled(option) ? (isHovered(option) ? t.accHover : t.acc) : t.dis;
        paintBox(part.painter, box, kCheckRadius, fill, {});
        paintIcon(part.painter, box, on ? Icon::Check : Icon::Minus, t.onAcc, size::kCheck - 2);
    } else {
        paintBox(part.painter, box, kCheckRadius, isHovered(option) ? t.hover : t.raised,
                 isEnabled(option) ? t.ctl : t.line2);
    }
    paintIndicatorRing(part, option, box, kCheckRadius);
}

void paintRadio(const Part &part, const QStyleOption &option)
{
    const Tokens &t = part.tokens();
    const QRectF box = indicatorBox(option);
    if (option.state & QStyle::State_On) {
        paintBox(part.painter, box, size::kCheck / 2.0, isEnabled(option) ? t.acc : t.dis, {});
        constexpr qreal kInset = 5;
        paintBox(part.painter, box.adjusted(kInset, kInset, -kInset, -kInset), kInset, t.onAcc, {});
    } else {
        paintBox(part.painter, box, size::kCheck / 2.0, isHovered(option) ? t.hover : t.raised,
                 isEnabled(option) ? t.ctl : t.line2);
    }
    paintIndicatorRing(part, option, box, size::kCheck / 2.0);
}

void paintCombo(const Part &part, const QStyleOptionComboBox &option)
{
    const Tokens &t = part.tokens();
    const bool focused = option.editable ? option.state & QStyle::State_HasFocus : showsKeyboardFocus(option);
    paintFocusedFrame(part, QRectF(option.rect), focused, isEnabled(option), t.ctl);
    const QRectF arrow(option.rect.right() - size::kIcon - spacing::k8, option.rect.top(), size::kIcon,
                       option.rect.height());
    paintIcon(part.painter, QStyle::visualRect(option.direction, option.rect, arrow.toRect()), Icon::ChevronDown,
              isEnabled(option) ? t.t2 : t.dis, size::kIcon - 2);
}

void paintComboLabel(const Part &part, const QStyleOptionComboBox &option)
{
    if (option.editable)
        return;
    const Tokens &t = part.tokens();
    QRectF inside = QRectF(option.rect).adjusted(spacing::k8 + 2, 0, -size::kIcon - spacing::k12, 0);
    if (option.direction == Qt::RightToLeft)
        inside = QStyle::visualRect(option.direction, option.rect, inside.toRect());
    const QColor colour = isEnabled(option) ? t.t1 : t.dis;
    if (!option.currentIcon.isNull()) {
        paintAnyIcon(part, QRectF(inside.left(), inside.top(), size::kIcon, inside.height()), option.currentIcon, t.t2,
                     size::kIcon, isEnabled(option));
        inside.setLeft(inside.left() + size::kIcon + spacing::kIconToText);
    }
    part.painter.setPen(colour);
    part.painter.drawText(inside, Qt::AlignVCenter | Qt::AlignLeft,
                          option.fontMetrics.elidedText(option.currentText, Qt::ElideRight, qRound(inside.width())));
}

void paintSpin(const Part &part, const QStyleOptionSpinBox &option, const QRect &up, const QRect &down)
{
    const Tokens &t = part.tokens();
    paintFocusedFrame(part, QRectF(option.rect), option.state & QStyle::State_HasFocus, isEnabled(option), t.ctl);
    if (option.buttonSymbols == QAbstractSpinBox::NoButtons)
        return;
    constexpr qreal kChevron = 12;
    const auto colour = [&](QStyle::SubControl part_, QAbstractSpinBox::StepEnabledFlag step) {
        if (!isEnabled(option) || !(option.stepEnabled & step))
            return t.dis;
        return (option.activeSubControls & part_) ? t.acc : t.t2;
    };
    paintIcon(part.painter, up, Icon::ChevronUp, colour(QStyle::SC_SpinBoxUp, QAbstractSpinBox::StepUpEnabled),
              kChevron);
    paintIcon(part.painter, down, Icon::ChevronDown, colour(QStyle::SC_SpinBoxDown, QAbstractSpinBox::StepDownEnabled),
              kChevron);
}

void paintSlider(const Part &part, const QStyleOptionSlider &option, const QRect &knob)
{
    const Tokens &t = part.tokens();
    const QRectF area(option.rect);
    const bool flat = option.orientation == Qt::Horizontal;
    QRectF groove =
        flat ? QRectF(area.left(), area.center().y() - size::kSliderGroove / 2.0, area.width(), size::kSliderGroove)
             : QRectF(area.center().x() - size::kSliderGroove / 2.0, area.top(), size::kSliderGroove, area.height());
    paintBox(part.painter, groove, size::kSliderGroove / 2.0, t.s5, {});
    QRectF done = groove;
    const QPointF centre = QRectF(knob).center();
    if (flat && option.upsideDown)
        done.setLeft(centre.x());
    else if (flat)
        done.setRight(centre.x());
    else
        done.setTop(centre.y());
    const QColor colour = isEnabled(option) ? t.acc : t.dis;
    paintBox(part.painter, done, size::kSliderGroove / 2.0, colour, {});
    QRectF dot(0, 0, size::kSliderKnob, size::kSliderKnob);
    dot.moveCenter(centre);
    paintBox(part.painter, dot, size::kSliderKnob / 2.0, t.raised, colour, 2);
    if (showsKeyboardFocus(option))
        paintBox(part.painter, dot.adjusted(-3, -3, 3, 3), size::kSliderKnob, {}, t.acc, size::kFocusRing);
}

} // namespace tramontane::ui
