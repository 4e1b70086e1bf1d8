// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/transcript/block_layout.h"
#include "ui/transcript/text_lines.h"

namespace tramontane::ui {

/// Error and notice blocks: a card of its own, never part of the model's text. The first sentence of an error is bold;
/// its code stands under Details.
class NoticeBlock final : public BlockLayout {
public:
    explicit NoticeBlock(Leaf leaf);
    [[nodiscard]] qreal marginTop() const override { return 10; }
    [[nodiscard]] qreal marginBottom() const override { return 8; }
    [[nodiscard]] qreal estimate(qreal width, const Theme &theme) const override;
    [[nodiscard]] qreal layOut(qreal width, const Theme &theme) override;
    void paint(const BlockPaint &paint) const override;
    [[nodiscard]] int positionAt(const QPointF &point) const override;
    [[nodiscard]] QRectF caretRect(int position) const override;
    [[nodiscard]] std::vector<HotSpot> hotSpots() const override;
    void toggle(HotAction action) override;

private:
    [[nodiscard]] bool isError() const { return m_leaf.kind == LeafKind::Error; }
    void paintButtons(const BlockPaint &paint) const;

    int m_boldEnd = 0; // where the plain part starts
    TextLines m_bold;
    TextLines m_plain;
    bool m_details = false;
    qreal m_width = 0;
    qreal m_height = 0;
    qreal m_plainTop = 0;
    qreal m_buttonTop = 0;
    qreal m_againWidth = 0;
    qreal m_detailsWidth = 0;
};

} // namespace tramontane::ui
