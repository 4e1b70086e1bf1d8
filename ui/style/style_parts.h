// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/theme.h"

#include <QIcon>
#include <QStyleOption>

class QPainter;

// What TramontaneStyle paints, one function per part. Internal to ui/style; GUI thread.
namespace tramontane::ui {

/// Room around a push button's frame for the focus ring; layouts do not see it (SE_PushButtonLayoutItem).
constexpr int kRingRoom = size::kFocusGap + size::kFocusRing;

struct Part {
    QPainter &painter;
    const Theme &theme;
    const QWidget *widget;
    [[nodiscard]] const Tokens &tokens() const { return theme.tokens(); }
    [[nodiscard]] QString property(const char *name) const;
};

/// A dynamic property as text; empty without a widget.
[[nodiscard]] QString widgetProperty(const QWidget *widget, const char *name);

[[nodiscard]] bool isEnabled(const QStyleOption &option);
[[nodiscard]] bool isHovered(const QStyleOption &option);
[[nodiscard]] bool isPressed(const QStyleOption &option);
[[nodiscard]] bool showsKeyboardFocus(const QStyleOption &option);
/// Tints our own icons with `colour`; a foreign one is painted as it is.
void paintAnyIcon(const Part &part, const QRectF &rect, const QIcon &icon, const QColor &colour, qreal side,
                  bool enabled);

// style_buttons.cpp
[[nodiscard]] int pushButtonHeight(const Theme &theme, const QWidget *widget);
void paintPushButtonBevel(const Part &part, const QStyleOptionButton &option);
void paintPushButtonLabel(const Part &part, const QStyleOptionButton &option);
void paintToolButton(const Part &part, const QStyleOptionToolButton &option);

// style_fields.cpp
void paintFieldFrame(const Part &part, const QStyleOption &option, bool readOnly);
void paintCheck(const Part &part, const QStyleOption &option);
void paintRadio(const Part &part, const QStyleOption &option);
void paintCombo(const Part &part, const QStyleOptionComboBox &option);
void paintComboLabel(const Part &part, const QStyleOptionComboBox &option);
void paintSpin(const Part &part, const QStyleOptionSpinBox &option, const QRect &up, const QRect &down);
void paintSlider(const Part &part, const QStyleOptionSlider &option, const QRect &knob);

// style_views.cpp
void paintScrollBar(const Part &part, const QStyleOptionSlider &option, const QRect &thumb);
void paintMenuItem(const Part &part, const QStyleOptionMenuItem &option);
void paintItemRow(const Part &part, const QStyleOptionViewItem &option);
void paintHeaderSection(const Part &part, const QStyleOptionHeader &option);
void paintTabShape(const Part &part, const QStyleOptionTab &option);
void paintProgress(const Part &part, const QStyleOptionProgressBar &option);
void paintBranch(const Part &part, const QStyleOption &option);

} // namespace tramontane::ui
