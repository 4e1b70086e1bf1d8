// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/text_lines.h"

#include "ui/style/painting.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QTextBoundaryFinder>

#include <algorithm>
#include <cmath>

namespace tramontane::ui {
namespace {

constexpr qreal kUnbounded = 1 << 20;
constexpr qreal kCodePad = 3;

QFont spanFont(const Theme &theme, const QFont &base, const Span &span)
{
    QFont font = base;
    if (span.style & spanstyle::kCode) {
        font = theme.font(TypeRole::Code);
        font.setPointSizeF(base.pointSizeF() * 0.9);
    }
    if (span.style & spanstyle::kBold)
        font.setWeight(QFont::DemiBold);
    if (span.style & (spanstyle::kItalic | spanstyle::kImage))
        font.setItalic(true);
    if (span.style & spanstyle::kStrike)
        font.setStrikeOut(true);
    return font;
}

QTextCharFormat spaced(QFont font)
{
    font.setLetterSpacing(QFont::AbsoluteSpacing, kCodePad);
    QTextCharFormat format;
    format.setFont(font);
    return format;
}

} // namespace

void keepCharactersApart(const QString &text, int from, int length, QList<QTextLayout::FormatRange> &ranges)
{
    const auto joins = [](QChar c) {
        return c.unicode() < 0x80 && (c.isPunct() || c.isSymbol() || c == u'w' || c == u'x');
    };
    for (int i = from + 1; i < from + length; ++i)
        if (joins(text.at(i)) && joins(text.at(i - 1)))
            ranges.push_back({i, 1, QTextCharFormat()});
}

void TextLines::set(const QString &text, const std::vector<Span> &spans, const Style &style)
{
    m_text = text;
    m_text.replace(u'\n', QChar::LineSeparator);
    m_spans = spans;
    m_style = style;
}

QList<QTextLayout::FormatRange> TextLines::formats(const Theme &theme) const
{
    const Tokens &t = theme.tokens();
    QList<QTextLayout::FormatRange> ranges;
    int covered = 0; // by the span before
    for (const Span &span : m_spans) {
        QTextCharFormat format;
        format.setFont(spanFont(theme, m_layout.font(), span));
        if (span.style & spanstyle::kLink)
            format.setForeground(t.acc);
        else if (span.style & (spanstyle::kLinkHost | spanstyle::kImage))
            format.setForeground(t.t3);
        if (span.style & spanstyle::kCode) {
            // Room for the edges of the box round the code: after the blank before it, and after its last character.
            if (span.from > covered)
                ranges.push_back({span.from - 1, 1, spaced(m_layout.font())});
            ranges.push_back({span.from, span.length - 1, format});
            ranges.push_back({span.from + span.length - 1, 1, spaced(format.font())});
            keepCharactersApart(m_text, span.from, span.length, ranges);
        } else {
            ranges.push_back({span.from, span.length, format});
        }
        covered = span.from + span.length;
    }
    return ranges;
}

void TextLines::prepare(const Theme &theme)
{
    const QFont font = theme.font(m_style.role);
    m_layout.setFont(font);
    m_layout.setText(m_text);
    m_layout.setCacheEnabled(true);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setAlignment(m_style.align);
    option.setUseDesignMetrics(true);
    m_layout.setTextOption(option);
    m_layout.setFormats(formats(theme));
    m_lineHeight = theme.lineHeight(m_style.role);
}

qreal TextLines::layOut(qreal width, const Theme &theme)
{
    prepare(theme);
    const QFontMetricsF metrics(m_layout.font());
    const qreal baseline = (m_lineHeight - metrics.ascent() - metrics.descent()) / 2 + metrics.ascent();
    m_baseline = std::round(baseline);
    m_width = std::max(width, 1.0);
    m_height = 0;
    m_layout.beginLayout();
    for (QTextLine line = m_layout.createLine(); line.isValid(); line = m_layout.createLine()) {
        line.setLineWidth(m_width);
        // Whole pixels: a line must not become blurred because the one above it is half a pixel taller.
        line.setPosition(QPointF(0, std::round(m_height + baseline) - line.ascent()));
        m_height += m_lineHeight;
    }
    m_layout.endLayout();
    m_height = std::max(m_height, m_lineHeight);
    return m_height;
}

qreal TextLines::naturalWidth(const Theme &theme)
{
    prepare(theme);
    m_layout.beginLayout();
    for (QTextLine line = m_layout.createLine(); line.isValid(); line = m_layout.createLine())
        line.setLineWidth(kUnbounded);
    m_layout.endLayout();
    return std::ceil(m_layout.maximumWidth()) + 1;
}

qreal TextLines::wordWidth(const Theme &theme, qreal limit) const
{
    const QFontMetricsF metrics(theme.font(m_style.role));
    qreal widest = 0;
    qsizetype start = 0;
    while (start < m_text.size() && widest < limit) {
        qsizetype end = start;
        while (end < m_text.size() && !m_text.at(end).isSpace())
            ++end;
        widest = std::max(widest, metrics.horizontalAdvance(m_text.mid(start, std::min<qsizetype>(end - start, 64))));
        start = end + 1;
    }
    return std::min(std::ceil(widest) + 2, limit);
}

std::vector<QRectF> TextLines::rects(int from, int to) const
{
    std::vector<QRectF> result;
    for (int i = 0; i < m_layout.lineCount(); ++i) {
        const QTextLine line = m_layout.lineAt(i);
        const int start = std::max(from, line.textStart());
        const int stop = std::min(to, line.textStart() + line.textLength());
        if (start >= stop)
            continue;
        const qreal x1 = line.cursorToX(start);
        const qreal x2 = line.cursorToX(stop);
        result.emplace_back(std::min(x1, x2), i * m_lineHeight, std::abs(x2 - x1), m_lineHeight);
    }
    return result;
}

void TextLines::paintCodeBoxes(QPainter &painter, const Theme &theme) const
{
    const Tokens &t = theme.tokens();
    for (const Span &span : m_spans) {
        if (!(span.style & spanstyle::kCode))
            continue;
        for (const QRectF &rect : rects(span.from, span.from + span.length)) {
            const qreal air = std::max(0.0, (m_lineHeight - typeSpec(TypeRole::Code).line * theme.textFactor()) / 2);
            paintBox(painter, rect.adjusted(-kCodePad, air, 0, -air), 4, t.sunken, t.line);
        }
    }
}

void TextLines::paint(QPainter &painter, const QPointF &origin, const Theme &theme, const QRectF &clip, int selectFrom,
                      int selectTo) const
{
    const Tokens &t = theme.tokens();
    painter.save();
    painter.translate(origin);
    paintCodeBoxes(painter, theme);
    for (const QRectF &rect : rects(selectFrom, selectTo))
        painter.fillRect(rect, t.sel);
    painter.setPen(m_style.tint == Tint::Primary ? t.t1 : m_style.tint == Tint::Secondary ? t.t2 : t.t3);
    m_layout.draw(&painter, QPointF(0, 0), {}, clip.isNull() ? QRectF() : clip.translated(-origin));
    painter.restore();
}

int TextLines::positionAt(const QPointF &point) const
{
    if (m_layout.lineCount() == 0)
        return 0;
    const int index =
        std::clamp(static_cast<int>(point.y() / std::max(m_lineHeight, 1.0)), 0, m_layout.lineCount() - 1);
    if (point.y() < 0)
        return 0;
    return m_layout.lineAt(index).xToCursor(point.x());
}

QRectF TextLines::caretRect(int position) const
{
    const QTextLine line = m_layout.lineForTextPosition(std::clamp(position, 0, static_cast<int>(m_text.size())));
    if (!line.isValid())
        return {0, 0, 1, m_lineHeight};
    return {line.cursorToX(position), line.lineNumber() * m_lineHeight, 1, m_lineHeight};
}

} // namespace tramontane::ui
