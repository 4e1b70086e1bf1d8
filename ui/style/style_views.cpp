// SPDX-License-Identifier: Apache-2.0
#include "ui/style/icons.h"
#include "ui/style/painting.h"
#include "ui/style/style_parts.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QTableView>

namespace tramontane::ui {
namespace {

constexpr int kMenuInset = 4;
constexpr int kMenuIconColumn = spacing::k8 + size::kIcon + spacing::k8;

void paintMenuTexts(const Part &part, const QStyleOptionMenuItem &option, const QRectF &row, const QColor &colour)
{
    const Tokens &t = part.tokens();
    const QStringList parts = option.text.split(u'\t');
    const QRectF inside = row.adjusted(kMenuIconColumn, 0, -spacing::k12, 0);
    part.painter.setFont(option.font);
    part.painter.setPen(colour);
    part.painter.drawText(inside, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextShowMnemonic | Qt::TextHideMnemonic,
                          parts.value(0));
    if (parts.size() > 1) {
        part.painter.setPen(isEnabled(option) ? t.t3 : t.dis);
        part.painter.drawText(inside, Qt::AlignVCenter | Qt::AlignRight, parts.value(1));
    }
}

} // namespace

void paintScrollBar(const Part &part, const QStyleOptionSlider &option, const QRect &thumb)
{
    const Tokens &t = part.tokens();
    if (option.minimum == option.maximum)
        return;
    const bool wide =
        isEnabled(option) && ((option.state & QStyle::State_MouseOver) || (option.state & QStyle::State_Sunken));
    const qreal breadth = wide ? size::kScrollThumbHover : size::kScrollThumb;
    QRectF box(thumb);
    if (option.orientation == Qt::Vertical)
        box = QRectF(box.right() - breadth - 1, box.top() + 2, breadth, box.height() - 4);
    else
        box = QRectF(box.left() + 2, box.bottom() - breadth - 1, box.width() - 4, breadth);
    paintBox(part.painter, box, breadth / 2, wide ? t.ctl : t.line2, {});
}

void paintMenuItem(const Part &part, const QStyleOptionMenuItem &option)
{
    const Tokens &t = part.tokens();
    const QRectF row(option.rect);
    if (option.menuItemType == QStyleOptionMenuItem::Separator) {
        paintHLine(part.painter, row.left(), row.right(), row.center().y(), t.line);
        return;
    }
    const bool enabled = isEnabled(option);
    const bool selected = option.state & QStyle::State_Selected;
    if (selected && enabled)
        paintBox(part.painter, row.adjusted(kMenuInset, 0, -kMenuInset, 0), radius::kRow, t.sel,
                 t.isHighContrast() ? t.acc : QColor());
    const QRectF iconCell(row.left() + kMenuInset, row.top(), kMenuIconColumn - kMenuInset, row.height());
    if (option.checked)
        paintIcon(part.painter, iconCell, Icon::Check, t.acc);
    else if (!option.icon.isNull())
        paintAnyIcon(part, iconCell, option.icon, enabled ? t.t2 : t.dis, size::kIcon, enabled);
    paintMenuTexts(part, option, row, enabled ? t.t1 : t.t3);
    if (option.menuItemType == QStyleOptionMenuItem::SubMenu)
        paintIcon(part.painter, QRectF(row.right() - size::kIcon - spacing::k8, row.top(), size::kIcon, row.height()),
                  Icon::ChevronRight, t.t3);
}

void paintItemRow(const Part &part, const QStyleOptionViewItem &option)
{
    const Tokens &t = part.tokens();
    const bool table = qobject_cast<const QTableView *>(part.widget) != nullptr;
    const qreal corner = table ? 0 : radius::kRow;
    QColor fill;
    if (option.state & QStyle::State_Selected)
        fill = (option.state & QStyle::State_Active) ? t.sel : t.hover;
    else if (isHovered(option))
        fill = t.hover;
    else if (option.backgroundBrush.style() != Qt::NoBrush)
        fill = option.backgroundBrush.color();
    const bool framed = t.isHighContrast() && (option.state & QStyle::State_Selected);
    if (fill.isValid())
        paintBox(part.painter, QRectF(option.rect), corner, fill, framed ? t.acc : QColor(), 2);
}

void paintHeaderSection(const Part &part, const QStyleOptionHeader &option)
{
    const Tokens &t = part.tokens();
    const QRectF box(option.rect);
    part.painter.fillRect(box, isPressed(option) ? t.press : isHovered(option) ? t.hover : t.sunken);
    if (option.orientation == Qt::Horizontal)
        paintHLine(part.painter, box.left(), box.right(), box.bottom() - 1, t.line2);
    else
        paintVLine(part.painter, box.right() - 1, box.top(), box.bottom(), t.line);
}

void paintTabShape(const Part &part, const QStyleOptionTab &option)
{
    const Tokens &t = part.tokens();
    const bool selected = option.state & QStyle::State_Selected;
    QRectF box = QRectF(option.rect).adjusted(0, size::kTabStrip - size::kTab, 0, 0);
    part.painter.save();
    part.painter.setClipRect(box);
    if (selected)
        paintBox(part.painter, box.adjusted(0, 0, 0, radius::kControl), radius::kControl, t.canvas, t.line);
    else if (isHovered(option))
        paintBox(part.painter, box.adjusted(2, 2, -2, -2), radius::kRow, t.hover, {});
    part.painter.restore();
    if (showsKeyboardFocus(option))
        paintBox(part.painter, box.adjusted(2, 2, -2, -2), radius::kRow, {}, t.acc, size::kFocusRing);
}

void paintProgress(const Part &part, const QStyleOptionProgressBar &option)
{
    const Tokens &t = part.tokens();
    constexpr qreal kHeight = 6;
    const QRectF area(option.rect);
    const QRectF groove(area.left(), area.center().y() - kHeight / 2, area.width(), kHeight);
    paintBox(part.painter, groove, kHeight / 2, t.free, {});
    const double range = static_cast<double>(option.maximum) - option.minimum;
    // Nobody knows how far: a quiet full bar, which does not move.
    const double share = range > 0 ? std::clamp((option.progress - option.minimum) / range, 0.0, 1.0) : 1.0;
    if (share <= 0)
        return;
    QRectF done = groove;
    done.setWidth(std::max(kHeight, groove.width() * share));
    if (option.direction == Qt::RightToLeft)
        done.moveRight(groove.right());
    paintBox(part.painter, done, kHeight / 2, range > 0 ? t.acc : t.accLine, {});
}

void paintBranch(const Part &part, const QStyleOption &option)
{
    if (!(option.state & QStyle::State_Children))
        return;
    const bool open = option.state & QStyle::State_Open;
    const Icon closed = option.direction == Qt::RightToLeft ? Icon::ChevronLeft : Icon::ChevronRight;
    paintIcon(part.painter, QRectF(option.rect), open ? Icon::ChevronDown : closed, part.tokens().t3, 12);
}

} // namespace tramontane::ui
