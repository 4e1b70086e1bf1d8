// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/message_layout.h"

#include "ui/transcript/message_frame.h"

#include <algorithm>
#include <cmath>

namespace tramontane::ui {
namespace {

constexpr qreal kTextLeft = size::kAvatar + 12;
constexpr qreal kOwnPadX = 13;
constexpr qreal kOwnPadY = 9;
constexpr qreal kOwnBoxTop = 4; // below the head
constexpr qreal kTightItems = 2;

qreal gap(const BlockLayout &above, const BlockLayout &below)
{
    if (below.leaf().joins)
        return 0;
    if (above.leaf().tight && below.leaf().tight)
        return kTightItems;
    return std::max(above.marginBottom(), below.marginTop());
}

} // namespace

MessageLayout::MessageLayout(const TranscriptItem &item, const QLocale &locale) : m_own(item.message.role == Role::User)
{
    setFrame(item, locale);
}

void MessageLayout::setFrame(const TranscriptItem &item, const QLocale &locale)
{
    if (m_hasFoot)
        m_parts.pop_back();
    MessagePart head{std::make_unique<HeadBlock>(item, locale), {}, false};
    if (m_parts.empty())
        m_parts.push_back(std::move(head));
    else
        m_parts.front() = std::move(head);
    m_hasFoot = !m_own && !item.display.streaming;
    if (m_hasFoot)
        m_parts.push_back({std::make_unique<FootBlock>(item, locale), {}, false});
}

void MessageLayout::setLeaves(const std::vector<Leaf> &leaves, std::size_t first)
{
    MessagePart foot;
    if (m_hasFoot) {
        foot = std::move(m_parts.back());
        m_parts.pop_back();
    }
    m_parts.resize(std::min(m_parts.size(), first + 1));
    for (std::size_t i = m_parts.size() - 1; i < leaves.size(); ++i)
        m_parts.push_back({makeBlock(leaves[i], m_own), {}, false});
    if (m_hasFoot)
        m_parts.push_back(std::move(foot));
}

void MessageLayout::invalidate()
{
    for (MessagePart &part : m_parts)
        part.exact = false;
}

void MessageLayout::invalidatePart(std::size_t part)
{
    m_parts[part].exact = false;
}

qreal MessageLayout::arrange(qreal width, const Theme &theme)
{
    m_width = width;
    const qreal left = m_own ? kTextLeft + kOwnPadX : kTextLeft;
    const qreal room = std::max(80.0, width - left - (m_own ? kOwnPadX : 0));
    qreal y = 0;
    const std::size_t footIndex = m_hasFoot ? m_parts.size() - 1 : m_parts.size();
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        MessagePart &part = m_parts[i];
        const bool isHead = i == 0;
        const qreal partLeft = isHead ? 0 : i == footIndex ? kTextLeft : left;
        const qreal partWidth = isHead ? width : i == footIndex ? std::max(80.0, width - kTextLeft) : room;
        const qreal height = part.exact ? part.rect.height() : part.block->estimate(partWidth, theme);
        if (i == 1 && m_own)
            y += kOwnBoxTop + kOwnPadY;
        else if (!isHead)
            y += i == 1 ? std::min(part.block->marginTop(), 6.0) : gap(*m_parts[i - 1].block, *part.block);
        part.rect = QRectF(partLeft, std::round(y), partWidth, height);
        y = part.rect.bottom();
    }
    m_ownBox = {};
    if (m_own && m_parts.size() > 1) {
        const qreal top = m_parts[1].rect.top() - kOwnPadY;
        y += kOwnPadY;
        m_ownBox = QRectF(kTextLeft, top, width - kTextLeft, y - top);
    } else if (!m_hasFoot && m_parts.size() > 1) {
        y += m_parts.back().block->marginBottom();
    }
    m_height = std::ceil(y);
    return m_height;
}

int MessageLayout::makeExact(qreal top, qreal bottom, int most, const Theme &theme, WorkCounters &counters)
{
    int done = 0;
    for (MessagePart &part : m_parts) {
        if (done >= most || part.rect.top() > bottom)
            break;
        if (part.exact || part.rect.bottom() < top)
            continue;
        part.rect.setHeight(part.block->layOut(part.rect.width(), theme));
        part.exact = true;
        ++counters.layouts;
        ++done;
    }
    if (done > 0)
        arrange(m_width, theme);
    return done;
}

bool MessageLayout::isExact() const
{
    return std::all_of(m_parts.begin(), m_parts.end(), [](const MessagePart &part) { return part.exact; });
}

std::size_t MessageLayout::partAt(qreal y) const
{
    const auto after = std::upper_bound(m_parts.begin(), m_parts.end(), y,
                                        [](qreal value, const MessagePart &part) { return value < part.rect.top(); });
    return after == m_parts.begin() ? 0 : static_cast<std::size_t>(after - m_parts.begin()) - 1;
}

} // namespace tramontane::ui
