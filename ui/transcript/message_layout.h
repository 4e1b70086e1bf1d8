// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/transcript/block_layout.h"
#include "ui/transcript/transcript_item.h"

#include <memory>
#include <vector>

namespace tramontane::ui {

/// Where a block of a message lies. Part 0 is the head, then one part per leaf, then for answers the foot.
struct MessagePart {
    std::unique_ptr<BlockLayout> block;
    QRectF rect; // in the message
    bool exact = false;
};

/// One message as a column of parts. Blocks far from the viewport have an estimated height until they are needed.
/// GUI thread.
class MessageLayout {
public:
    MessageLayout(const TranscriptItem &item, const QLocale &locale);

    /// Head and foot anew.
    void setFrame(const TranscriptItem &item, const QLocale &locale);
    /// Leaves from `first` on are other ones now; those before keep their layout.
    void setLeaves(const std::vector<Leaf> &leaves, std::size_t first);
    /// Forgets what was measured (another width, theme or text size).
    void invalidate();
    void invalidatePart(std::size_t part);

    /// Places all parts for this width, with estimates where nothing was measured yet; answers the height.
    qreal arrange(qreal width, const Theme &theme);
    /// Lays out exactly the parts that touch [top, bottom], at most `most` of them; answers how many.
    int makeExact(qreal top, qreal bottom, int most, const Theme &theme, WorkCounters &counters);
    [[nodiscard]] bool isExact() const;

    [[nodiscard]] qreal height() const { return m_height; }
    [[nodiscard]] bool isOwn() const { return m_own; }
    [[nodiscard]] QRectF ownBox() const { return m_ownBox; }
    [[nodiscard]] const std::vector<MessagePart> &parts() const { return m_parts; }
    [[nodiscard]] BlockLayout &block(std::size_t part) { return *m_parts[part].block; }
    [[nodiscard]] int leafCount() const { return static_cast<int>(m_parts.size()) - 1 - (m_hasFoot ? 1 : 0); }
    [[nodiscard]] const MessagePart &leafPart(int leaf) const { return m_parts[static_cast<std::size_t>(leaf) + 1]; }
    /// The part at this height; the nearest one when between two.
    [[nodiscard]] std::size_t partAt(qreal y) const;

private:
    std::vector<MessagePart> m_parts;
    bool m_own;
    bool m_hasFoot = false;
    QRectF m_ownBox;
    qreal m_width = 0;
    qreal m_height = 0;
};

} // namespace tramontane::ui
