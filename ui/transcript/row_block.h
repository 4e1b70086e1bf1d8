// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/transcript/block_layout.h"
#include "ui/transcript/text_lines.h"

namespace tramontane::ui {

/// Reasoning and tool calls: one row of 32. Reasoning is folded, also while it is written; opening shows its text below
/// and never moves what stands above.
class RowBlock final : public BlockLayout {
public:
    explicit RowBlock(Leaf leaf);
    [[nodiscard]] qreal marginTop() const override { return 6; }
    [[nodiscard]] qreal marginBottom() const override { return 7; }
    [[nodiscard]] qreal estimate(qreal width, const Theme &theme) const override;
    [[nodiscard]] qreal layOut(qreal width, const Theme &theme) override;
    void paint(const BlockPaint &paint) const override;
    [[nodiscard]] int positionAt(const QPointF &point) const override;
    [[nodiscard]] QRectF caretRect(int position) const override;
    [[nodiscard]] std::vector<HotSpot> hotSpots() const override;
    void toggle(HotAction action) override;

private:
    [[nodiscard]] bool canOpen() const { return m_leaf.kind == LeafKind::Reasoning; }
    [[nodiscard]] QString title() const;
    [[nodiscard]] QString detail() const;
    TextLines m_lines;
    bool m_open = false;
    qreal m_rowHeight = 32;
    qreal m_width = 0;
    qreal m_height = 32;
};

} // namespace tramontane::ui
