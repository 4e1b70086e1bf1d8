// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/transcript/block_layout.h"
#include "ui/transcript/text_lines.h"

namespace tramontane::ui {

/// Paragraphs, headings, list items and quoted text; also the plain text of one's own message. Links are hot.
class TextBlock final : public BlockLayout {
public:
    TextBlock(Leaf leaf, TypeRole role);
    [[nodiscard]] qreal marginTop() const override;
    [[nodiscard]] qreal marginBottom() const override;
    [[nodiscard]] qreal estimate(qreal width, const Theme &theme) const override;
    [[nodiscard]] qreal layOut(qreal width, const Theme &theme) override;
    void paint(const BlockPaint &paint) const override;
    [[nodiscard]] int positionAt(const QPointF &point) const override;
    [[nodiscard]] QRectF caretRect(int position) const override;
    [[nodiscard]] std::vector<HotSpot> hotSpots() const override;

private:
    [[nodiscard]] qreal indent() const;
    void paintMarker(const BlockPaint &paint) const;

    TypeRole m_role;
    TextLines m_lines;
    bool m_laidOut = false;
};

/// A thematic break: one line.
class RuleBlock final : public BlockLayout {
public:
    using BlockLayout::BlockLayout;
    [[nodiscard]] qreal marginTop() const override { return 12; }
    [[nodiscard]] qreal marginBottom() const override { return 12; }
    [[nodiscard]] qreal estimate(qreal, const Theme &) const override { return 1; }
    [[nodiscard]] qreal layOut(qreal width, const Theme &theme) override;
    void paint(const BlockPaint &paint) const override;

private:
    qreal m_width = 0;
};

/// Where the text of a leaf starts, by its containers; and the bars of block quotes on the way there.
[[nodiscard]] qreal containerIndent(const QByteArray &path);
void paintQuoteBars(QPainter &painter, const QByteArray &path, qreal top, qreal bottom, const Theme &theme);

} // namespace tramontane::ui
