// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/icons.h"
#include "ui/style/theme.h"
#include "ui/transcript/block_tree.h"

#include <QLocale>
#include <QRectF>

#include <memory>
#include <vector>

class QPainter;

// One leaf of a message, measured and painted. Internal to the transcript; GUI thread.
namespace tramontane::ui {

/// How much work was done since the start. Counts, never times, so that tests do not depend on the machine.
struct WorkCounters {
    long parses = 0;
    long callbacks = 0; // of the Markdown parser
    long layouts = 0;   // blocks laid out exactly
    long painted = 0;   // blocks painted
    long frames = 0;    // paint events
};

enum class HotAction { CopyCode, WrapCode, ToggleFold, Link, CopyMessage, Again, VersionBefore, VersionAfter };

/// Something in a block that can be pressed. Rectangles are local to the block.
struct HotSpot {
    QRectF rect;
    HotAction action = HotAction::Link;
    QString name; // for tooltip and screen readers
    QString target;
    Icon icon = Icon::None;
    bool checked = false;
    bool framed = false;
};

/// What painting one block needs to know. Coordinates are local to the block.
struct BlockPaint {
    QPainter &painter;
    const Theme &theme;
    QRectF clip;
    int selectFrom = 0; // empty when equal
    int selectTo = 0;
    bool showActions = false; // icon buttons that appear on hover and focus
    int hovered = -1;         // indices into hotSpots()
    int pressed = -1;
    int focused = -1;
};

class BlockLayout {
public:
    explicit BlockLayout(Leaf leaf) : m_leaf(std::move(leaf)) {}
    virtual ~BlockLayout();
    BlockLayout(const BlockLayout &) = delete;
    BlockLayout &operator=(const BlockLayout &) = delete;

    [[nodiscard]] const Leaf &leaf() const { return m_leaf; }
    /// Room above and below; between two blocks the larger one counts.
    [[nodiscard]] virtual qreal marginTop() const { return 3; }
    [[nodiscard]] virtual qreal marginBottom() const { return 9; }

    /// A cheap guess of the height, used until the block comes near the viewport.
    [[nodiscard]] virtual qreal estimate(qreal width, const Theme &theme) const = 0;
    /// Lays out exactly and answers the height.
    [[nodiscard]] virtual qreal layOut(qreal width, const Theme &theme) = 0;
    virtual void paint(const BlockPaint &paint) const = 0;

    /// Number of text positions - 1; positions count UTF-16 units of the leaf's text.
    [[nodiscard]] int length() const { return static_cast<int>(m_leaf.text.size()); }
    [[nodiscard]] virtual int positionAt(const QPointF &point) const;
    [[nodiscard]] virtual QRectF caretRect(int position) const;
    [[nodiscard]] virtual std::vector<HotSpot> hotSpots() const { return {}; }
    /// Scrolls sideways inside the block; true when that changed something.
    virtual bool scrollSideways(qreal delta);
    /// Folds or unfolds, wraps or unwraps; the height may be another one afterwards.
    virtual void toggle(HotAction action);

protected:
    Leaf m_leaf;
};

/// Paints the icon buttons of `spots` with hover, press and focus.
void paintHotIcons(const BlockPaint &paint, const std::vector<HotSpot> &spots);
/// A chip (22 or 20 high) at `left`, centred on `centre`; answers its width. With a null painter it only measures.
struct ChipLook {
    QString text;
    Icon icon = Icon::None;
    QColor textColour;
    QColor fill;
    QColor frame;
    TypeRole role = TypeRole::Hint;
    qreal height = 20;
    qreal radius = 6;
};
[[nodiscard]] qreal chipWidth(const ChipLook &look, const Theme &theme);
void paintChip(QPainter &painter, QPointF leftCentre, qreal width, const ChipLook &look, const Theme &theme);

/// The block for a leaf of an answer or, `own`, of the person's message.
[[nodiscard]] std::unique_ptr<BlockLayout> makeBlock(const Leaf &leaf, bool own);

} // namespace tramontane::ui
