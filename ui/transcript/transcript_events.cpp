// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/message_frame.h"
#include "ui/transcript/transcript_private.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>
#include <QStyleHints>
#include <QToolTip>

#include <optional>

namespace tramontane::ui {
namespace {

constexpr int kAutoScrollMs = 30;

std::optional<CaretMove> caretMove(const QKeyEvent &event)
{
    const bool word = event.modifiers() & Qt::ControlModifier;
    switch (event.key()) {
    case Qt::Key_Left: return word ? CaretMove::WordLeft : CaretMove::Left;
    case Qt::Key_Right: return word ? CaretMove::WordRight : CaretMove::Right;
    case Qt::Key_Up: return CaretMove::Up;
    case Qt::Key_Down: return CaretMove::Down;
    case Qt::Key_Home: return word ? CaretMove::Begin : CaretMove::LineStart;
    case Qt::Key_End: return word ? CaretMove::End : CaretMove::LineEnd;
    default: return std::nullopt;
    }
}

} // namespace

bool TranscriptView::event(QEvent *event)
{
    // These keys mean something here while the focus is here, before any shortcut of the window.
    if (event->type() == QEvent::ShortcutOverride) {
        auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Copy) || key->matches(QKeySequence::SelectAll)
            || (m_d->focused.isValid() && key->key() == Qt::Key_Escape)) {
            key->accept();
            return true;
        }
    }
    return QAbstractScrollArea::event(event);
}

bool TranscriptView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::Leave) {
        m_d->hover = {};
        m_d->hoverMessage = -1;
        viewport()->update();
    } else if (event->type() == QEvent::ToolTip) {
        auto *help = static_cast<QHelpEvent *>(event);
        const QPointF point = m_d->toDocument(help->pos());
        const HotPlace place = m_d->layout.hotPlaceAt(point);
        QString text = place.isValid() ? m_d->layout.hotSpot(place).name : QString();
        if (place.isValid() && m_d->layout.hotSpot(place).action == HotAction::Link)
            text = m_d->layout.hotSpot(place).target;
        if (text.isEmpty() && m_d->layout.count() > 0) {
            const int index = m_d->layout.messageAt(point.y());
            const auto *head = dynamic_cast<const HeadBlock *>(m_d->layout.message(index).parts().front().block.get());
            text = head ? head->tooltipAt(point - QPointF(0, m_d->layout.top(index))) : QString();
        }
        // Whatever a model wrote must not become rich text.
        QToolTip::showText(help->globalPos(), text.toHtmlEscaped(), viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void TranscriptView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    m_d->paint(painter, QRectF(event->rect()));
}

void TranscriptView::resizeEvent(QResizeEvent *)
{
    if (m_d->layout.width() != m_d->columnWidth())
        m_d->measureAnew();
    else
        m_d->settle();
}

void TranscriptView::scrollContentsBy(int, int)
{
    m_d->scrolled();
}

void TranscriptView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::LocaleChange)
        m_d->rebuilt();
}

void TranscriptView::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == m_d->frameTimer.timerId()) {
        m_d->frame();
    } else if (event->timerId() == m_d->idleTimer.timerId()) {
        m_d->idle();
    } else if (event->timerId() == m_d->autoScroll.timerId()) {
        const qreal y = m_d->lastMouse.y();
        const qreal beyond = y < 0 ? y : std::max(0.0, y - viewport()->height());
        verticalScrollBar()->setValue(verticalScrollBar()->value() + static_cast<int>(beyond));
        m_d->selection.moveHead(m_d->layout.positionAt(m_d->toDocument(m_d->lastMouse)));
    } else {
        QAbstractScrollArea::timerEvent(event);
    }
}

void TranscriptView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const QPointF point = m_d->toDocument(event->position());
    m_d->pressed = m_d->layout.hotPlaceAt(point);
    m_d->focused = {};
    m_d->currentByKeyboard = false;
    if (!m_d->pressed.isValid()) {
        const TextPosition at = m_d->layout.positionAt(point);
        m_d->select(event->modifiers() & Qt::ShiftModifier ? m_d->selection.anchor() : at, at);
        m_d->selecting = true;
        m_d->current = at.message < count() ? at.message : -1;
    }
    viewport()->update();
}

void TranscriptView::mouseMoveEvent(QMouseEvent *event)
{
    m_d->lastMouse = event->position();
    if (!m_d->selecting) {
        m_d->hoverAt(event->position());
        return;
    }
    m_d->selection.moveHead(m_d->layout.positionAt(m_d->toDocument(event->position())));
    const bool outside = event->position().y() < 0 || event->position().y() > viewport()->height();
    if (outside && !m_d->autoScroll.isActive())
        m_d->autoScroll.start(kAutoScrollMs, this);
    else if (!outside)
        m_d->autoScroll.stop();
    viewport()->update();
}

void TranscriptView::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_d->autoScroll.stop();
    m_d->selecting = false;
    const HotPlace place = m_d->pressed;
    m_d->pressed = {};
    if (place.isValid() && place == m_d->layout.hotPlaceAt(m_d->toDocument(event->position())))
        m_d->trigger(place);
    viewport()->update();
}

void TranscriptView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const QPointF point = m_d->toDocument(event->position());
    if (m_d->layout.hotPlaceAt(point).isValid()) {
        mousePressEvent(event);
        return;
    }
    const TextPosition at = m_d->layout.positionAt(point);
    const auto [from, to] = wordAt(m_d->model, at);
    // The second double click on a selected word takes the whole paragraph.
    const bool again = !m_d->selection.isEmpty() && m_d->selection.range() == std::pair(from, to);
    const auto [start, end] = again ? leafAt(m_d->model, at) : std::pair(from, to);
    m_d->select(start, end);
}

void TranscriptView::wheelEvent(QWheelEvent *event)
{
    const QPoint angle = event->angleDelta();
    const bool sideways = std::abs(angle.x()) > std::abs(angle.y()) || event->modifiers() & Qt::ShiftModifier;
    if (sideways && m_d->layout.count() > 0) {
        const QPointF point = m_d->toDocument(event->position());
        const int index = m_d->layout.messageAt(point.y());
        MessageLayout &message = m_d->layout.message(index);
        const std::size_t part = message.partAt(point.y() - m_d->layout.top(index));
        const int steps = angle.x() != 0 ? angle.x() : angle.y();
        if (message.block(part).scrollSideways(-steps / 2.0)) {
            viewport()->update();
            event->accept();
            return;
        }
    }
    QAbstractScrollArea::wheelEvent(event);
    m_d->hoverAt(event->position());
}

void TranscriptView::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const bool any = hasSelection() || m_d->actionTarget() >= 0;
    menu->addAction(tr("Copy"), QKeySequence::Copy, this, [this] { copy(CopyAs::Plain); })->setEnabled(any);
    menu->addAction(tr("Copy as Markdown"), this, [this] { copy(CopyAs::Markdown); })->setEnabled(any);
    menu->addAction(tr("Select all"), QKeySequence::SelectAll, this, &TranscriptView::selectAll)
        ->setEnabled(count() > 0);
    menu->popup(event->globalPos());
}

void TranscriptView::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    const bool byKey = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason
                       || event->reason() == Qt::ShortcutFocusReason;
    if (byKey && count() > 0)
        m_d->setCurrent(m_d->current >= 0 ? m_d->current : count() - 1, true);
    viewport()->update();
}

void TranscriptView::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    m_d->focused = {};
    viewport()->update();
}

bool TranscriptView::focusNextPrevChild(bool next)
{
    if (hasFocus() && m_d->focusAction(next))
        return true;
    return QAbstractScrollArea::focusNextPrevChild(next);
}

void TranscriptView::keyPressEvent(QKeyEvent *event)
{
    const bool control = event->modifiers() & Qt::ControlModifier;
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    const bool alt = event->modifiers() & Qt::AltModifier;
    const int key = event->key();
    if (event->matches(QKeySequence::Copy))
        return copy(CopyAs::Plain);
    if (event->matches(QKeySequence::SelectAll))
        return selectAll();
    if (key == Qt::Key_Escape) {
        if (m_d->model.isStreaming())
            Q_EMIT stopRequested();
        else if (m_d->focused.isValid())
            m_d->focused = {};
        else
            clearSelection();
        viewport()->update();
        return;
    }
    if (control && !shift && (key == Qt::Key_Up || key == Qt::Key_Down)) {
        const int from = m_d->current >= 0 ? m_d->current : (key == Qt::Key_Up ? count() : -1);
        return m_d->setCurrent(std::clamp(from + (key == Qt::Key_Up ? -1 : 1), 0, std::max(0, count() - 1)), true);
    }
    if ((key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Space) && m_d->focused.isValid())
        return m_d->trigger(m_d->focused);
    const int target = m_d->actionTarget();
    if (target >= 0 && alt && (key == Qt::Key_Left || key == Qt::Key_Right)) {
        Q_EMIT versionRequested(m_d->model.at(target).item.message.id, key == Qt::Key_Left ? -1 : 1);
        return;
    }
    if (const auto move = caretMove(*event); shift && move) {
        const TextPosition head = movedCaret(m_d->layout, m_d->model, m_d->selection.head(), *move);
        m_d->select(m_d->selection.anchor(), head);
        return m_d->show(m_d->layout.caretRect(head));
    }
    QScrollBar *bar = verticalScrollBar();
    if (key == Qt::Key_Home)
        return bar->setValue(0);
    if (key == Qt::Key_End)
        return scrollToEnd();
    if (key == Qt::Key_Up || key == Qt::Key_Down)
        return bar->triggerAction(key == Qt::Key_Up ? QScrollBar::SliderSingleStepSub
                                                    : QScrollBar::SliderSingleStepAdd);
    if (key == Qt::Key_PageUp || key == Qt::Key_PageDown || (key == Qt::Key_Space && !control))
        return bar->triggerAction(key == Qt::Key_PageUp || shift ? QScrollBar::SliderPageStepSub
                                                                 : QScrollBar::SliderPageStepAdd);
    QAbstractScrollArea::keyPressEvent(event);
}

} // namespace tramontane::ui
