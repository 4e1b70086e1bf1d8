// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/transcript/transcript_layout.h"
#include "ui/transcript/transcript_view.h"

#include <utility>

namespace tramontane::ui {

/// What is selected, across messages. GUI thread.
class TranscriptSelection {
public:
    explicit TranscriptSelection(const TranscriptModel &model) : m_model(model) {}

    [[nodiscard]] TextPosition anchor() const { return m_anchor; }
    [[nodiscard]] TextPosition head() const { return m_head; }
    void set(const TextPosition &anchor, const TextPosition &head);
    void moveHead(const TextPosition &head) { m_head = head; }
    [[nodiscard]] bool isEmpty() const { return m_anchor == m_head; }
    [[nodiscard]] std::pair<TextPosition, TextPosition> range() const;
    /// The part of one leaf that is selected, as offsets; empty when they are equal.
    [[nodiscard]] std::pair<int, int> inLeaf(int message, int leaf, int length) const;
    [[nodiscard]] QString text(CopyAs form) const;

private:
    const TranscriptModel &m_model;
    TextPosition m_anchor;
    TextPosition m_head;
};

/// The text of one message from its leaves.
[[nodiscard]] QString entryText(const TranscriptModel::Entry &entry, CopyAs form);

/// Where the head of a selection goes with a key. All answer `from` at the ends of the conversation.
enum class CaretMove { Left, Right, WordLeft, WordRight, Up, Down, LineStart, LineEnd, Begin, End };
[[nodiscard]] TextPosition movedCaret(const TranscriptLayout &layout, const TranscriptModel &model,
                                      const TextPosition &from, CaretMove move);
/// Start and end of the word, or of the whole leaf, at a position.
[[nodiscard]] std::pair<TextPosition, TextPosition> wordAt(const TranscriptModel &model, const TextPosition &position);
[[nodiscard]] std::pair<TextPosition, TextPosition> leafAt(const TranscriptModel &model, const TextPosition &position);

} // namespace tramontane::ui
