// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/code_block.h"

#include "ui/style/numbers.h"
#include "ui/style/painting.h"
#include "ui/transcript/text_block.h"
#include "ui/transcript/text_lines.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace tramontane::ui {
namespace {

constexpr qreal kPad = 12;
constexpr qreal kPadTop = 9;
constexpr qreal kPadBottom = 10;
constexpr qreal kNumberGap = 12;
constexpr int kLongestRow = 1000; // characters shaped at once
constexpr std::size_t kShapedRows = 300;
constexpr qreal kTabColumns = 4;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(tramontane::ui::CodeBlock)
};

QColor tokenColour(const Tokens &t, CodeToken token)
{
    switch (token) {
    case CodeToken::Keyword: return t.code.keyword;
    case CodeToken::String: return t.code.string;
    case CodeToken::Number: return t.code.number;
    case CodeToken::Comment: return t.code.comment;
    case CodeToken::Function: return t.code.function;
    }
    return t.t1;
}

QString languageName(const QString &info)
{
    static const QHash<QString, QString> kNames{{QStringLiteral("cpp"), QStringLiteral("C++")},
                                                {QStringLiteral("c++"), QStringLiteral("C++")},
                                                {QStringLiteral("cs"), QStringLiteral("C#")},
                                                {QStringLiteral("js"), QStringLiteral("JavaScript")},
                                                {QStringLiteral("javascript"), QStringLiteral("JavaScript")},
                                                {QStringLiteral("ts"), QStringLiteral("TypeScript")},
                                                {QStringLiteral("py"), QStringLiteral("Python")},
                                                {QStringLiteral("sh"), QStringLiteral("Shell")},
                                                {QStringLiteral("rs"), QStringLiteral("Rust")},
                                                {QStringLiteral("yml"), QStringLiteral("YAML")},
                                                {QStringLiteral("typescript"), QStringLiteral("TypeScript")}};
    const QString key = info.section(u' ', 0, 0).toLower();
    if (key.isEmpty())
        return Words::tr("Code");
    if (kNames.contains(key))
        return kNames.value(key);
    return key.size() <= 4 ? key.toUpper() : key.left(1).toUpper() + key.mid(1, 30);
}

} // namespace

CodeBlock::CodeBlock(Leaf leaf) : BlockLayout(std::move(leaf))
{
    m_lines = static_cast<int>(m_leaf.text.count(u'\n')) + 1;
    m_canFold = m_lines > kFoldAbove;
    m_folded = m_canFold;
}

qreal CodeBlock::estimate(qreal, const Theme &theme) const
{
    const int shown = m_folded ? kFoldedLines : m_lines;
    return m_headHeight + kPadTop + kPadBottom + shown * theme.lineHeight(TypeRole::Code);
}

void CodeBlock::splitRows(int columns)
{
    m_rows.clear();
    m_widestRow = 0;
    int line = 1;
    qsizetype start = 0;
    const int shown = m_folded ? kFoldedLines : m_lines;
    while (line <= shown && start <= m_leaf.text.size()) {
        qsizetype end = m_leaf.text.indexOf(u'\n', start);
        if (end < 0)
            end = m_leaf.text.size();
        int number = line;
        do {
            qsizetype stop = std::min<qsizetype>(end, start + columns);
            if (stop < end && m_leaf.text.at(stop).isLowSurrogate())
                --stop;
            stop = std::max(stop, std::min(end, start + 1));
            m_rows.push_back({static_cast<int>(start), static_cast<int>(stop - start), number});
            m_widestRow = std::max(m_widestRow, static_cast<int>(stop - start));
            number = 0;
            start = stop;
        } while (start < end);
        start = end + 1;
        ++line;
    }
}

qreal CodeBlock::layOut(qreal width, const Theme &theme)
{
    m_theme = &theme;
    m_shaped.clear();
    m_width = width - containerIndent(m_leaf.path);
    const QFontMetricsF metrics(theme.font(TypeRole::Code));
    m_advance = metrics.horizontalAdvance(QStringLiteral("0000000000")) / 10;
    m_lineHeight = theme.lineHeight(TypeRole::Code);
    m_headHeight = std::max<qreal>(size::kTableHead, theme.lineHeight(TypeRole::Hint) + 14);
    const int fitting = static_cast<int>((m_width - textLeft() - kPad) / m_advance);
    splitRows(m_wrap ? std::clamp(fitting, 10, kLongestRow) : kLongestRow);
    m_colours = highlightCode(m_leaf.text, m_leaf.info.section(u' ', 0, 0));
    const int rows = std::max(1, static_cast<int>(m_rows.size()));
    m_height = m_headHeight + kPadTop + rows * m_lineHeight + kPadBottom + (m_canFold ? size::kTarget : 0);
    (void)scrollSideways(0);
    return m_height;
}

qreal CodeBlock::textLeft() const
{
    if (m_lines < 2)
        return kPad;
    const auto digits = static_cast<qreal>(QString::number(m_lines).size());
    return kPad + digits * m_advance + kNumberGap + 2;
}

qreal CodeBlock::rowTop(int row) const
{
    return m_headHeight + kPadTop + row * m_lineHeight;
}

int CodeBlock::rowOf(int position) const
{
    const auto after = std::upper_bound(m_rows.begin(), m_rows.end(), position,
                                        [](int value, const Row &row) { return value < row.from; });
    return std::max(0, static_cast<int>(after - m_rows.begin()) - 1);
}

const QTextLayout &CodeBlock::shaped(int index) const
{
    if (const auto known = m_shaped.find(index); known != m_shaped.end())
        return *known->second;
    if (m_shaped.size() > kShapedRows)
        m_shaped.clear();
    const Row &row = m_rows[static_cast<std::size_t>(index)];
    auto layout = std::make_unique<QTextLayout>(m_leaf.text.mid(row.from, row.length), m_theme->font(TypeRole::Code));
    QTextOption option;
    option.setWrapMode(QTextOption::NoWrap);
    option.setTabStopDistance(kTabColumns * m_advance);
    option.setTextDirection(Qt::LeftToRight);
    layout->setTextOption(option);
    QList<QTextLayout::FormatRange> formats;
    auto span = std::lower_bound(m_colours.begin(), m_colours.end(), row.from,
                                 [](const CodeSpan &s, int from) { return s.from + s.length <= from; });
    for (; span != m_colours.end() && span->from < row.from + row.length; ++span) {
        const int from = std::max(span->from, row.from);
        const int to = std::min(span->from + span->length, row.from + row.length);
        QTextCharFormat format;
        format.setForeground(tokenColour(m_theme->tokens(), span->token));
        formats.push_back({from - row.from, to - from, format});
    }
    keepCharactersApart(layout->text(), 0, row.length, formats);
    layout->setFormats(formats);
    layout->beginLayout();
    QTextLine line = layout->createLine();
    if (line.isValid())
        line.setLineWidth(1 << 20);
    layout->endLayout();
    return *(m_shaped[index] = std::move(layout));
}

std::vector<HotSpot> CodeBlock::hotSpots() const
{
    const qreal side = size::kIconButton;
    const qreal top = (m_headHeight - side) / 2;
    const qreal indent = containerIndent(m_leaf.path);
    const qreal right = indent + m_width - 7;
    std::vector<HotSpot> spots;
    spots.push_back({QRectF(right - 2 * side - spacing::k4, top, side, side),
                     HotAction::WrapCode,
                     Words::tr("Wrap long lines"),
                     {},
                     Icon::Wrap,
                     m_wrap});
    spots.push_back(
        {QRectF(right - side, top, side, side), HotAction::CopyCode, Words::tr("Copy code"), {}, Icon::Copy});
    if (m_canFold)
        spots.push_back({QRectF(indent, m_height - size::kTarget, m_width, size::kTarget),
                         HotAction::ToggleFold,
                         m_folded ? Words::tr("Show all %n lines", nullptr, m_lines) : Words::tr("Show less"),
                         {},
                         Icon::None});
    return spots;
}

void CodeBlock::paintHead(const BlockPaint &paint) const
{
    const Tokens &t = paint.theme.tokens();
    paint.painter.setFont(paint.theme.font(TypeRole::Hint));
    paint.painter.setPen(t.t2);
    const QRectF room(kPad, 0, m_width - 2 * kPad - 2 * size::kIconButton, m_headHeight);
    const QFontMetricsF metrics(paint.painter.font());
    paint.painter.drawText(room, Qt::AlignVCenter | Qt::AlignLeft,
                           metrics.elidedText(languageName(m_leaf.info), Qt::ElideRight, room.width()));
    paintHLine(paint.painter, 0, m_width, m_headHeight - 1, t.line);
}

void CodeBlock::paintRows(const BlockPaint &paint) const
{
    const Tokens &t = paint.theme.tokens();
    QPainter &painter = paint.painter;
    const auto count = static_cast<int>(m_rows.size());
    const qreal body = m_headHeight + kPadTop;
    const int first = std::clamp(static_cast<int>((paint.clip.top() - body) / m_lineHeight), 0, count);
    const int last = std::clamp(static_cast<int>((paint.clip.bottom() - body) / m_lineHeight) + 1, 0, count);
    const QFontMetricsF metrics(paint.theme.font(TypeRole::Code));
    const qreal lift = (m_lineHeight - metrics.ascent() - metrics.descent()) / 2;
    painter.setFont(paint.theme.font(TypeRole::Code));
    if (m_lines > 1) {
        painter.setPen(t.t3);
        for (int i = first; i < last; ++i)
            if (const int number = m_rows[static_cast<std::size_t>(i)].line; number > 0)
                painter.drawText(QRectF(0, rowTop(i), textLeft() - kNumberGap, m_lineHeight),
                                 Qt::AlignRight | Qt::AlignVCenter, QString::number(number));
    }
    painter.save();
    painter.setClipRect(QRectF(textLeft() - 2, m_headHeight, m_width - textLeft(), m_height - m_headHeight),
                        Qt::IntersectClip);
    for (int i = first; i < last; ++i) {
        const Row &row = m_rows[static_cast<std::size_t>(i)];
        const QTextLayout &layout = shaped(i);
        const QPointF at(textLeft() - m_scroll, std::round(rowTop(i) + lift));
        const int from = std::max(paint.selectFrom - row.from, 0);
        const int to = std::min(paint.selectTo - row.from, row.length);
        if (from < to && layout.lineCount() > 0) {
            const qreal x1 = layout.lineAt(0).cursorToX(from);
            const qreal x2 = layout.lineAt(0).cursorToX(to);
            painter.fillRect(QRectF(at.x() + x1, rowTop(i), x2 - x1, m_lineHeight), t.sel);
        }
        painter.setPen(t.t1);
        layout.draw(&painter, at);
    }
    painter.restore();
}

void CodeBlock::paint(const BlockPaint &paint) const
{
    if (m_theme == nullptr)
        return;
    const Tokens &t = paint.theme.tokens();
    QPainter &painter = paint.painter;
    const qreal indent = containerIndent(m_leaf.path);
    painter.save();
    painter.translate(indent, 0);
    paintBox(painter, QRectF(0, 0, m_width, m_height), radius::kCode, t.sunken, t.isHighContrast() ? t.line2 : t.line);
    paintHead(paint);
    BlockPaint local = paint;
    local.clip.translate(-indent, 0);
    paintRows(local);
    const qreal full = textLeft() + m_widestRow * m_advance + kPad;
    if (full > m_width) {
        const qreal track = m_width - 4;
        const qreal thumb = std::max(24.0, track * m_width / full);
        paintBox(painter, QRectF(2 + (track - thumb) * m_scroll / (full - m_width), m_height - 7, thumb, 4), 2, t.line2,
                 {});
    }
    painter.restore();
    const std::vector<HotSpot> spots = hotSpots();
    paintHotIcons(paint, spots);
    if (m_canFold) {
        const HotSpot &fold = spots.back();
        const auto index = static_cast<int>(spots.size()) - 1;
        painter.setFont(paint.theme.font(TypeRole::Hint));
        painter.setPen(paint.hovered == index ? t.accHover : t.acc);
        painter.drawText(fold.rect, Qt::AlignCenter, fold.name);
        if (paint.focused == index)
            paintBox(painter, fold.rect.adjusted(3, 1, -3, -3), radius::kRow, {}, t.acc, size::kFocusRing);
    }
}

int CodeBlock::positionAt(const QPointF &point) const
{
    if (m_rows.empty() || point.y() < m_headHeight)
        return 0;
    const int row = static_cast<int>((point.y() - m_headHeight - kPadTop) / m_lineHeight);
    if (row >= static_cast<int>(m_rows.size()))
        return m_folded ? m_rows.back().from + m_rows.back().length : length();
    const Row &r = m_rows[static_cast<std::size_t>(std::max(row, 0))];
    const QTextLayout &layout = shaped(std::max(row, 0));
    if (layout.lineCount() == 0)
        return r.from;
    const qreal x = point.x() - containerIndent(m_leaf.path) - textLeft() + m_scroll;
    return r.from + std::min(layout.lineAt(0).xToCursor(x), r.length);
}

QRectF CodeBlock::caretRect(int position) const
{
    if (m_rows.empty())
        return {textLeft(), m_headHeight + kPadTop, 1, m_lineHeight};
    const int row = rowOf(position);
    const QTextLayout &layout = shaped(row);
    const qreal x = layout.lineCount() > 0
                        ? layout.lineAt(0).cursorToX(std::min(position - m_rows[static_cast<std::size_t>(row)].from,
                                                              m_rows[static_cast<std::size_t>(row)].length))
                        : 0;
    return {containerIndent(m_leaf.path) + textLeft() - m_scroll + x, rowTop(row), 1, m_lineHeight};
}

bool CodeBlock::scrollSideways(qreal delta)
{
    const qreal before = m_scroll;
    const qreal full = textLeft() + m_widestRow * m_advance + kPad;
    m_scroll = m_wrap ? 0 : std::clamp(m_scroll + delta, 0.0, std::max(0.0, full - m_width));
    return m_scroll != before;
}

void CodeBlock::toggle(HotAction action)
{
    if (action == HotAction::WrapCode)
        m_wrap = !m_wrap;
    else if (action == HotAction::ToggleFold && m_canFold)
        m_folded = !m_folded;
}

} // namespace tramontane::ui
