// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/transcript_view.h"

#include "ui/transcript/transcript_accessible.h"
#include "ui/transcript/transcript_private.h"

#include <QScrollBar>

namespace tramontane::ui {

TranscriptView::TranscriptView(QWidget *parent) : QAbstractScrollArea(parent)
{
    installTranscriptAccessibility();
    m_d = std::make_unique<TranscriptPrivate>(*this);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Conversation"));
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn); // the column keeps its place when the bar becomes needed
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setCursor(Qt::IBeamCursor);
    connect(&Theme::of(this), &Theme::changed, this, [this] { m_d->measureAnew(); });
}

TranscriptView::~TranscriptView() = default;

void TranscriptView::setItems(std::vector<TranscriptItem> items)
{
    m_d->model.truncate(0);
    for (TranscriptItem &item : items)
        m_d->model.append(std::move(item));
    m_d->rebuilt();
}

void TranscriptView::addAbove(std::vector<TranscriptItem> items)
{
    m_d->addAbove(std::move(items));
}

void TranscriptView::addBelow(std::vector<TranscriptItem> items)
{
    m_d->addBelow(std::move(items));
}

void TranscriptView::clear()
{
    setItems({});
}

void TranscriptView::appendItem(TranscriptItem item)
{
    // One's own question is always brought into view: it was just sent from here.
    const bool follow = m_d->atEnd() || item.message.role == Role::User;
    const int before = m_d->model.lastAnswer();
    m_d->model.append(std::move(item));
    m_d->layout.appendLast();
    if (m_d->model.lastAnswer() != before)
        m_d->live.begin();
    m_d->follow(follow);
    announceReordered(*this);
}

void TranscriptView::updateItem(TranscriptItem item)
{
    const MessageId id = item.message.id;
    replaceItem(id, std::move(item));
}

void TranscriptView::replaceItem(const MessageId &old, TranscriptItem item)
{
    const int index = m_d->model.indexOf(old);
    if (index < 0)
        return;
    const bool ended = m_d->model.at(index).item.display.streaming && !item.display.streaming;
    m_d->leavesChanged(m_d->model.replace(index, std::move(item)));
    m_d->layout.updateFrame(index);
    if (ended)
        m_d->announce(index, true);
    m_d->settle();
}

void TranscriptView::removeFrom(const MessageId &id)
{
    const int index = m_d->model.indexOf(id);
    if (index < 0)
        return;
    m_d->model.truncate(index);
    m_d->layout.truncate(index);
    m_d->hover = m_d->pressed = m_d->focused = {};
    m_d->hoverMessage = -1;
    m_d->current = std::min(m_d->current, index - 1);
    m_d->select(m_d->layout.clamped(m_d->selection.anchor()), m_d->layout.clamped(m_d->selection.head()));
    m_d->settle();
    announceReordered(*this);
}

void TranscriptView::appendText(const MessageId &id, std::string_view utf8, BlockKind kind)
{
    const int index = m_d->model.indexOf(id);
    if (index < 0 || utf8.empty())
        return;
    m_d->model.grow(index, utf8, kind);
    m_d->scheduleFrame();
}

void TranscriptView::setDisplay(const MessageId &id, MessageDisplay display)
{
    const int index = m_d->model.indexOf(id);
    if (index < 0)
        return;
    const bool ended = m_d->model.at(index).item.display.streaming && !display.streaming;
    m_d->model.setDisplay(index, std::move(display));
    m_d->layout.updateFrame(index);
    if (ended)
        m_d->frame();
    m_d->settle();
}

int TranscriptView::count() const
{
    return m_d->model.count();
}

const TranscriptItem *TranscriptView::item(const MessageId &id) const
{
    return itemAt(m_d->model.indexOf(id));
}

const TranscriptItem *TranscriptView::itemAt(int index) const
{
    return index >= 0 && index < count() ? &m_d->model.at(index).item : nullptr;
}

bool TranscriptView::isAtEnd() const
{
    return m_d->atEnd();
}

void TranscriptView::scrollToEnd()
{
    m_d->follow(true);
}

void TranscriptView::scrollToMessage(const MessageId &id)
{
    const int index = m_d->model.indexOf(id);
    if (index < 0)
        return;
    m_d->follow(false);
    m_d->show(QRectF(0, m_d->layout.top(index), 1, m_d->layout.message(index).height()));
    m_d->scrolled();
}

MessageId TranscriptView::currentMessage() const
{
    const TranscriptItem *current = itemAt(m_d->current);
    return current ? current->message.id : MessageId();
}

void TranscriptView::setCurrentMessage(const MessageId &id)
{
    m_d->setCurrent(m_d->model.indexOf(id), false);
}

bool TranscriptView::hasSelection() const
{
    return !m_d->selection.isEmpty();
}

QString TranscriptView::selectedText(CopyAs form) const
{
    return m_d->selection.text(form);
}

void TranscriptView::selectAll()
{
    m_d->select(m_d->layout.begin(), m_d->layout.end());
}

void TranscriptView::clearSelection()
{
    m_d->select(m_d->selection.head(), m_d->selection.head());
}

void TranscriptView::copy(CopyAs form)
{
    if (hasSelection()) {
        m_d->copyText(selectedText(form));
        return;
    }
    const int index = m_d->actionTarget();
    if (index < 0)
        return;
    m_d->copyText(entryText(m_d->model.at(index), form));
    Q_EMIT copyRequested(m_d->model.at(index).item.message.id);
}

QString TranscriptView::messageText(const MessageId &id, CopyAs form) const
{
    const int index = m_d->model.indexOf(id);
    return index < 0 ? QString() : entryText(m_d->model.at(index), form);
}

const WorkCounters &TranscriptView::counters() const
{
    return m_d->counters;
}

void TranscriptView::layOutAll()
{
    m_d->frame();
    while (m_d->layout.makeExact(0, m_d->layout.height(), 1000) > 0) {
    }
    m_d->settle();
}

QSize TranscriptView::sizeHint() const
{
    return {size::kTranscriptColumn, 480};
}

} // namespace tramontane::ui
