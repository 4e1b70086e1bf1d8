// SPDX-License-Identifier: Apache-2.0
#include "ui/style/icons.h"
#include "ui/style/painting.h"
#include "ui/style/style_parts.h"
#include "ui/style/tramontane_style.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QWidget>

// The half of TramontaneStyle that hands each part to the function that paints it, and says where parts lie.
namespace tramontane::ui {
namespace {

void paintRowFocus(const Part &part, const QStyleOption &option)
{
    if (qobject_cast<const QAbstractItemView *>(part.widget) && showsKeyboardFocus(option))
        paintBox(part.painter, QRectF(option.rect).adjusted(1, 1, -1, -1), radius::kRow, {}, part.tokens().acc,
                 size::kFocusRing);
}

void paintPanel(const Part &part, const QRectF &rect, qreal corner)
{
    const Tokens &t = part.tokens();
    paintBox(part.painter, rect, corner, t.raised, t.isHighContrast() ? t.ctl : t.line2);
}

void paintArrow(const Part &part, const QStyleOption &option, Icon icon)
{
    paintIcon(part.painter, QRectF(option.rect), icon, isEnabled(option) ? part.tokens().t2 : part.tokens().dis, 14);
}

} // namespace

void TramontaneStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                                    const QWidget *widget) const
{
    const Part part{*painter, theme(), widget};
    const Tokens &t = part.tokens();
    switch (element) {
    case PE_FrameFocusRect: return paintRowFocus(part, *option);
    case PE_PanelLineEdit:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
            frame && frame->lineWidth > 0 && widgetProperty(widget, "frame") != QLatin1StringView("none"))
            paintFieldFrame(part, *option, option->state & State_ReadOnly);
        return;
    case PE_FrameLineEdit:
    case PE_FrameStatusBarItem:
    case PE_PanelScrollAreaCorner:
    case PE_PanelItemViewRow:
    case PE_FrameTabBarBase: return;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck: return paintCheck(part, *option);
    case PE_IndicatorRadioButton: return paintRadio(part, *option);
    case PE_IndicatorBranch: return paintBranch(part, *option);
    case PE_PanelItemViewItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option))
            paintItemRow(part, *item);
        return;
    case PE_Frame: // square: a viewport fills its corners
        return paintBox(*painter, QRectF(option->rect), 0, {}, t.line2);
    case PE_FrameGroupBox: return paintBox(*painter, QRectF(option->rect), radius::kCode, {}, t.line2);
    case PE_FrameMenu: return;
    case PE_PanelMenu:
    case PE_PanelTipLabel: return paintPanel(part, QRectF(option->rect), 0);
    case PE_IndicatorArrowDown: return paintArrow(part, *option, Icon::ChevronDown);
    case PE_IndicatorArrowUp: return paintArrow(part, *option, Icon::ChevronUp);
    case PE_IndicatorArrowLeft: return paintArrow(part, *option, Icon::ChevronLeft);
    case PE_IndicatorArrowRight: return paintArrow(part, *option, Icon::ChevronRight);
    default: return QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void TramontaneStyle::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                                  const QWidget *widget) const
{
    const Part part{*painter, theme(), widget};
    const Tokens &t = part.tokens();
    switch (element) {
    case CE_PushButton:
    case CE_PushButtonBevel:
    case CE_PushButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option)) {
            if (element != CE_PushButtonLabel)
                paintPushButtonBevel(part, *button);
            if (element != CE_PushButtonBevel)
                paintPushButtonLabel(part, *button);
        }
        return;
    case CE_ComboBoxLabel:
        if (const auto *combo = qstyleoption_cast<const QStyleOptionComboBox *>(option))
            paintComboLabel(part, *combo);
        return;
    case CE_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option))
            paintMenuItem(part, *item);
        return;
    case CE_MenuEmptyArea: return painter->fillRect(option->rect, t.raised);
    case CE_MenuBarEmptyArea: return painter->fillRect(option->rect, t.win);
    case CE_HeaderSection:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option))
            paintHeaderSection(part, *header);
        return;
    case CE_HeaderEmptyArea:
        painter->fillRect(option->rect, t.sunken);
        return paintHLine(*painter, option->rect.left(), option->rect.right() + 1, option->rect.bottom(), t.line2);
    case CE_TabBarTabShape:
        if (const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option))
            paintTabShape(part, *tab);
        return;
    case CE_ProgressBar:
    case CE_ProgressBarContents:
        if (const auto *bar = qstyleoption_cast<const QStyleOptionProgressBar *>(option))
            paintProgress(part, *bar);
        return;
    case CE_ProgressBarGroove:
    case CE_ProgressBarLabel: return;
    case CE_Splitter:
        if (option->rect.width() < option->rect.height())
            return paintVLine(*painter, option->rect.center().x(), option->rect.top(), option->rect.bottom() + 1,
                              t.line);
        return paintHLine(*painter, option->rect.left(), option->rect.right() + 1, option->rect.center().y(), t.line);
    default: return QProxyStyle::drawControl(element, option, painter, widget);
    }
}

void TramontaneStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                                         const QWidget *widget) const
{
    const Part part{*painter, theme(), widget};
    switch (control) {
    case CC_ToolButton:
        if (const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option))
            return paintToolButton(part, *button);
        break;
    case CC_ComboBox:
        if (const auto *combo = qstyleoption_cast<const QStyleOptionComboBox *>(option))
            return paintCombo(part, *combo);
        break;
    case CC_SpinBox:
        if (const auto *spin = qstyleoption_cast<const QStyleOptionSpinBox *>(option))
            return paintSpin(part, *spin, subControlRect(control, option, SC_SpinBoxUp, widget),
                             subControlRect(control, option, SC_SpinBoxDown, widget));
        break;
    case CC_Slider:
        if (const auto *slider = qstyleoption_cast<const QStyleOptionSlider *>(option))
            return paintSlider(part, *slider, subControlRect(control, option, SC_SliderHandle, widget));
        break;
    case CC_ScrollBar:
        if (const auto *slider = qstyleoption_cast<const QStyleOptionSlider *>(option))
            return paintScrollBar(part, *slider, subControlRect(control, option, SC_ScrollBarSlider, widget));
        break;
    default: break;
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QRect TramontaneStyle::subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const
{
    switch (element) {
    case SE_PushButtonLayoutItem: return option->rect.adjusted(kRingRoom, kRingRoom, -kRingRoom, -kRingRoom);
    case SE_CheckBoxLayoutItem:
    case SE_RadioButtonLayoutItem:
    case SE_ComboBoxLayoutItem:
    case SE_SliderLayoutItem:
    case SE_ProgressBarLayoutItem:
    case SE_SpinBoxLayoutItem:
    case SE_ToolButtonLayoutItem:
    case SE_FrameLayoutItem: return option->rect;
    case SE_LineEditContents:
        if (widgetProperty(widget, "frame") == QLatin1StringView("none"))
            return option->rect;
        return option->rect.adjusted(spacing::k8, 0, -spacing::k8, 0);
    default: return QProxyStyle::subElementRect(element, option, widget);
    }
}

QRect TramontaneStyle::subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl part,
                                      const QWidget *widget) const
{
    const QRect rect = option->rect;
    if (control == CC_ScrollBar && (part == SC_ScrollBarAddLine || part == SC_ScrollBarSubLine))
        return {};
    if (control == CC_ScrollBar && part == SC_ScrollBarGroove)
        return rect;
    if (control == CC_ScrollBar) {
        const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
        if (!bar)
            return {};
        const bool flat = bar->orientation == Qt::Horizontal;
        const int room = flat ? rect.width() : rect.height();
        const qint64 range = qint64(bar->maximum) - bar->minimum + bar->pageStep;
        const int least = std::min(room, pixelMetric(PM_ScrollBarSliderMin, option, widget));
        const int length = range > 0 ? std::clamp(int(qint64(room) * bar->pageStep / range), least, room) : room;
        const int start =
            sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition, room - length, bar->upsideDown);
        const auto piece = [&](int from, int size) {
            return visualRect(bar->direction, rect,
                              flat ? QRect(rect.left() + from, rect.top(), size, rect.height())
                                   : QRect(rect.left(), rect.top() + from, rect.width(), size));
        };
        if (part == SC_ScrollBarSlider)
            return piece(start, length);
        if (part == SC_ScrollBarSubPage)
            return piece(0, start);
        if (part == SC_ScrollBarAddPage)
            return piece(start + length, room - start - length);
        return {};
    }
    if (control == CC_ComboBox && part == SC_ComboBoxEditField)
        return visualRect(option->direction, rect, rect.adjusted(spacing::k8, 1, -size::kIcon - spacing::k12, -1));
    if (control == CC_SpinBox) {
        const QRect buttons(rect.right() - 22, rect.top() + 1, 20, rect.height() - 2);
        const QRect half = visualRect(option->direction, rect, buttons);
        if (part == SC_SpinBoxUp)
            return half.adjusted(0, 0, 0, -half.height() / 2);
        if (part == SC_SpinBoxDown)
            return half.adjusted(0, half.height() / 2, 0, 0);
        if (part == SC_SpinBoxEditField)
            return visualRect(option->direction, rect, rect.adjusted(spacing::k4, 2, -24, -2));
    }
    return QProxyStyle::subControlRect(control, option, part, widget);
}

} // namespace tramontane::ui
