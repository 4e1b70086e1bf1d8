// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/transcript_layout.h"

#include <algorithm>
#include <iterator>

namespace tramontane::ui {
namespace {

constexpr qreal kBetweenMessages = 20;
constexpr qreal kAfterFoot = 14; // a foot brings air of its own

} // namespace

void TranscriptLayout::invalidate(const Theme &theme, qreal columnWidth)
{
    m_theme = &theme;
    m_width = columnWidth;
    for (const auto &message : m_messages)
        message->invalidate();
    arrangeFrom(0);
}

void TranscriptLayout::rebuild()
{
    m_messages.clear();
    for (int i = 0; i < m_model.count(); ++i)
        m_messages.push_back(made(i));
    arrangeFrom(0);
}

std::unique_ptr<MessageLayout> TranscriptLayout::made(int index) const
{
    const TranscriptModel::Entry &entry = m_model.at(index);
    auto message = std::make_unique<MessageLayout>(entry.item, m_locale);
    message->setLeaves(entry.leaves, 0);
    return message;
}

void TranscriptLayout::appendLast()
{
    m_messages.push_back(made(m_model.count() - 1));
    arrangeFrom(count() - 1);
}

void TranscriptLayout::prepend(int count)
{
    std::vector<std::unique_ptr<MessageLayout>> messages;
    messages.reserve(m_messages.size() + static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
        messages.push_back(made(i));
    std::move(m_messages.begin(), m_messages.end(), std::back_inserter(messages));
    m_messages = std::move(messages);
    arrangeFrom(0);
}

void TranscriptLayout::truncate(int count)
{
    m_messages.resize(static_cast<std::size_t>(count));
    arrangeFrom(count);
}

void TranscriptLayout::updateLeaves(const TranscriptModel::Change &change)
{
    message(change.index).setLeaves(m_model.at(change.index).leaves, change.firstLeaf);
    arrangeFrom(change.index);
}

void TranscriptLayout::updateFrame(int index)
{
    message(index).setFrame(m_model.at(index).item, m_locale);
    arrangeFrom(index);
}

void TranscriptLayout::invalidatePart(int index, std::size_t part)
{
    message(index).invalidatePart(part);
    arrangeFrom(index);
}

void TranscriptLayout::arrangeFrom(int index)
{
    if (!m_theme)
        return;
    m_tops.resize(m_messages.size());
    m_height = 0;
    for (int i = 0; i < count(); ++i) {
        m_tops[static_cast<std::size_t>(i)] = m_height;
        MessageLayout &one = message(i);
        if (i >= index)
            one.arrange(m_width, *m_theme);
        const bool last = i + 1 == count();
        m_height += one.height() + (last ? 0 : one.isOwn() ? kBetweenMessages : kAfterFoot);
    }
}

int TranscriptLayout::messageAt(qreal y) const
{
    const auto after = std::upper_bound(m_tops.begin(), m_tops.end(), y);
    return std::max(0, static_cast<int>(after - m_tops.begin()) - 1);
}

int TranscriptLayout::makeExact(qreal from, qreal to, int most)
{
    if (m_messages.empty() || !m_theme)
        return 0;
    int done = 0;
    const int first = messageAt(from);
    for (int i = first; i < count() && done < most && top(i) <= to; ++i)
        done += message(i).makeExact(from - top(i), to - top(i), most - done, *m_theme, m_counters);
    if (done > 0)
        arrangeFrom(count()); // heights are known, only the tops move
    return done;
}

bool TranscriptLayout::isExact() const
{
    return std::all_of(m_messages.begin(), m_messages.end(), [](const auto &message) { return message->isExact(); });
}

TextPosition TranscriptLayout::positionAt(const QPointF &point) const
{
    if (m_messages.empty())
        return {};
    const int index = messageAt(point.y());
    const MessageLayout &one = message(index);
    const std::size_t part = one.partAt(point.y() - top(index));
    if (one.leafCount() == 0 || part == 0)
        return {index, 0, 0};
    const int leaf = std::min(static_cast<int>(part) - 1, one.leafCount() - 1);
    const MessagePart &target = one.leafPart(leaf);
    return {index, leaf, target.block->positionAt(point - QPointF(0, top(index)) - target.rect.topLeft())};
}

QRectF TranscriptLayout::caretRect(const TextPosition &position) const
{
    if (position.message >= count() || position.leaf >= message(position.message).leafCount())
        return {};
    const MessagePart &part = message(position.message).leafPart(position.leaf);
    return part.block->caretRect(position.offset).translated(part.rect.topLeft() + QPointF(0, top(position.message)));
}

TextPosition TranscriptLayout::end() const
{
    if (m_messages.empty())
        return {};
    const int last = count() - 1;
    const int leaf = std::max(0, message(last).leafCount() - 1);
    return {last, leaf, message(last).leafCount() > 0 ? message(last).leafPart(leaf).block->length() : 0};
}

TextPosition TranscriptLayout::clamped(TextPosition position) const
{
    if (m_messages.empty())
        return {};
    if (position.message >= count())
        return end();
    const MessageLayout &one = message(position.message);
    if (one.leafCount() == 0)
        return {position.message, 0, 0};
    if (position.leaf >= one.leafCount())
        return {position.message, one.leafCount() - 1, one.leafPart(one.leafCount() - 1).block->length()};
    position.offset = std::clamp(position.offset, 0, one.leafPart(position.leaf).block->length());
    return position;
}

HotPlace TranscriptLayout::hotPlaceAt(const QPointF &point) const
{
    if (m_messages.empty())
        return {};
    const int index = messageAt(point.y());
    const MessageLayout &one = message(index);
    const std::size_t part = one.partAt(point.y() - top(index));
    const MessagePart &target = one.parts()[part];
    if (!target.exact)
        return {};
    const QPointF local = point - QPointF(0, top(index)) - target.rect.topLeft();
    const std::vector<HotSpot> spots = target.block->hotSpots();
    for (std::size_t i = 0; i < spots.size(); ++i)
        if (spots[i].rect.contains(local))
            return {index, static_cast<int>(part), static_cast<int>(i)};
    return {};
}

HotSpot TranscriptLayout::hotSpot(const HotPlace &place) const
{
    if (!place.isValid() || place.message >= count())
        return {};
    const auto &parts = message(place.message).parts();
    if (place.part >= static_cast<int>(parts.size()))
        return {};
    const std::vector<HotSpot> spots = parts[static_cast<std::size_t>(place.part)].block->hotSpots();
    return place.spot < static_cast<int>(spots.size()) ? spots[static_cast<std::size_t>(place.spot)] : HotSpot{};
}

QRectF TranscriptLayout::hotRect(const HotPlace &place) const
{
    const HotSpot spot = hotSpot(place);
    if (spot.rect.isNull())
        return {};
    const MessagePart &part = message(place.message).parts()[static_cast<std::size_t>(place.part)];
    return spot.rect.translated(part.rect.topLeft() + QPointF(0, top(place.message)));
}

std::vector<HotPlace> TranscriptLayout::hotPlaces(int index) const
{
    std::vector<HotPlace> places;
    if (index < 0 || index >= count())
        return places;
    const auto &parts = message(index).parts();
    for (std::size_t part = 0; part < parts.size(); ++part) {
        if (!parts[part].exact)
            continue;
        const std::size_t spots = parts[part].block->hotSpots().size();
        for (std::size_t spot = 0; spot < spots; ++spot)
            places.push_back({index, static_cast<int>(part), static_cast<int>(spot)});
    }
    return places;
}

} // namespace tramontane::ui
