// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/transcript/message_layout.h"
#include "ui/transcript/transcript_model.h"

#include <compare>
#include <memory>
#include <vector>

namespace tramontane::ui {

/// A place in the text of the conversation.
struct TextPosition {
    int message = 0;
    int leaf = 0;
    int offset = 0;
    auto operator<=>(const TextPosition &) const = default;
};

/// A thing that can be pressed: which message, part and spot; message -1: none.
struct HotPlace {
    int message = -1;
    int part = 0;
    int spot = 0;
    bool operator==(const HotPlace &) const = default;
    [[nodiscard]] bool isValid() const { return message >= 0; }
};

/// All messages one below the other, in document coordinates (0, 0 is the top left of the first message's column).
/// GUI thread.
class TranscriptLayout {
public:
    TranscriptLayout(const TranscriptModel &model, WorkCounters &counters) : m_model(model), m_counters(counters) {}

    void setLocale(const QLocale &locale) { m_locale = locale; }
    /// Everything is measured anew when it is next needed.
    void invalidate(const Theme &theme, qreal columnWidth);
    void rebuild();
    void appendLast();
    /// The first `count` messages of the model are new.
    void prepend(int count);
    void truncate(int count);
    void updateLeaves(const TranscriptModel::Change &change);
    void updateFrame(int message);
    void invalidatePart(int message, std::size_t part);

    [[nodiscard]] int count() const { return static_cast<int>(m_messages.size()); }
    [[nodiscard]] MessageLayout &message(int index) { return *m_messages[static_cast<std::size_t>(index)]; }
    [[nodiscard]] const MessageLayout &message(int index) const { return *m_messages[static_cast<std::size_t>(index)]; }
    [[nodiscard]] qreal top(int index) const { return m_tops[static_cast<std::size_t>(index)]; }
    [[nodiscard]] qreal height() const { return m_height; }
    [[nodiscard]] qreal width() const { return m_width; }
    [[nodiscard]] int messageAt(qreal y) const;

    /// Lays out exactly what touches [top, bottom], at most `most` blocks; answers how many.
    int makeExact(qreal top, qreal bottom, int most);
    [[nodiscard]] bool isExact() const;

    [[nodiscard]] TextPosition positionAt(const QPointF &point) const;
    [[nodiscard]] QRectF caretRect(const TextPosition &position) const;
    [[nodiscard]] TextPosition begin() const { return {}; }
    [[nodiscard]] TextPosition end() const;
    [[nodiscard]] TextPosition clamped(TextPosition position) const;
    [[nodiscard]] HotPlace hotPlaceAt(const QPointF &point) const;
    [[nodiscard]] HotSpot hotSpot(const HotPlace &place) const;
    [[nodiscard]] QRectF hotRect(const HotPlace &place) const;
    /// All of one message, in the order of Tab.
    [[nodiscard]] std::vector<HotPlace> hotPlaces(int message) const;

private:
    [[nodiscard]] std::unique_ptr<MessageLayout> made(int index) const;
    void arrangeFrom(int index);
    const TranscriptModel &m_model;
    WorkCounters &m_counters;
    const Theme *m_theme = nullptr;
    QLocale m_locale;
    std::vector<std::unique_ptr<MessageLayout>> m_messages;
    std::vector<qreal> m_tops;
    qreal m_width = 0;
    qreal m_height = 0;
};

} // namespace tramontane::ui
