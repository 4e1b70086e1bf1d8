// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/transcript/block_layout.h"
#include "ui/transcript/transcript_item.h"

#include <string_view>
#include <vector>

namespace tramontane::ui {

/// The messages of a conversation and the leaves that they consist of. Lives in the GUI thread. Streamed text is only
/// kept when it comes and read as Markdown when a frame asks for it, the last block of that message alone.
class TranscriptModel {
public:
    struct Entry {
        TranscriptItem item;
        std::vector<Leaf> leaves;
        std::vector<std::size_t> blockStarts; // first leaf of each block of the message
        bool grown = false;                   // text came that was not read yet,
        std::size_t grownFrom = 0;            // in this block and those after it
        // Of the block that grows: what was read for good.
        std::size_t stableBlock = 0;
        std::size_t stableBytes = 0;
        std::size_t stableLeaves = 0;
    };
    /// Leaves of entry `index` from `firstLeaf` on are other ones; those before are equal and kept.
    struct Change {
        int index = 0;
        std::size_t firstLeaf = 0;
    };

    explicit TranscriptModel(WorkCounters &counters) : m_counters(counters) {}

    [[nodiscard]] int count() const { return static_cast<int>(m_entries.size()); }
    [[nodiscard]] const Entry &at(int index) const { return m_entries[static_cast<std::size_t>(index)]; }
    /// -1 when there is none.
    [[nodiscard]] int indexOf(const MessageId &id) const;
    [[nodiscard]] bool isStreaming() const;
    /// The last answer; -1 when there is none.
    [[nodiscard]] int lastAnswer() const;

    void append(TranscriptItem item);
    void prepend(std::vector<TranscriptItem> items);
    void truncate(int index);
    void setDisplay(int index, MessageDisplay display);
    [[nodiscard]] Change replace(int index, TranscriptItem item);
    void grow(int index, std::string_view utf8, BlockKind kind);
    /// Reads what grew since the last call.
    [[nodiscard]] std::vector<Change> readGrown();

private:
    [[nodiscard]] Entry entryFor(TranscriptItem item);
    void readBlocks(Entry &entry, std::size_t firstBlock);
    void readGrowing(Entry &entry, std::size_t block);
    static void markGrown(Entry &entry, std::size_t block);
    std::vector<Entry> m_entries;
    WorkCounters &m_counters;
};

} // namespace tramontane::ui
