// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/transcript_model.h"

#include "ui/transcript/markdown.h"
#include "ui/transcript/stream_source.h"

#include <algorithm>
#include <iterator>

namespace tramontane::ui {
namespace {

Leaf singleLeaf(LeafKind kind, const Block &block)
{
    Leaf leaf;
    leaf.kind = kind;
    leaf.text = QString::fromStdString(block.text);
    leaf.info = QString::fromStdString(block.detail);
    return leaf;
}

std::vector<Leaf> textLeaves(const Block &block, Role role, WorkCounters &counters)
{
    // What a person typed is shown as typed: a leading '#' or '1.' is no formatting.
    if (role != Role::Assistant)
        return plainLeaves(QString::fromStdString(block.text), LeafKind::Plain);
    ParsedMarkdown parsed = parseMarkdown(block.text);
    ++counters.parses;
    counters.callbacks += parsed.callbacks;
    return std::move(parsed.leaves);
}

std::vector<Leaf> leavesOf(const Block &block, Role role, WorkCounters &counters)
{
    switch (block.kind) {
    case BlockKind::Text: return textLeaves(block, role, counters);
    case BlockKind::Code: return {singleLeaf(LeafKind::Code, block)};
    case BlockKind::Reasoning: return {singleLeaf(LeafKind::Reasoning, block)};
    case BlockKind::ToolCall:
    case BlockKind::ToolResult: return {singleLeaf(LeafKind::ToolCall, block)};
    case BlockKind::Error: return {singleLeaf(LeafKind::Error, block)};
    case BlockKind::Notice: return {singleLeaf(LeafKind::Notice, block)};
    case BlockKind::Image:
    case BlockKind::Citation: break;
    }
    return {singleLeaf(LeafKind::Plain, block)};
}

// Index of the first leaf that differs; `a` lies at `offset` of `b`.
std::size_t firstDifference(const std::vector<Leaf> &a, const std::vector<Leaf> &b, std::size_t offset)
{
    std::size_t i = 0;
    while (i < a.size() && offset + i < b.size() && a[i] == b[offset + i])
        ++i;
    return offset + i;
}

} // namespace

int TranscriptModel::indexOf(const MessageId &id) const
{
    // The message that is asked for is nearly always one of the last.
    for (auto i = static_cast<int>(m_entries.size()) - 1; i >= 0; --i)
        if (at(i).item.message.id == id)
            return i;
    return -1;
}

bool TranscriptModel::isStreaming() const
{
    return std::any_of(m_entries.begin(), m_entries.end(),
                       [](const Entry &entry) { return entry.item.display.streaming; });
}

int TranscriptModel::lastAnswer() const
{
    for (auto i = static_cast<int>(m_entries.size()) - 1; i >= 0; --i)
        if (at(i).item.message.role == Role::Assistant)
            return i;
    return -1;
}

// Reads the text of a growing answer from where it was read for good, so that a long one costs no more than a short.
void TranscriptModel::readGrowing(Entry &entry, std::size_t block)
{
    const std::string_view text = entry.item.message.blocks[block].text;
    const std::size_t start = entry.blockStarts[block];
    if (entry.stableBlock != block || entry.stableBytes > text.size()) {
        entry.stableBlock = block;
        entry.stableBytes = entry.stableLeaves = 0;
    }
    entry.leaves.resize(start + entry.stableLeaves);
    const auto read = [&](std::size_t from, std::size_t to, bool open) {
        ParsedMarkdown parsed = parseMarkdown(text.substr(from, to - from), open);
        ++m_counters.parses;
        m_counters.callbacks += parsed.callbacks;
        entry.leaves.insert(entry.leaves.end(), std::make_move_iterator(parsed.leaves.begin()),
                            std::make_move_iterator(parsed.leaves.end()));
    };
    const std::size_t cut = safeCut(text, entry.stableBytes);
    if (cut > entry.stableBytes) {
        read(entry.stableBytes, cut, false);
        entry.stableBytes = cut;
        entry.stableLeaves = entry.leaves.size() - start;
    }
    read(cut, text.size(), true);
}

void TranscriptModel::readBlocks(Entry &entry, std::size_t firstBlock)
{
    const Message &message = entry.item.message;
    const bool growing = entry.item.display.streaming && message.role == Role::Assistant && !message.blocks.empty()
                         && message.blocks.back().kind == BlockKind::Text;
    entry.grown = false;
    if (growing && firstBlock + 1 == message.blocks.size() && firstBlock < entry.blockStarts.size())
        return readGrowing(entry, firstBlock);
    if (firstBlock < entry.blockStarts.size())
        entry.leaves.resize(entry.blockStarts[firstBlock]);
    entry.blockStarts.resize(std::min(entry.blockStarts.size(), firstBlock));
    for (std::size_t i = entry.blockStarts.size(); i < message.blocks.size(); ++i) {
        entry.blockStarts.push_back(entry.leaves.size());
        if (growing && i + 1 == message.blocks.size()) {
            readGrowing(entry, i);
            break;
        }
        for (Leaf &leaf : leavesOf(message.blocks[i], message.role, m_counters))
            entry.leaves.push_back(std::move(leaf));
    }
}

TranscriptModel::Entry TranscriptModel::entryFor(TranscriptItem item)
{
    Entry entry;
    entry.item = std::move(item);
    readBlocks(entry, 0);
    return entry;
}

void TranscriptModel::append(TranscriptItem item)
{
    m_entries.push_back(entryFor(std::move(item)));
}

void TranscriptModel::prepend(std::vector<TranscriptItem> items)
{
    std::vector<Entry> fresh;
    fresh.reserve(items.size() + m_entries.size());
    for (TranscriptItem &item : items)
        fresh.push_back(entryFor(std::move(item)));
    std::move(m_entries.begin(), m_entries.end(), std::back_inserter(fresh));
    m_entries = std::move(fresh);
}

void TranscriptModel::truncate(int index)
{
    m_entries.resize(static_cast<std::size_t>(index));
}

void TranscriptModel::setDisplay(int index, MessageDisplay display)
{
    Entry &entry = m_entries[static_cast<std::size_t>(index)];
    // What was held back while the text grew is shown once it has ended.
    const std::size_t blocks = entry.item.message.blocks.size();
    if (entry.item.display.streaming && !display.streaming && blocks > 0)
        markGrown(entry, blocks - 1);
    entry.item.display = std::move(display);
}

TranscriptModel::Change TranscriptModel::replace(int index, TranscriptItem item)
{
    Entry &entry = m_entries[static_cast<std::size_t>(index)];
    const std::vector<Leaf> before = std::move(entry.leaves);
    entry = {};
    entry.item = std::move(item);
    readBlocks(entry, 0);
    return {index, firstDifference(before, entry.leaves, 0)};
}

void TranscriptModel::markGrown(Entry &entry, std::size_t block)
{
    entry.grownFrom = entry.grown ? std::min(entry.grownFrom, block) : block;
    entry.grown = true;
}

void TranscriptModel::grow(int index, std::string_view utf8, BlockKind kind)
{
    Entry &entry = m_entries[static_cast<std::size_t>(index)];
    std::vector<Block> &blocks = entry.item.message.blocks;
    // A block that another one follows is complete, and must lose what was assumed about its end.
    markGrown(entry, blocks.empty() ? 0 : blocks.size() - 1);
    if (blocks.empty() || blocks.back().kind != kind)
        blocks.push_back({kind, {}, {}});
    blocks.back().text += utf8;
}

std::vector<TranscriptModel::Change> TranscriptModel::readGrown()
{
    std::vector<Change> changes;
    for (int i = 0; i < count(); ++i) {
        Entry &entry = m_entries[static_cast<std::size_t>(i)];
        if (!entry.grown)
            continue;
        const bool known = entry.grownFrom < entry.blockStarts.size();
        std::size_t start = known ? entry.blockStarts[entry.grownFrom] : entry.leaves.size();
        // What was read for good is not even compared; unless the text has ended and is read once more as a whole.
        if (known && entry.item.display.streaming && entry.stableBlock == entry.grownFrom)
            start += entry.stableLeaves;
        const std::vector<Leaf> before(
            std::make_move_iterator(entry.leaves.begin() + static_cast<std::ptrdiff_t>(start)),
            std::make_move_iterator(entry.leaves.end()));
        readBlocks(entry, entry.grownFrom);
        changes.push_back({i, firstDifference(before, entry.leaves, start)});
    }
    return changes;
}

} // namespace tramontane::ui
