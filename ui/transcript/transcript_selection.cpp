// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/transcript_selection.h"

#include "ui/transcript/leaf_text.h"

#include <QTextBoundaryFinder>

#include <algorithm>

namespace tramontane::ui {
namespace {

const Leaf *leafOf(const TranscriptModel &model, const TextPosition &position)
{
    if (position.message >= model.count())
        return nullptr;
    const std::vector<Leaf> &leaves = model.at(position.message).leaves;
    const auto index = static_cast<std::size_t>(position.leaf);
    return index < leaves.size() ? &leaves[index] : nullptr;
}

int leafLength(const TranscriptModel &model, const TextPosition &position)
{
    const Leaf *leaf = leafOf(model, position);
    return leaf ? static_cast<int>(leaf->text.size()) : 0;
}

int leafCount(const TranscriptModel &model, int message)
{
    return static_cast<int>(model.at(message).leaves.size());
}

// The start of the leaf after `position`, over empty messages; `position` itself at the end.
TextPosition nextLeaf(const TranscriptModel &model, const TextPosition &position)
{
    if (position.leaf + 1 < leafCount(model, position.message))
        return {position.message, position.leaf + 1, 0};
    for (int message = position.message + 1; message < model.count(); ++message)
        if (leafCount(model, message) > 0)
            return {message, 0, 0};
    return position;
}

TextPosition previousLeaf(const TranscriptModel &model, const TextPosition &position)
{
    TextPosition result = position;
    if (position.leaf > 0) {
        result.leaf = position.leaf - 1;
    } else {
        int message = position.message - 1;
        while (message >= 0 && leafCount(model, message) == 0)
            --message;
        if (message < 0)
            return position;
        result = {message, leafCount(model, message) - 1, 0};
    }
    result.offset = leafLength(model, result);
    return result;
}

TextPosition stepped(const TranscriptModel &model, const TextPosition &from, bool forward, bool word)
{
    const Leaf *leaf = leafOf(model, from);
    if (!leaf)
        return from;
    QTextBoundaryFinder finder(word ? QTextBoundaryFinder::Word : QTextBoundaryFinder::Grapheme, leaf->text);
    finder.setPosition(from.offset);
    qsizetype at = forward ? finder.toNextBoundary() : finder.toPreviousBoundary();
    // A word boundary also lies before each blank; a person means the start of the next word.
    while (word && at > 0 && at < leaf->text.size() && leaf->text.at(at).isSpace())
        at = forward ? finder.toNextBoundary() : finder.toPreviousBoundary();
    if (at < 0)
        return forward ? nextLeaf(model, from) : previousLeaf(model, from);
    return {from.message, from.leaf, static_cast<int>(at)};
}

TextPosition verticalMove(const TranscriptLayout &layout, const TranscriptModel &model, const TextPosition &from,
                          bool down)
{
    const QRectF caret = layout.caretRect(from);
    const qreal y = down ? caret.bottom() + caret.height() / 2 : caret.top() - caret.height() / 2;
    TextPosition to = layout.positionAt(QPointF(caret.left(), y));
    if (down && to <= from)
        to = nextLeaf(model, from);
    else if (!down && to >= from)
        to = previousLeaf(model, from);
    return layout.clamped(to);
}

} // namespace

void TranscriptSelection::set(const TextPosition &anchor, const TextPosition &head)
{
    m_anchor = anchor;
    m_head = head;
}

std::pair<TextPosition, TextPosition> TranscriptSelection::range() const
{
    return std::minmax(m_anchor, m_head);
}

std::pair<int, int> TranscriptSelection::inLeaf(int message, int leaf, int length) const
{
    const auto [from, to] = range();
    const TextPosition start{message, leaf, 0};
    const TextPosition end{message, leaf, length};
    if (from >= end || to <= start)
        return {0, 0};
    return {from <= start ? 0 : from.offset, to >= end ? length : to.offset};
}

QString TranscriptSelection::text(CopyAs form) const
{
    const auto [from, to] = range();
    QString result;
    for (int message = from.message; message <= to.message && message < m_model.count(); ++message) {
        std::vector<Leaf> selected;
        const std::vector<Leaf> &leaves = m_model.at(message).leaves;
        for (std::size_t i = 0; i < leaves.size(); ++i) {
            const auto length = static_cast<int>(leaves[i].text.size());
            const auto [start, stop] = inLeaf(message, static_cast<int>(i), length);
            const bool inside = TextPosition{message, static_cast<int>(i), 0} >= from
                                && TextPosition{message, static_cast<int>(i), length} <= to;
            if (start < stop || (length == 0 && inside))
                selected.push_back(sliceLeaf(leaves[i], start, stop));
        }
        if (selected.empty())
            continue;
        if (!result.isEmpty())
            result += QStringLiteral("\n\n");
        result += form == CopyAs::Plain ? joinPlain(selected) : joinMarkdown(selected);
    }
    return result;
}

QString entryText(const TranscriptModel::Entry &entry, CopyAs form)
{
    return form == CopyAs::Plain ? joinPlain(entry.leaves) : joinMarkdown(entry.leaves);
}

TextPosition movedCaret(const TranscriptLayout &layout, const TranscriptModel &model, const TextPosition &from,
                        CaretMove move)
{
    switch (move) {
    case CaretMove::Left:
    case CaretMove::Right: return stepped(model, from, move == CaretMove::Right, false);
    case CaretMove::WordLeft:
    case CaretMove::WordRight: return stepped(model, from, move == CaretMove::WordRight, true);
    case CaretMove::Up:
    case CaretMove::Down: return verticalMove(layout, model, from, move == CaretMove::Down);
    case CaretMove::LineStart:
    case CaretMove::LineEnd: {
        const QRectF caret = layout.caretRect(from);
        const qreal x = move == CaretMove::LineStart ? 0 : layout.width();
        const TextPosition to = layout.positionAt(QPointF(x, caret.center().y()));
        return to.message == from.message && to.leaf == from.leaf ? to : from;
    }
    case CaretMove::Begin: return layout.begin();
    case CaretMove::End: return layout.end();
    }
    return from;
}

std::pair<TextPosition, TextPosition> wordAt(const TranscriptModel &model, const TextPosition &position)
{
    const Leaf *leaf = leafOf(model, position);
    if (!leaf)
        return {position, position};
    QTextBoundaryFinder finder(QTextBoundaryFinder::Word, leaf->text);
    finder.setPosition(position.offset);
    TextPosition from = position;
    TextPosition to = position;
    if (!finder.isAtBoundary() || position.offset >= leaf->text.size())
        from.offset = static_cast<int>(std::max<qsizetype>(finder.toPreviousBoundary(), 0));
    finder.setPosition(position.offset);
    const qsizetype end = finder.toNextBoundary();
    to.offset = static_cast<int>(end < 0 ? leaf->text.size() : end);
    return {from, to};
}

std::pair<TextPosition, TextPosition> leafAt(const TranscriptModel &model, const TextPosition &position)
{
    return {{position.message, position.leaf, 0}, {position.message, position.leaf, leafLength(model, position)}};
}

} // namespace tramontane::ui
