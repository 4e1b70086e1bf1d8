// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/text_block.h"

#include "ui/style/painting.h"
#include "ui/transcript/leaf_text.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <cmath>

namespace tramontane::ui {
namespace {

constexpr qreal kListIndent = 20;
constexpr qreal kQuoteIndent = 16;
constexpr qreal kMarkerGap = 6;
constexpr qreal kAverageGlyph = 0.5; // of the text size; only for estimates

struct Words {
    Q_DECLARE_TR_FUNCTIONS(tramontane::ui::TextBlock)
};

// A piece that was cut after a line feed must not show an empty line before the piece that joins it.
QString shownText(const Leaf &leaf)
{
    return leaf.text.endsWith(u'\n') && leaf.text.size() > 1 ? leaf.text.chopped(1) : leaf.text;
}

} // namespace

qreal containerIndent(const QByteArray &path)
{
    return path.count('l') * kListIndent + path.count('q') * kQuoteIndent;
}

void paintQuoteBars(QPainter &painter, const QByteArray &path, qreal top, qreal bottom, const Theme &theme)
{
    qreal x = 0;
    for (const char container : path) {
        if (container == 'q')
            paintVLine(painter, x + 2, top, bottom, theme.tokens().line2, 2);
        x += container == 'q' ? kQuoteIndent : kListIndent;
    }
}

TextBlock::TextBlock(Leaf leaf, TypeRole role) : BlockLayout(std::move(leaf)), m_role(role)
{
    m_lines.set(shownText(m_leaf), m_leaf.spans, {m_role, Qt::AlignLeft});
}

qreal TextBlock::marginTop() const
{
    if (m_leaf.joins)
        return 0;
    if (m_leaf.kind == LeafKind::Heading)
        return 14;
    return 3;
}

qreal TextBlock::marginBottom() const
{
    if (m_leaf.kind == LeafKind::Heading)
        return 5;
    return 9;
}

qreal TextBlock::indent() const
{
    return containerIndent(m_leaf.path);
}

qreal TextBlock::estimate(qreal width, const Theme &theme) const
{
    const qreal room = std::max(40.0, width - indent());
    const qreal glyph = typeSpec(m_role).size * theme.textFactor() * kAverageGlyph;
    const qreal lines = std::ceil(m_leaf.text.size() * glyph / room) + m_leaf.text.count(u'\n');
    return std::max(1.0, lines) * theme.lineHeight(m_role);
}

qreal TextBlock::layOut(qreal width, const Theme &theme)
{
    m_laidOut = true;
    return m_lines.layOut(std::max(40.0, width - indent()), theme);
}

void TextBlock::paintMarker(const BlockPaint &paint) const
{
    const Tokens &t = paint.theme.tokens();
    QPainter &painter = paint.painter;
    const qreal line = paint.theme.lineHeight(m_role);
    const QRectF cell(0, 0, indent() - kMarkerGap, line);
    switch (m_leaf.marker.kind) {
    case ListMarker::Kind::None: return;
    case ListMarker::Kind::Bullet: {
        constexpr qreal kDot = 5;
        paintBox(painter, QRectF(cell.right() - kDot - 2, cell.center().y() - kDot / 2, kDot, kDot), kDot / 2, t.t3,
                 {});
        return;
    }
    case ListMarker::Kind::Number: {
        painter.setFont(paint.theme.font(m_role));
        painter.setPen(t.t2);
        const QString number = markerText(m_leaf.marker);
        // Wide numbers reach to the left, so that the text of all items keeps one edge.
        const qreal width = QFontMetricsF(painter.font()).horizontalAdvance(number);
        painter.drawText(QPointF(cell.right() - width, m_lines.baseline()), number);
        return;
    }
    case ListMarker::Kind::Task:
    case ListMarker::Kind::TaskDone: {
        constexpr qreal kBox = 14;
        const bool done = m_leaf.marker.kind == ListMarker::Kind::TaskDone;
        const QRectF box(cell.right() - kBox + 1, cell.center().y() - kBox / 2, kBox, kBox);
        paintBox(painter, box, 3, done ? t.acc : QColor(), done ? QColor() : t.ctl);
        if (done)
            paintIcon(painter, box, Icon::Check, t.onAcc, kBox - 2);
        return;
    }
    }
}

void TextBlock::paint(const BlockPaint &paint) const
{
    const bool quoted = m_leaf.path.contains('q');
    if (quoted)
        paintQuoteBars(paint.painter, m_leaf.path, -marginTop(), m_lines.height() + marginBottom() / 2, paint.theme);
    paintMarker(paint);
    m_lines.paint(paint.painter, QPointF(indent(), 0), paint.theme, paint.clip, paint.selectFrom, paint.selectTo);
    const std::vector<HotSpot> spots = hotSpots();
    for (std::size_t i = 0; i < spots.size(); ++i) {
        const bool underlined = static_cast<int>(i) == paint.hovered;
        const QRectF &rect = spots[i].rect;
        if (underlined)
            paintHLine(paint.painter, rect.left(), rect.right(), rect.bottom() - 4, paint.theme.tokens().acc);
        if (static_cast<int>(i) == paint.focused)
            paintBox(paint.painter, rect.adjusted(-2, 0, 2, 0), 4, {}, paint.theme.tokens().acc, size::kFocusRing);
    }
}

int TextBlock::positionAt(const QPointF &point) const
{
    if (point.y() >= m_lines.height())
        return length();
    return m_laidOut ? m_lines.positionAt(point - QPointF(indent(), 0)) : 0;
}

QRectF TextBlock::caretRect(int position) const
{
    return m_lines.caretRect(position).translated(indent(), 0);
}

std::vector<HotSpot> TextBlock::hotSpots() const
{
    std::vector<HotSpot> spots;
    if (!m_laidOut)
        return spots;
    for (const Span &span : m_leaf.spans) {
        if (!(span.style & spanstyle::kLink))
            continue;
        for (const QRectF &rect : m_lines.rects(span.from, span.from + span.length)) {
            HotSpot spot;
            spot.rect = rect.translated(indent(), 0);
            spot.action = HotAction::Link;
            spot.name = Words::tr("Link: %1").arg(m_leaf.text.mid(span.from, span.length));
            spot.target = span.target;
            spots.push_back(std::move(spot));
        }
    }
    return spots;
}

qreal RuleBlock::layOut(qreal width, const Theme &)
{
    m_width = width;
    return 1;
}

void RuleBlock::paint(const BlockPaint &paint) const
{
    paintHLine(paint.painter, containerIndent(m_leaf.path), m_width, 0, paint.theme.tokens().line);
}

} // namespace tramontane::ui
