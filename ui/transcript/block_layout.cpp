// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/block_layout.h"

#include "ui/style/painting.h"
#include "ui/transcript/code_block.h"
#include "ui/transcript/notice_block.h"
#include "ui/transcript/row_block.h"
#include "ui/transcript/table_block.h"
#include "ui/transcript/text_block.h"

#include <QFontMetricsF>
#include <QPainter>

#include <cmath>

namespace tramontane::ui {
namespace {

constexpr qreal kChipIcon = 12;
constexpr qreal kChipIconGap = 5;

} // namespace

BlockLayout::~BlockLayout() = default;

int BlockLayout::positionAt(const QPointF &point) const
{
    return point.y() < 0 ? 0 : length();
}

QRectF BlockLayout::caretRect(int) const
{
    return {0, 0, 1, 1};
}

bool BlockLayout::scrollSideways(qreal)
{
    return false;
}

void BlockLayout::toggle(HotAction) {}

void paintHotIcons(const BlockPaint &paint, const std::vector<HotSpot> &spots)
{
    const Tokens &t = paint.theme.tokens();
    for (std::size_t i = 0; i < spots.size(); ++i) {
        const HotSpot &spot = spots[i];
        const int index = static_cast<int>(i);
        if (spot.icon == Icon::None)
            continue;
        QColor colour = t.t2;
        QColor fill;
        if (index == paint.pressed)
            fill = t.press;
        else if (index == paint.hovered)
            fill = t.hover;
        else if (spot.checked)
            fill = t.sel;
        if (spot.checked)
            colour = t.acc;
        if (fill.isValid())
            paintBox(paint.painter, spot.rect, radius::kControl, fill, {});
        if (index == paint.focused)
            paintBox(paint.painter, spot.rect, radius::kControl, {}, t.acc, size::kFocusRing);
        paintIcon(paint.painter, spot.rect, spot.icon, colour);
    }
}

qreal chipWidth(const ChipLook &look, const Theme &theme)
{
    const QFontMetricsF metrics(theme.font(look.role));
    const qreal icon = look.icon == Icon::None ? 0 : kChipIcon + kChipIconGap;
    return std::ceil(metrics.horizontalAdvance(look.text)) + icon + 2 * spacing::k8;
}

void paintChip(QPainter &painter, QPointF leftCentre, qreal width, const ChipLook &look, const Theme &theme)
{
    const qreal height = std::max(look.height, theme.lineHeight(look.role) + spacing::k4);
    const QRectF box(leftCentre.x(), leftCentre.y() - height / 2, width, height);
    paintBox(painter, box, look.radius, look.fill, look.frame);
    qreal x = box.left() + spacing::k8;
    if (look.icon != Icon::None) {
        paintIcon(painter, QRectF(x, box.top(), kChipIcon, box.height()), look.icon, look.textColour, kChipIcon);
        x += kChipIcon + kChipIconGap;
    }
    painter.setFont(theme.font(look.role));
    painter.setPen(look.textColour);
    const qreal room = box.right() - spacing::k8 + 1 - x;
    const QFontMetricsF metrics(painter.font());
    painter.drawText(QRectF(x, box.top(), room, box.height()), Qt::AlignVCenter | Qt::AlignLeft,
                     metrics.elidedText(look.text, Qt::ElideRight, room));
}

std::unique_ptr<BlockLayout> makeBlock(const Leaf &leaf, bool own)
{
    switch (leaf.kind) {
    case LeafKind::Code: return std::make_unique<CodeBlock>(leaf);
    case LeafKind::Table: return std::make_unique<TableBlock>(leaf);
    case LeafKind::Rule: return std::make_unique<RuleBlock>(leaf);
    case LeafKind::Reasoning:
    case LeafKind::ToolCall: return std::make_unique<RowBlock>(leaf);
    case LeafKind::Error:
    case LeafKind::Notice: return std::make_unique<NoticeBlock>(leaf);
    case LeafKind::Heading: return std::make_unique<TextBlock>(leaf, TypeRole::SectionTitle);
    case LeafKind::Paragraph:
    case LeafKind::Plain: break;
    }
    return std::make_unique<TextBlock>(leaf, own ? TypeRole::OwnMessage : TypeRole::Prose);
}

} // namespace tramontane::ui
