// SPDX-License-Identifier: Apache-2.0
#include "ui/style/painting.h"
#include "ui/transcript/transcript_private.h"

#include <QPainter>

namespace tramontane::ui {
namespace {

constexpr qreal kCaretWidth = 8;
constexpr qreal kCaretHeight = 17;
constexpr qreal kCurrentRing = 8; // round the message that the keyboard is on

} // namespace

void TranscriptPrivate::paint(QPainter &painter, const QRectF &clip)
{
    ++counters.frames;
    painter.fillRect(clip, Theme::of(&q).tokens().canvas);
    if (layout.count() == 0)
        return;
    const QPointF at = origin();
    const QRectF visible = clip.translated(-at);
    painter.translate(at);
    for (int i = layout.messageAt(visible.top()); i < layout.count() && layout.top(i) <= visible.bottom(); ++i)
        paintMessage(painter, i, visible);
    painter.translate(-at);
}

void TranscriptPrivate::paintMessage(QPainter &painter, int index, const QRectF &clip)
{
    const Theme &theme = Theme::of(&q);
    const Tokens &t = theme.tokens();
    const MessageLayout &message = layout.message(index);
    const QPointF at(0, layout.top(index));
    painter.translate(at);
    const QRectF local = clip.translated(-at);
    if (!message.ownBox().isNull())
        paintBox(painter, message.ownBox(), radius::kCard, t.sunken, t.isHighContrast() ? t.line2 : t.line);
    for (std::size_t i = 0; i < message.parts().size(); ++i) {
        const MessagePart &part = message.parts()[i];
        if (!part.exact || part.rect.bottom() < local.top() || part.rect.top() > local.bottom())
            continue;
        const auto number = static_cast<int>(i);
        const bool isLeaf = number > 0 && number <= message.leafCount();
        const auto selected = isLeaf ? selection.inLeaf(index, number - 1, part.block->length()) : std::pair(0, 0);
        const auto spotOf = [&](const HotPlace &place) {
            return place.message == index && place.part == number ? place.spot : -1;
        };
        painter.translate(part.rect.topLeft());
        part.block->paint({painter, theme, local.translated(-part.rect.topLeft()), selected.first, selected.second,
                           showsActions(index), spotOf(hover), spotOf(pressed), q.hasFocus() ? spotOf(focused) : -1});
        painter.translate(-part.rect.topLeft());
        ++counters.painted;
    }
    if (index == current && currentByKeyboard && q.hasFocus() && !focused.isValid())
        paintBox(painter,
                 QRectF(0, 0, layout.width(), message.height())
                     .adjusted(-kCurrentRing, -kCurrentRing, kCurrentRing, kCurrentRing),
                 radius::kCard, {}, t.acc, size::kFocusRing);
    if (model.at(index).item.display.streaming)
        paintStreamCaret(painter, index, {});
    painter.translate(-at);
}

void TranscriptPrivate::paintStreamCaret(QPainter &painter, int index, const QPointF &at) const
{
    const MessageLayout &message = layout.message(index);
    const Theme &theme = Theme::of(&q);
    QRectF caret(message.parts().front().rect.left() + size::kAvatar + 12, message.parts().front().rect.bottom() + 4, 1,
                 theme.lineHeight(TypeRole::Prose));
    if (message.leafCount() > 0) {
        const MessagePart &part = message.leafPart(message.leafCount() - 1);
        if (!part.exact)
            return;
        if (part.block->leaf().kind == LeafKind::Reasoning)
            return; // folded: the row itself says that it is being written
        caret = part.block->caretRect(part.block->length()).translated(part.rect.topLeft());
    }
    const qreal height = std::min(kCaretHeight * theme.textFactor(), caret.height());
    painter.fillRect(QRectF(caret.left() + 2, caret.center().y() - height / 2, kCaretWidth, height).translated(at),
                     theme.tokens().acc);
}

} // namespace tramontane::ui
