// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/table_block.h"

#include "ui/style/painting.h"
#include "ui/transcript/leaf_text.h"
#include "ui/transcript/text_block.h"

#include <QPainter>
#include <QPainterPath>
#include <QRegularExpression>

#include <algorithm>
#include <numeric>

namespace tramontane::ui {
namespace {

constexpr qreal kPadX = 12;
constexpr qreal kPadY = 7;
constexpr qreal kHeadPadY = 7;
constexpr qreal kWidestWord = 160; // of a column that may break

// A figure with sign, separators, unit or percent: "−6.1", "138.2 %", "1 904", "20 Monate" is not one.
bool isFigure(const QString &text)
{
    static const QRegularExpression kFigure(QStringLiteral("^[~≈<>]?\\s?[+\\-−]?[€$£]?\\d[\\d.,'\\s\\x{202F}\\x{00A0}/"
                                                           ":–-]*\\s?(%|‰|[€$£]|[kMGT]i?B|k|[mµn]?s|kJ|W|V|°C|x)?$"));
    return kFigure.match(text.trimmed()).hasMatch();
}

} // namespace

TableBlock::TableBlock(Leaf leaf)
    : BlockLayout(std::move(leaf)), m_columns(m_leaf.table.columns), m_rows(m_leaf.table.rows)
{
    const std::vector<int> &starts = m_leaf.table.starts;
    m_rows = m_columns > 0 ? std::min(m_rows, static_cast<int>(starts.size()) / m_columns) : 0;
    m_cells = std::vector<Cell>(static_cast<std::size_t>(m_rows * m_columns));
    for (std::size_t i = 0; i < m_cells.size(); ++i) {
        m_cells[i].from = starts[i];
        m_cells[i].length = (i + 1 < starts.size() ? starts[i + 1] - 1 : length()) - starts[i];
    }
    for (int column = 0; column < m_columns; ++column) {
        Qt::Alignment align = m_leaf.table.alignments[static_cast<std::size_t>(column)];
        if (!align)
            align = isNumericColumn(column) ? Qt::AlignRight : Qt::AlignLeft;
        for (int row = 0; row < m_rows; ++row) {
            Cell &c = cell(row, column);
            const Leaf part = sliceLeaf(m_leaf, c.from, c.from + c.length);
            const TypeRole role = row == 0 ? TypeRole::SecondaryStrong : TypeRole::TableCell;
            c.lines.set(part.text, part.spans,
                        {role, align, row == 0 ? TextLines::Tint::Secondary : TextLines::Tint::Primary});
        }
    }
}

TableBlock::Cell &TableBlock::cell(int row, int column)
{
    return m_cells[static_cast<std::size_t>(row) * m_columns + column];
}

const TableBlock::Cell &TableBlock::cell(int row, int column) const
{
    return m_cells[static_cast<std::size_t>(row) * m_columns + column];
}

bool TableBlock::isNumericColumn(int column) const
{
    bool some = false;
    for (int row = 1; row < m_rows; ++row) {
        const Cell &c = cell(row, column);
        const QString text = m_leaf.text.mid(c.from, c.length);
        if (text.trimmed().isEmpty() || text == QStringLiteral("–") || text == QStringLiteral("-"))
            continue;
        if (!isFigure(text))
            return false;
        some = true;
    }
    return some;
}

qreal TableBlock::estimate(qreal, const Theme &theme) const
{
    return m_rows * (theme.lineHeight(TypeRole::TableCell) + 2 * kPadY);
}

void TableBlock::measureColumns(qreal width, const Theme &theme)
{
    std::vector<qreal> natural(static_cast<std::size_t>(m_columns), 0);
    std::vector<qreal> least(static_cast<std::size_t>(m_columns), 0);
    for (int column = 0; column < m_columns; ++column) {
        const auto i = static_cast<std::size_t>(column);
        for (int row = 0; row < m_rows; ++row) {
            natural[i] = std::max(natural[i], cell(row, column).lines.naturalWidth(theme) + 2 * kPadX);
            least[i] = std::max(least[i], cell(row, column).lines.wordWidth(theme, kWidestWord) + 2 * kPadX);
        }
        // A figure does not break.
        least[i] = isNumericColumn(column) ? natural[i] : std::min(least[i], natural[i]);
    }
    const qreal wanted = std::accumulate(natural.begin(), natural.end(), 0.0);
    const qreal needed = std::accumulate(least.begin(), least.end(), 0.0);
    m_lefts.assign(1, 0);
    for (std::size_t i = 0; i < natural.size(); ++i) {
        qreal share = least[i];
        if (wanted <= width && wanted > 0)
            share = natural[i] + (width - wanted) * natural[i] / wanted;
        else if (needed < width && wanted > needed)
            share = least[i] + (width - needed) * (natural[i] - least[i]) / (wanted - needed);
        m_lefts.push_back(m_lefts.back() + share);
    }
}

qreal TableBlock::layOut(qreal width, const Theme &theme)
{
    m_width = width - containerIndent(m_leaf.path);
    measureColumns(m_width, theme);
    m_tops.assign(1, 0);
    for (int row = 0; row < m_rows; ++row) {
        qreal height = 0;
        for (int column = 0; column < m_columns; ++column) {
            const auto i = static_cast<std::size_t>(column);
            height = std::max(height, cell(row, column).lines.layOut(m_lefts[i + 1] - m_lefts[i] - 2 * kPadX, theme));
        }
        m_tops.push_back(m_tops.back() + std::round(height + 2 * (row == 0 ? kHeadPadY : kPadY)));
    }
    (void)scrollSideways(0);
    return m_tops.back();
}

QPointF TableBlock::cellOrigin(int index) const
{
    const auto row = static_cast<std::size_t>(index / m_columns);
    const auto column = static_cast<std::size_t>(index % m_columns);
    return {m_lefts[column] + kPadX - m_scroll, m_tops[row] + (row == 0 ? kHeadPadY : kPadY)};
}

void TableBlock::paintRow(const BlockPaint &paint, int row) const
{
    const auto index = static_cast<std::size_t>(row);
    if (row > 0)
        paintHLine(paint.painter, 0, m_width, m_tops[index] - 1, paint.theme.tokens().line);
    for (int column = 0; column < m_columns; ++column) {
        const int i = row * m_columns + column;
        const Cell &c = cell(row, column);
        const QPointF origin = cellOrigin(i);
        if (origin.x() > m_width)
            break;
        c.lines.paint(paint.painter, origin, paint.theme, {}, paint.selectFrom - c.from,
                      std::min(paint.selectTo - c.from, c.length));
    }
}

void TableBlock::paint(const BlockPaint &paint) const
{
    if (m_tops.size() < 2)
        return;
    const Tokens &t = paint.theme.tokens();
    QPainter &painter = paint.painter;
    painter.save();
    const qreal indent = containerIndent(m_leaf.path);
    painter.translate(indent, 0);
    const QRectF frame(0, 0, m_width, m_tops.back());
    const qreal head = m_tops[1];
    painter.save();
    painter.setClipRect(QRectF(0, 0, m_width, head - 1), Qt::IntersectClip);
    paintBox(painter, QRectF(0, 0, m_width, head + radius::kCode), radius::kCode, t.sunken, {});
    painter.restore();
    painter.save();
    painter.setClipRect(frame.adjusted(1, 0, -1, 0), Qt::IntersectClip);
    for (int row = 0; row < m_rows; ++row) {
        const auto i = static_cast<std::size_t>(row);
        if (m_tops[i + 1] >= paint.clip.top() && m_tops[i] <= paint.clip.bottom())
            paintRow(paint, row);
    }
    painter.restore();
    paintBox(painter, frame, radius::kCode, {}, t.isHighContrast() ? t.line2 : t.line);
    if (m_lefts.back() > m_width + 1) {
        const qreal thumb = std::max(24.0, m_width * m_width / m_lefts.back());
        const qreal x = (m_width - thumb - 4) * m_scroll / (m_lefts.back() - m_width) + 2;
        paintBox(painter, QRectF(x, m_tops.back() - 6, thumb, 4), 2, t.line2, {});
    }
    painter.restore();
}

int TableBlock::cellOf(int position) const
{
    const auto after = std::upper_bound(m_cells.begin(), m_cells.end(), position,
                                        [](int value, const Cell &c) { return value < c.from; });
    return std::max(0, static_cast<int>(after - m_cells.begin()) - 1);
}

int TableBlock::positionAt(const QPointF &point) const
{
    if (m_tops.size() < 2 || point.y() < 0)
        return 0;
    if (point.y() >= m_tops.back())
        return length();
    const QPointF local = point - QPointF(containerIndent(m_leaf.path), 0);
    const auto row = std::upper_bound(m_tops.begin(), m_tops.end() - 1, local.y()) - m_tops.begin() - 1;
    const auto column =
        std::upper_bound(m_lefts.begin(), m_lefts.end() - 1, local.x() + m_scroll) - m_lefts.begin() - 1;
    const int index =
        static_cast<int>(std::max<qsizetype>(row, 0)) * m_columns + static_cast<int>(std::max<qsizetype>(column, 0));
    const Cell &c = m_cells[static_cast<std::size_t>(index)];
    return c.from + std::min(c.lines.positionAt(local - cellOrigin(index)), c.length);
}

QRectF TableBlock::caretRect(int position) const
{
    if (m_cells.empty() || m_tops.size() < 2)
        return {0, 0, 1, 1};
    const int index = cellOf(position);
    const Cell &c = m_cells[static_cast<std::size_t>(index)];
    return c.lines.caretRect(position - c.from)
        .translated(cellOrigin(index) + QPointF(containerIndent(m_leaf.path), 0));
}

bool TableBlock::scrollSideways(qreal delta)
{
    const qreal before = m_scroll;
    m_scroll = std::clamp(m_scroll + delta, 0.0, std::max(0.0, m_lefts.back() - m_width));
    return m_scroll != before;
}

} // namespace tramontane::ui
