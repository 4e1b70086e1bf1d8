// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/transcript_private.h"

#include "ui/style/controls.h"
#include "ui/style/own_text.h"
#include "ui/transcript/transcript_accessible.h"

#include <QPushButton>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace tramontane::ui {
namespace {

constexpr qreal kSidePadding = 16;
constexpr qreal kTopPadding = 24;
constexpr qreal kBottomPadding = 16;
constexpr int kFrameMs = 16;
constexpr int kIdleMs = 5;
constexpr int kIdleSlice = 16;
constexpr int kSettleRounds = 8;
constexpr int kVisibleBlocks = 200;

} // namespace

TranscriptPrivate::TranscriptPrivate(TranscriptView &view)
    : q(view), model(counters), layout(model, counters), selection(model)
{
    newText = makeButton(TranscriptView::tr("New text below"), ButtonKind::Normal, ButtonScale::Card, &view);
    newText->setIcon(makeIcon(Icon::ChevronDown));
    newText->hide();
    QObject::connect(newText, &QPushButton::clicked, &view, &TranscriptView::scrollToEnd);
}

qreal TranscriptPrivate::columnWidth() const
{
    const qreal available = q.viewport()->width();
    return std::max(120.0, std::min<qreal>(size::kTranscriptColumn, available) - 2 * kSidePadding);
}

QPointF TranscriptPrivate::origin() const
{
    const qreal width = q.viewport()->width();
    const qreal height = q.viewport()->height();
    const qreal content = layout.height() + kTopPadding + kBottomPadding;
    // Centred in the whole view, so that the column stays where it is when the scroll bar appears.
    const qreal beside = std::min((q.width() - columnWidth()) / 2, width - columnWidth() - kSidePadding);
    const qreal x = std::round(std::max(kSidePadding, beside));
    // A short conversation stands at the bottom, beside the composer.
    const qreal y = content < height ? height - content : -q.verticalScrollBar()->value();
    return {x, y + kTopPadding};
}

QRectF TranscriptPrivate::messageRect(int index) const
{
    if (index < 0 || index >= layout.count())
        return {};
    return {origin() + QPointF(0, layout.top(index)), QSizeF(layout.width(), layout.message(index).height())};
}

void TranscriptPrivate::measureAnew()
{
    const Anchor anchor = anchorAtTop();
    layout.setLocale(q.locale());
    layout.invalidate(Theme::of(&q), columnWidth());
    if (!m_following)
        restore(anchor);
    settle();
}

void TranscriptPrivate::rebuilt()
{
    layout.setLocale(q.locale());
    layout.rebuild();
    layout.invalidate(Theme::of(&q), columnWidth());
    hover = pressed = focused = {};
    hoverMessage = current = -1;
    select({}, {});
    live.begin();
    follow(true);
    announceReordered(q);
}

void TranscriptPrivate::addAbove(std::vector<TranscriptItem> items)
{
    Anchor anchor = anchorAtTop();
    const auto count = static_cast<int>(items.size());
    model.prepend(std::move(items));
    layout.prepend(count);
    const auto moved = [count](TextPosition position) {
        position.message += count;
        return position;
    };
    hover = pressed = focused = {};
    hoverMessage = -1;
    current = current < 0 ? current : current + count;
    if (!selection.isEmpty())
        select(moved(selection.anchor()), moved(selection.head()));
    anchor.message += count;
    settleAt(anchor);
}

void TranscriptPrivate::addBelow(std::vector<TranscriptItem> items)
{
    const Anchor anchor = anchorAtTop();
    for (TranscriptItem &item : items) {
        model.append(std::move(item));
        layout.appendLast();
    }
    m_following = false;
    settleAt(anchor);
}

void TranscriptPrivate::settleAt(const Anchor &anchor)
{
    if (!m_following) {
        m_settling = true;
        updateScrollBar();
        restore(anchor);
        m_settling = false;
    }
    settle();
    announceReordered(q);
}

void TranscriptPrivate::leavesChanged(const TranscriptModel::Change &change)
{
    layout.updateLeaves(change);
    const auto [from, to] = selection.range();
    if (to.message >= change.index)
        select(layout.clamped(selection.anchor()), layout.clamped(selection.head()));
}

void TranscriptPrivate::announce(int message, bool ended)
{
    if (!ended && !live.isDue())
        return;
    const LiveText::Piece piece = live.next(entryText(model.at(message), CopyAs::Plain), ended);
    if (piece.text.isEmpty())
        return;
    announceInsertedText(q, message, piece.from, piece.text);
    Q_EMIT q.textAnnounced(model.at(message).item.message.id, piece.from, piece.text);
}

void TranscriptPrivate::scheduleFrame()
{
    if (!frameTimer.isActive())
        frameTimer.start(kFrameMs, &q);
}

void TranscriptPrivate::frame()
{
    frameTimer.stop();
    const std::vector<TranscriptModel::Change> changes = model.readGrown();
    if (changes.empty())
        return;
    const qreal before = origin().y();
    qreal changedTop = layout.height();
    for (const TranscriptModel::Change &change : changes) {
        leavesChanged(change);
        const MessageLayout &message = layout.message(change.index);
        const std::size_t part = std::min(change.firstLeaf + 1, message.parts().size() - 1);
        changedTop = std::min(changedTop, layout.top(change.index) + message.parts()[part].rect.top());
        announce(change.index, !model.at(change.index).item.display.streaming);
    }
    settle();
    // Only what lies below the first changed block is another picture now, unless everything moved.
    const bool moved = before != origin().y();
    const int top = moved ? 0 : std::max(0, static_cast<int>(origin().y() + changedTop) - 8);
    q.viewport()->update(0, top, q.viewport()->width(), q.viewport()->height() - top);
}

void TranscriptPrivate::idle()
{
    if (layout.makeExact(0, layout.height(), kIdleSlice) == 0 || layout.isExact())
        idleTimer.stop();
    settle();
}

TranscriptPrivate::Anchor TranscriptPrivate::anchorAtTop() const
{
    if (layout.count() == 0)
        return {};
    const qreal y = -origin().y();
    const int index = layout.messageAt(y);
    const std::size_t part = layout.message(index).partAt(y - layout.top(index));
    const qreal top = layout.top(index) + layout.message(index).parts()[part].rect.top();
    return {index, part, y - top};
}

void TranscriptPrivate::restore(const Anchor &anchor)
{
    if (anchor.message >= layout.count())
        return;
    const auto &parts = layout.message(anchor.message).parts();
    const std::size_t part = std::min(anchor.part, parts.size() - 1);
    const qreal top = layout.top(anchor.message) + parts[part].rect.top();
    q.verticalScrollBar()->setValue(qRound(top + anchor.offset + kTopPadding));
}

void TranscriptPrivate::updateScrollBar()
{
    const int height = q.viewport()->height();
    const auto content = static_cast<int>(std::ceil(layout.height() + kTopPadding + kBottomPadding));
    QScrollBar *bar = q.verticalScrollBar();
    bar->setPageStep(height);
    bar->setSingleStep(qRound(2 * Theme::of(&q).lineHeight(TypeRole::Prose)));
    bar->setRange(0, std::max(0, content - height));
}

void TranscriptPrivate::settle()
{
    if (m_settling)
        return;
    m_settling = true;
    const Anchor anchor = anchorAtTop();
    for (int round = 0; round < kSettleRounds; ++round) {
        updateScrollBar();
        if (m_following)
            q.verticalScrollBar()->setValue(q.verticalScrollBar()->maximum());
        else if (round > 0)
            restore(anchor);
        const qreal top = -origin().y();
        const qreal height = q.viewport()->height();
        if (layout.makeExact(top, top + height, kVisibleBlocks) == 0)
            break;
    }
    m_settling = false;
    if (!layout.isExact() && !idleTimer.isActive())
        idleTimer.start(kIdleMs, &q);
    placeNewText();
    if (atEnd() != m_wasAtEnd) {
        m_wasAtEnd = atEnd();
        Q_EMIT q.atEndChanged(m_wasAtEnd);
    }
    if (layout.count() > 0 && q.verticalScrollBar()->value() < q.viewport()->height())
        Q_EMIT q.startNear();
    q.viewport()->update();
}

void TranscriptPrivate::scrolled()
{
    if (m_settling)
        return;
    m_following = atEnd();
    settle();
}

bool TranscriptPrivate::atEnd() const
{
    return q.verticalScrollBar()->value() >= q.verticalScrollBar()->maximum() - 1;
}

void TranscriptPrivate::follow(bool following)
{
    m_following = following;
    settle();
}

void TranscriptPrivate::show(const QRectF &documentRect)
{
    const QRectF rect = documentRect.translated(origin());
    const qreal height = q.viewport()->height();
    const qreal air = kTopPadding / 2;
    QScrollBar *bar = q.verticalScrollBar();
    if (rect.top() < air || rect.height() > height - 2 * air)
        bar->setValue(qRound(bar->value() + rect.top() - air));
    else if (rect.bottom() > height - air)
        bar->setValue(qRound(bar->value() + rect.bottom() - height + air));
}

void TranscriptPrivate::placeNewText()
{
    const bool wanted = model.isStreaming() && !atEnd();
    if (wanted) {
        const QSize hint = newText->sizeHint();
        const QRect area = q.viewport()->geometry();
        newText->setGeometry(area.center().x() - hint.width() / 2, area.bottom() - hint.height() - spacing::k8,
                             hint.width(), hint.height());
    }
    if (newText->isVisibleTo(&q) != wanted)
        newText->setVisible(wanted);
}

int TranscriptPrivate::actionTarget() const
{
    if (current >= 0 && current < model.count() && model.at(current).item.message.role == Role::Assistant)
        return current;
    return model.lastAnswer();
}

bool TranscriptPrivate::showsActions(int message) const
{
    return message == model.lastAnswer() || message == hoverMessage || (message == current && q.hasFocus());
}

void TranscriptPrivate::select(const TextPosition &anchor, const TextPosition &head)
{
    selection.set(anchor, head);
    q.viewport()->update();
}

void TranscriptPrivate::copyText(const QString &text) const
{
    if (!text.isEmpty())
        ui::copyText(text);
}

} // namespace tramontane::ui
