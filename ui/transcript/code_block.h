// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/transcript/block_layout.h"
#include "ui/transcript/highlight.h"

#include <QTextLayout>

#include <map>

namespace tramontane::ui {

/// Code: a head with language, wrap and copy; line numbers that are not part of the text; wide lines scroll inside the
/// block. Over 400 lines it is folded after 40. Lines are shaped only when they are painted.
class CodeBlock final : public BlockLayout {
public:
    explicit CodeBlock(Leaf leaf);
    [[nodiscard]] qreal marginTop() const override { return 10; }
    [[nodiscard]] qreal marginBottom() const override { return 12; }
    [[nodiscard]] qreal estimate(qreal width, const Theme &theme) const override;
    [[nodiscard]] qreal layOut(qreal width, const Theme &theme) override;
    void paint(const BlockPaint &paint) const override;
    [[nodiscard]] int positionAt(const QPointF &point) const override;
    [[nodiscard]] QRectF caretRect(int position) const override;
    [[nodiscard]] std::vector<HotSpot> hotSpots() const override;
    bool scrollSideways(qreal delta) override;
    void toggle(HotAction action) override;

    static constexpr int kFoldAbove = 400;
    static constexpr int kFoldedLines = 40;

private:
    // One painted row: a line of code, or a piece of one that is too long or wrapped.
    struct Row {
        int from = 0;
        int length = 0;
        int line = 0; // number shown before it; 0: goes on with the row above
    };

    void splitRows(int columns);
    [[nodiscard]] int rowOf(int position) const;
    [[nodiscard]] qreal rowTop(int row) const;
    [[nodiscard]] qreal textLeft() const;
    [[nodiscard]] const QTextLayout &shaped(int row) const;
    void paintHead(const BlockPaint &paint) const;
    void paintRows(const BlockPaint &paint) const;

    std::vector<Row> m_rows;
    std::vector<CodeSpan> m_colours;
    mutable std::map<int, std::unique_ptr<QTextLayout>> m_shaped;
    const Theme *m_theme = nullptr;
    int m_lines = 0;
    int m_widestRow = 0;
    bool m_wrap = false;
    bool m_folded = false;
    bool m_canFold = false;
    qreal m_width = 0;
    qreal m_advance = 8; // of one character
    qreal m_lineHeight = 19;
    qreal m_headHeight = 30;
    qreal m_height = 0;
    qreal m_scroll = 0;
};

} // namespace tramontane::ui
