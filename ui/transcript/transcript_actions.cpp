// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/transcript_accessible.h"
#include "ui/transcript/transcript_private.h"

#include <QCursor>

#include <algorithm>

// What happens when something in the transcript is pointed at, pressed or moved to.
namespace tramontane::ui {

void TranscriptPrivate::hoverAt(const QPointF &viewportPoint)
{
    const QPointF point = toDocument(viewportPoint);
    const HotPlace place = layout.hotPlaceAt(point);
    int message = -1;
    if (layout.count() > 0 && q.viewport()->rect().contains(viewportPoint.toPoint()))
        message = layout.messageAt(point.y());
    if (place == hover && message == hoverMessage)
        return;
    hover = place;
    hoverMessage = message;
    q.viewport()->setCursor(place.isValid() ? Qt::PointingHandCursor : Qt::IBeamCursor);
    q.viewport()->update();
}

void TranscriptPrivate::trigger(const HotPlace &place)
{
    const HotSpot spot = layout.hotSpot(place);
    if (spot.rect.isNull())
        return;
    const TranscriptModel::Entry &entry = model.at(place.message);
    const MessageId id = entry.item.message.id;
    BlockLayout &block = layout.message(place.message).block(static_cast<std::size_t>(place.part));
    switch (spot.action) {
    case HotAction::CopyCode:
        copyText(block.leaf().text);
        Q_EMIT q.copyRequested(id);
        return;
    case HotAction::CopyMessage:
        copyText(entryText(entry, CopyAs::Plain));
        Q_EMIT q.copyRequested(id);
        return;
    case HotAction::WrapCode:
    case HotAction::ToggleFold:
        block.toggle(spot.action);
        layout.invalidatePart(place.message, static_cast<std::size_t>(place.part));
        follow(false); // what stands above must not move
        scrolled();
        return;
    case HotAction::Link: Q_EMIT q.linkActivated(spot.target); return;
    case HotAction::Again: Q_EMIT q.regenerateRequested(id); return;
    case HotAction::VersionBefore:
    case HotAction::VersionAfter:
        Q_EMIT q.versionRequested(id, spot.action == HotAction::VersionBefore ? -1 : 1);
        return;
    }
}

void TranscriptPrivate::setCurrent(int message, bool byKeyboard)
{
    current = std::clamp(message, -1, model.count() - 1);
    currentByKeyboard = byKeyboard;
    focused = {};
    if (current >= 0) {
        follow(false);
        show(QRectF(0, layout.top(current), 1, layout.message(current).height()));
        scrolled();
        const TextPosition start{current, 0, 0};
        select(start, start);
        announceFocus(q, current);
    }
    q.viewport()->update();
}

bool TranscriptPrivate::focusAction(bool next)
{
    if (current < 0)
        return false;
    const std::vector<HotPlace> places = layout.hotPlaces(current);
    const auto at = std::find(places.begin(), places.end(), focused);
    auto index = static_cast<int>(at - places.begin());
    if (at == places.end())
        index = next ? 0 : -1;
    else
        index += next ? 1 : -1;
    if (index < 0 || index >= static_cast<int>(places.size())) {
        focused = {};
        q.viewport()->update();
        return false;
    }
    focused = places[static_cast<std::size_t>(index)];
    follow(false);
    show(layout.hotRect(focused));
    scrolled();
    return true;
}

} // namespace tramontane::ui
