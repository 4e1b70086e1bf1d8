// SPDX-License-Identifier: Apache-2.0
#include "ui/style/style_parts.h"
#include "ui/style/tramontane_style.h"

#include <QLineEdit>
#include <QTableView>
#include <QWidget>

// The half of TramontaneStyle that says how large things are and how they behave.
namespace tramontane::ui {
namespace {

QSize toolButtonSize(const QStyleOption *option, int side)
{
    const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option);
    if (!button || button->toolButtonStyle == Qt::ToolButtonIconOnly || button->text.isEmpty())
        return {side, side};
    const int icon = button->icon.isNull() ? 0 : button->iconSize.width() + spacing::kIconToText;
    const int text = button->fontMetrics.size(Qt::TextShowMnemonic, button->text).width();
    return {icon + text + 2 * spacing::k8 + 1, side};
}

} // namespace

int TramontaneStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_ScrollBarExtent: return size::kScrollBar;
    case PM_ScrollBarSliderMin: return size::kTarget;
    case PM_ScrollView_ScrollBarSpacing:
    case PM_ScrollView_ScrollBarOverlap:
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabShiftHorizontal: return 0;
    case PM_SplitterWidth:
    case PM_MenuPanelWidth: return 1;
    case PM_MenuVMargin: return spacing::k4;
    case PM_MenuHMargin: return 0;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight: return size::kCheck + 2 * size::kFocusRing;
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing: return spacing::k6;
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_ListViewIconSize:
    case PM_TabBarIconSize:
    case PM_ToolBarIconSize:
    case PM_LineEditIconSize: return size::kIcon;
    case PM_SliderLength:
    case PM_SliderControlThickness: return size::kSliderKnob;
    case PM_SliderThickness: return size::kSliderKnob + 2 * spacing::k4;
    case PM_ToolTipLabelFrameWidth: return spacing::k6;
    case PM_TreeViewIndentation: return size::kTreeIndent;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing: return spacing::k8;
    case PM_LayoutLeftMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutBottomMargin: return spacing::kPanelPadding;
    case PM_FocusFrameHMargin: return spacing::k8;
    case PM_HeaderMargin: return spacing::k8 + 1; // where the text of a cell starts
    case PM_TextCursorWidth: return 1;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int TramontaneStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                               QStyleHintReturn *data) const
{
    switch (hint) {
    case SH_ToolTip_WakeUpDelay: return 600;
    case SH_ItemView_ShowDecorationSelected:
    case SH_Menu_SloppySubMenus:
    case SH_ScrollBar_LeftClickAbsolutePosition: return 1;
    case SH_ComboBox_Popup:
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
    case SH_UnderlineShortcut:
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_ScrollBar_Transient:
    case SH_Widget_Animation_Duration:
    case SH_MessageBox_CenterButtons: return 0;
    case SH_Slider_AbsoluteSetButtons: return Qt::LeftButton;
    case SH_TabBar_ElideMode: return Qt::ElideRight;
    case SH_LineEdit_PasswordCharacter: return 0x25CF;
    case SH_Table_GridLineColor: return static_cast<int>(theme().tokens().line.rgb());
    default: return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

QSize TramontaneStyle::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                                        const QWidget *widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    const qreal factor = theme().textFactor();
    const auto scaled = [factor](int height) { return qRound(height * std::max(1.0, factor)); };
    switch (type) {
    case CT_PushButton:
        result = QSize(size.width() + 2 * ui::size::kButtonPadding + 2 * kRingRoom,
                       pushButtonHeight(theme(), widget) + 2 * kRingRoom);
        break;
    case CT_ToolButton: result = toolButtonSize(option, scaled(ui::size::kIconButton)); break;
    case CT_LineEdit: {
        const bool passphrase = widget && widget->property("role").toString() == QLatin1StringView("passphrase");
        result.setHeight(scaled(passphrase ? ui::size::kPassphraseInput : ui::size::kInput));
        break;
    }
    case CT_ComboBox: result = QSize(size.width() + ui::size::kIcon + spacing::k32, scaled(ui::size::kInput)); break;
    case CT_SpinBox: result.setHeight(scaled(ui::size::kInput)); break;
    case CT_CheckBox:
    case CT_RadioButton: result.setHeight(std::max(result.height(), scaled(ui::size::kTarget))); break;
    case CT_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option)) {
            const bool separator = item->menuItemType == QStyleOptionMenuItem::Separator;
            result.setHeight(separator ? spacing::k8 + 1 : scaled(ui::size::kMenuRow));
            result.setWidth(size.width() + ui::size::kIcon + spacing::k48);
        }
        break;
    case CT_ItemViewItem: result.setHeight(std::max(result.height(), scaled(ui::size::kListRow))); break;
    case CT_HeaderSection: result.setHeight(scaled(ui::size::kTableHead)); break;
    case CT_TabBarTab: result.setHeight(scaled(ui::size::kTabStrip)); break;
    default: break;
    }
    return result;
}

} // namespace tramontane::ui
