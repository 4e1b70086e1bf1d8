// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/row_block.h"

#include "ui/style/painting.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

namespace tramontane::ui {
namespace {

constexpr qreal kPad = 12;
constexpr qreal kRow = 32;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(tramontane::ui::RowBlock)
};

} // namespace

RowBlock::RowBlock(Leaf leaf) : BlockLayout(std::move(leaf)) {}

QString RowBlock::title() const
{
    return canOpen() ? Words::tr("Reasoning") : Words::tr("Tool");
}

QString RowBlock::detail() const
{
    if (!canOpen())
        return m_leaf.text.simplified();
    if (!m_leaf.info.isEmpty())
        return m_leaf.info;
    const auto count = static_cast<int>(m_leaf.text.simplified().count(u' ')) + (m_leaf.text.isEmpty() ? 0 : 1);
    return Words::tr("%n words", nullptr, count);
}

qreal RowBlock::estimate(qreal, const Theme &) const
{
    return m_height;
}

qreal RowBlock::layOut(qreal width, const Theme &theme)
{
    m_width = width;
    m_rowHeight = std::max(kRow, theme.lineHeight(TypeRole::Ui) + 14);
    m_height = m_rowHeight;
    if (m_open) {
        m_lines.set(m_leaf.text, {}, {TypeRole::NarrowProse, Qt::AlignLeft, TextLines::Tint::Secondary});
        m_height += m_lines.layOut(width - 2 * kPad, theme) + kPad;
    }
    return m_height;
}

std::vector<HotSpot> RowBlock::hotSpots() const
{
    if (!canOpen())
        return {};
    HotSpot spot;
    spot.rect = QRectF(0, 0, m_width, m_rowHeight);
    spot.action = HotAction::ToggleFold;
    spot.name = m_open ? Words::tr("Hide reasoning") : Words::tr("Show reasoning");
    spot.checked = m_open;
    return {spot};
}

void RowBlock::paint(const BlockPaint &paint) const
{
    const Tokens &t = paint.theme.tokens();
    QPainter &painter = paint.painter;
    const QRectF frame(0, 0, m_width, m_height);
    const bool hovered = paint.hovered == 0;
    paintBox(painter, frame, radius::kCode, hovered && !m_open ? t.hover : QColor(), t.line);
    if (paint.focused == 0)
        paintBox(painter, QRectF(0, 0, m_width, m_rowHeight), radius::kCode, {}, t.acc, size::kFocusRing);
    const Icon icon = !canOpen() ? Icon::Tool : m_open ? Icon::ChevronDown : Icon::ChevronRight;
    paintIcon(painter, QRectF(kPad, 0, size::kIcon - 2, m_rowHeight), icon, t.t2, size::kIcon - 2);
    qreal x = kPad + size::kIcon + spacing::k4;
    painter.setFont(paint.theme.font(TypeRole::Button));
    painter.setPen(t.t2);
    const QFontMetricsF metrics(painter.font());
    painter.drawText(QRectF(x, 0, m_width - x, m_rowHeight), Qt::AlignVCenter | Qt::AlignLeft, title());
    x += metrics.horizontalAdvance(title()) + spacing::k8;
    painter.setFont(paint.theme.font(TypeRole::Hint));
    painter.setPen(t.t3);
    const QFontMetricsF small(painter.font());
    const qreal room = m_width - x - kPad;
    painter.drawText(QRectF(x, 0, room, m_rowHeight), Qt::AlignVCenter | Qt::AlignLeft,
                     small.elidedText(detail().left(400), Qt::ElideRight, room));
    if (m_open)
        m_lines.paint(painter, QPointF(kPad, m_rowHeight), paint.theme, paint.clip, paint.selectFrom, paint.selectTo);
}

int RowBlock::positionAt(const QPointF &point) const
{
    if (!m_open || point.y() >= m_height)
        return BlockLayout::positionAt(point);
    return m_lines.positionAt(point - QPointF(kPad, m_rowHeight));
}

QRectF RowBlock::caretRect(int position) const
{
    if (!m_open)
        return {kPad, 0, 1, m_rowHeight};
    return m_lines.caretRect(position).translated(kPad, m_rowHeight);
}

void RowBlock::toggle(HotAction action)
{
    if (action == HotAction::ToggleFold && canOpen())
        m_open = !m_open;
}

} // namespace tramontane::ui
