// SPDX-License-Identifier: Apache-2.0
#include "ui/style/icons.h"
#include "ui/style/painting.h"
#include "ui/style/style_parts.h"

#include <QPainter>
#include <QWidget>

namespace tramontane::ui {
namespace {

struct ButtonColours {
    QColor fill;
    QColor frame;
    QColor text;
};

ButtonColours primaryColours(const Tokens &t, const QStyleOption &option)
{
    if (!isEnabled(option))
        return {t.sunken, t.line2, t.dis};
    const QColor fill = isPressed(option) ? t.accPress : isHovered(option) ? t.accHover : t.acc;
    return {fill, {}, t.onAcc};
}

ButtonColours buttonColours(const Part &part, const QStyleOption &option)
{
    const Tokens &t = part.tokens();
    const QString kind = part.property("kind");
    if (kind == QLatin1StringView("primary"))
        return primaryColours(t, option);
    const bool quiet = kind == QLatin1StringView("quiet");
    const bool destructive = kind == QLatin1StringView("destructive");
    if (!isEnabled(option))
        return {quiet ? QColor() : t.sunken, quiet ? QColor() : t.line2, t.dis};
    QColor fill = quiet ? QColor() : t.raised;
    if (isPressed(option))
        fill = t.press;
    else if (isHovered(option))
        fill = t.hover;
    if (destructive)
        return {fill, t.bad.line, t.bad.text};
    QColor frame = quiet ? QColor() : t.line2;
    if (t.isHighContrast() && !quiet)
        frame = t.ctl;
    return {fill, frame, quiet ? t.t2 : t.t1};
}

} // namespace

QString widgetProperty(const QWidget *widget, const char *name)
{
    return widget ? widget->property(name).toString() : QString();
}

QString Part::property(const char *name) const
{
    return widgetProperty(widget, name);
}

bool isEnabled(const QStyleOption &option)
{
    return option.state & QStyle::State_Enabled;
}

bool isHovered(const QStyleOption &option)
{
    return isEnabled(option) && (option.state & QStyle::State_MouseOver);
}

bool isPressed(const QStyleOption &option)
{
    return isEnabled(option) && (option.state & QStyle::State_Sunken);
}

bool showsKeyboardFocus(const QStyleOption &option)
{
    return (option.state & QStyle::State_HasFocus) && (option.state & QStyle::State_KeyboardFocusChange);
}

void paintAnyIcon(const Part &part, const QRectF &rect, const QIcon &icon, const QColor &colour, qreal side,
                  bool enabled)
{
    if (const Icon own = iconOf(icon); own != Icon::None)
        paintIcon(part.painter, rect, own, colour, side);
    else
        icon.paint(&part.painter, rect.toRect(), Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
}

int pushButtonHeight(const Theme &theme, const QWidget *widget)
{
    const QString scale = widgetProperty(widget, "scale");
    int height = size::kButton;
    if (scale == QLatin1StringView("card"))
        height = size::kCardButton;
    else if (scale == QLatin1StringView("dialog"))
        height = size::kDialogButton;
    const int air = height - qRound(typeSpec(TypeRole::Button).line);
    return std::max(height, qRound(theme.lineHeight(TypeRole::Button)) + air);
}

void paintPushButtonBevel(const Part &part, const QStyleOptionButton &option)
{
    const ButtonColours colours = buttonColours(part, option);
    const QRectF frame = QRectF(option.rect).adjusted(kRingRoom, kRingRoom, -kRingRoom, -kRingRoom);
    QColor fill = colours.fill;
    if ((option.state & QStyle::State_On) && isEnabled(option))
        fill = part.tokens().sel;
    paintBox(part.painter, frame, radius::kControl, fill, colours.frame);
    if (showsKeyboardFocus(option))
        paintFocusRing(part.painter, frame, radius::kControl, part.tokens());
}

void paintPushButtonLabel(const Part &part, const QStyleOptionButton &option)
{
    const QColor colour = buttonColours(part, option).text;
    const QRectF inside = QRectF(option.rect).adjusted(kRingRoom + spacing::k8, 0, -kRingRoom - spacing::k8, 0);
    const QFontMetricsF metrics(option.fontMetrics);
    const bool hasIcon = !option.icon.isNull();
    const bool hasMenu = option.features & QStyleOptionButton::HasMenu;
    const qreal iconRoom = hasIcon ? size::kIcon + (option.text.isEmpty() ? 0 : spacing::kIconToText) : 0;
    const qreal menuRoom = hasMenu ? size::kIcon + spacing::k4 : 0;
    const qreal room = inside.width() - iconRoom - menuRoom;
    const int flags = Qt::AlignVCenter | Qt::AlignLeft | Qt::TextShowMnemonic | Qt::TextHideMnemonic;
    const QString text = metrics.elidedText(option.text, Qt::ElideRight, room, Qt::TextShowMnemonic);
    const qreal textWidth = metrics.size(Qt::TextShowMnemonic, text).width();
    qreal x = inside.center().x() - (iconRoom + textWidth + menuRoom) / 2;
    if (part.property("align") == QLatin1StringView("left"))
        x = inside.left() + spacing::k4;
    if (hasIcon) {
        paintAnyIcon(part, QRectF(x, inside.top(), size::kIcon, inside.height()), option.icon, colour, size::kIcon,
                     isEnabled(option));
        x += iconRoom;
    }
    part.painter.setPen(colour);
    part.painter.drawText(QRectF(x, inside.top(), textWidth + 1, inside.height()), flags, text);
    if (hasMenu)
        paintIcon(part.painter, QRectF(x + textWidth + spacing::k4, inside.top(), size::kIcon, inside.height()),
                  Icon::ChevronDown, colour);
}

void paintToolButton(const Part &part, const QStyleOptionToolButton &option)
{
    const Tokens &t = part.tokens();
    const QString kind = part.property("kind");
    const bool enabled = isEnabled(option);
    const bool on = option.state & QStyle::State_On;
    QColor colour = enabled ? t.t2 : t.dis;
    QColor fill;
    QColor frame;
    if (kind == QLatin1StringView("primary") || kind == QLatin1StringView("normal")) {
        const ButtonColours colours = buttonColours(part, option);
        fill = colours.fill, frame = colours.frame, colour = colours.text;
    } else if (on && enabled) {
        fill = t.sel, colour = t.acc;
    } else if (isPressed(option)) {
        fill = t.press;
    } else if (isHovered(option)) {
        fill = t.hover;
    }
    const QRectF box(option.rect);
    if (fill.isValid() || frame.isValid())
        paintBox(part.painter, box, radius::kControl, fill, on && t.isHighContrast() ? t.acc : frame);
    if (showsKeyboardFocus(option))
        paintBox(part.painter, box, radius::kControl, {}, t.acc, size::kFocusRing);

    const bool textShown = option.toolButtonStyle != Qt::ToolButtonIconOnly && !option.text.isEmpty();
    const qreal side = std::min(option.iconSize.width(), option.iconSize.height());
    QRectF iconRect = box;
    if (textShown) {
        iconRect = QRectF(box.left() + spacing::k8, box.top(), option.icon.isNull() ? 0 : side, box.height());
        const qreal left = option.icon.isNull() ? spacing::k8 : spacing::k8 + side + spacing::kIconToText;
        part.painter.setFont(option.font);
        part.painter.setPen(colour);
        part.painter.drawText(box.adjusted(left, 0, -spacing::k8, 0),
                              Qt::AlignVCenter | Qt::AlignLeft | Qt::TextShowMnemonic | Qt::TextHideMnemonic,
                              option.text);
    }
    if (option.icon.isNull() && option.features & QStyleOptionToolButton::Arrow)
        paintIcon(part.painter, iconRect, Icon::ChevronDown, colour);
    else if (!option.icon.isNull())
        paintAnyIcon(part, iconRect, option.icon, colour, side, enabled);
}

} // namespace tramontane::ui
