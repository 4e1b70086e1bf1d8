// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/theme.h"
#include "ui/transcript/block_tree.h"

#include <QTextLayout>

#include <vector>

class QPainter;

namespace tramontane::ui {

/// Text with spans, broken into lines of one fixed height whose baselines do not depend on which fonts a line mixes.
/// Used by paragraphs, table cells, rows and notices. GUI thread.
class TextLines {
public:
    enum class Tint { Primary, Secondary, Hint };
    struct Style {
        TypeRole role = TypeRole::Prose;
        Qt::Alignment align = Qt::AlignLeft;
        Tint tint = Tint::Primary;
    };

    /// Replaces what was there. `spans` refer to `text`.
    void set(const QString &text, const std::vector<Span> &spans, const Style &style);
    /// Breaks into lines; answers the height. Never less than one line.
    qreal layOut(qreal width, const Theme &theme);
    /// Width without any break, except at line feeds.
    [[nodiscard]] qreal naturalWidth(const Theme &theme);
    /// Width of the widest word, at most `limit`.
    [[nodiscard]] qreal wordWidth(const Theme &theme, qreal limit) const;

    void paint(QPainter &painter, const QPointF &origin, const Theme &theme, const QRectF &clip, int selectFrom,
               int selectTo) const;
    [[nodiscard]] int positionAt(const QPointF &point) const;
    [[nodiscard]] QRectF caretRect(int position) const;
    /// One rectangle for each line that the range touches.
    [[nodiscard]] std::vector<QRectF> rects(int from, int to) const;
    /// Of the first line, from its top.
    [[nodiscard]] qreal baseline() const { return m_baseline; }
    [[nodiscard]] qreal height() const { return m_height; }
    [[nodiscard]] int lineCount() const { return m_layout.lineCount(); }

private:
    void prepare(const Theme &theme);
    [[nodiscard]] QList<QTextLayout::FormatRange> formats(const Theme &theme) const;
    void paintCodeBoxes(QPainter &painter, const Theme &theme) const;

    QString m_text;
    std::vector<Span> m_spans;
    Style m_style;
    QTextLayout m_layout;
    qreal m_lineHeight = 0;
    qreal m_baseline = 0;
    qreal m_height = 0;
    qreal m_width = 0;
};

/// Cuts the shaping of code between characters that the font would join into another sign ("!=", "->", "www"): code is
/// shown as it is written. Qt 6.4 cannot switch off such joining, but shapes each range on its own.
void keepCharactersApart(const QString &text, int from, int length, QList<QTextLayout::FormatRange> &ranges);

} // namespace tramontane::ui
