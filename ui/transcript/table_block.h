// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/transcript/block_layout.h"
#include "ui/transcript/text_lines.h"

namespace tramontane::ui {

/// Framed, head sunken, columns of figures to the right. Columns share the width by what they hold; a table that is
/// too wide even with broken cells scrolls inside itself.
class TableBlock final : public BlockLayout {
public:
    explicit TableBlock(Leaf leaf);
    [[nodiscard]] qreal marginTop() const override { return 10; }
    [[nodiscard]] qreal marginBottom() const override { return 12; }
    [[nodiscard]] qreal estimate(qreal width, const Theme &theme) const override;
    [[nodiscard]] qreal layOut(qreal width, const Theme &theme) override;
    void paint(const BlockPaint &paint) const override;
    [[nodiscard]] int positionAt(const QPointF &point) const override;
    [[nodiscard]] QRectF caretRect(int position) const override;
    bool scrollSideways(qreal delta) override;

    /// Whether the figures of a column stand right; for tests.
    [[nodiscard]] bool isNumericColumn(int column) const;

private:
    struct Cell {
        int from = 0;
        int length = 0;
        TextLines lines;
    };
    [[nodiscard]] Cell &cell(int row, int column);
    [[nodiscard]] const Cell &cell(int row, int column) const;
    [[nodiscard]] int cellOf(int position) const;
    [[nodiscard]] QPointF cellOrigin(int index) const;
    void measureColumns(qreal width, const Theme &theme);
    void paintRow(const BlockPaint &paint, int row) const;

    int m_columns;
    int m_rows;
    std::vector<Cell> m_cells;
    std::vector<qreal> m_lefts; // of the columns, one more than columns
    std::vector<qreal> m_tops;  // of the rows, one more than rows
    qreal m_width = 0;
    qreal m_scroll = 0;
};

} // namespace tramontane::ui
