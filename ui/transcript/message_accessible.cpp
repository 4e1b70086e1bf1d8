// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/message_accessible.h"

#include "ui/style/numbers.h"
#include "ui/transcript/leaf_text.h"
#include "ui/transcript/message_frame.h"
#include "ui/transcript/transcript_private.h"

#include <QWidget>

namespace tramontane::ui {
namespace {

QRect onScreen(const TranscriptView &view, const QRectF &viewportRect)
{
    const QRect rect = viewportRect.toAlignedRect();
    return {view.viewport()->mapToGlobal(rect.topLeft()), rect.size()};
}

} // namespace

MessageAccessible::~MessageAccessible()
{
    for (const QAccessible::Id id : m_actions)
        QAccessible::deleteAccessibleInterface(id);
}

int MessageAccessible::index() const
{
    return m_view ? TranscriptPrivate::of(*m_view).model.indexOf(m_id) : -1;
}

bool MessageAccessible::isValid() const
{
    return index() >= 0;
}

QWindow *MessageAccessible::window() const
{
    return m_view ? m_view->window()->windowHandle() : nullptr;
}

QAccessibleInterface *MessageAccessible::parent() const
{
    return m_view ? QAccessible::queryAccessibleInterface(m_view) : nullptr;
}

int MessageAccessible::childCount() const
{
    return m_view ? static_cast<int>(TranscriptPrivate::of(*m_view).layout.hotPlaces(index()).size()) : 0;
}

QAccessibleInterface *MessageAccessible::child(int number) const
{
    if (number < 0 || number >= childCount())
        return nullptr;
    while (static_cast<int>(m_actions.size()) <= number)
        m_actions.push_back(QAccessible::registerAccessibleInterface(
            new ActionAccessible(m_view, m_id, static_cast<int>(m_actions.size()))));
    return QAccessible::accessibleInterface(m_actions[static_cast<std::size_t>(number)]);
}

QAccessibleInterface *MessageAccessible::childAt(int x, int y) const
{
    for (int i = 0; i < childCount(); ++i)
        if (QAccessibleInterface *one = child(i); one && one->rect().contains(x, y))
            return one;
    return nullptr;
}

int MessageAccessible::indexOfChild(const QAccessibleInterface *wanted) const
{
    for (int i = 0; i < childCount(); ++i)
        if (child(i) == wanted)
            return i;
    return -1;
}

QString MessageAccessible::text(QAccessible::Text kind) const
{
    const TranscriptItem *item = m_view ? m_view->item(m_id) : nullptr;
    if (!item)
        return {};
    const MessageDisplay &display = item->display;
    if (kind == QAccessible::Value)
        return allText();
    QStringList parts;
    if (kind == QAccessible::Name) {
        parts << display.name << display.place;
        if (item->message.createdMs > 0)
            parts << formatTime(item->message.createdMs, m_view->locale());
    } else if (kind == QAccessible::Description) {
        parts << stateWord(display, item->message.state) << display.device << display.deviceReason << display.label
              << usageText(display, m_view->locale());
    }
    parts.removeAll(QString());
    return parts.join(QStringLiteral(", "));
}

QRect MessageAccessible::rect() const
{
    return m_view ? onScreen(*m_view, TranscriptPrivate::of(*m_view).messageRect(index())) : QRect();
}

QAccessible::State MessageAccessible::state() const
{
    QAccessible::State state;
    const int at = index();
    if (at < 0) {
        state.invalid = true;
        return state;
    }
    const TranscriptPrivate &d = TranscriptPrivate::of(*m_view);
    state.focusable = true;
    state.focused = d.current == at && m_view->hasFocus();
    state.readOnly = true;
    state.multiLine = true;
    state.selectableText = true;
    state.busy = d.model.at(at).item.display.streaming;
    state.offscreen = !d.messageRect(at).intersects(QRectF(m_view->viewport()->rect()));
    return state;
}

void *MessageAccessible::interface_cast(QAccessible::InterfaceType type)
{
    return type == QAccessible::TextInterface ? static_cast<QAccessibleTextInterface *>(this) : nullptr;
}

QString MessageAccessible::allText() const
{
    return m_view ? m_view->messageText(m_id) : QString();
}

TextPosition MessageAccessible::positionOf(int offset) const
{
    const std::vector<Leaf> &leaves = TranscriptPrivate::of(*m_view).model.at(index()).leaves;
    const std::vector<int> starts = plainStarts(leaves);
    int leaf = 0;
    while (leaf + 1 < static_cast<int>(starts.size()) && starts[static_cast<std::size_t>(leaf) + 1] <= offset)
        ++leaf;
    if (leaves.empty())
        return {index(), 0, 0};
    const auto i = static_cast<std::size_t>(leaf);
    return {index(), leaf, std::clamp(offset - starts[i], 0, static_cast<int>(leaves[i].text.size()))};
}

int MessageAccessible::offsetOf(const TextPosition &position) const
{
    const std::vector<int> starts = plainStarts(TranscriptPrivate::of(*m_view).model.at(index()).leaves);
    const auto leaf = static_cast<std::size_t>(position.leaf);
    return leaf < starts.size() ? starts[leaf] + position.offset : 0;
}

int MessageAccessible::selectionCount() const
{
    int from = 0;
    int to = 0;
    selection(0, &from, &to);
    return from < to ? 1 : 0;
}

void MessageAccessible::selection(int number, int *from, int *to) const
{
    *from = *to = 0;
    if (number != 0 || !isValid())
        return;
    const auto [start, end] = TranscriptPrivate::of(*m_view).selection.range();
    if (start == end || start.message > index() || end.message < index())
        return;
    *from = start.message < index() ? 0 : offsetOf(start);
    *to = end.message > index() ? characterCount() : offsetOf(end);
}

void MessageAccessible::addSelection(int from, int to)
{
    setSelection(0, from, to);
}

void MessageAccessible::removeSelection(int)
{
    if (m_view)
        m_view->clearSelection();
}

void MessageAccessible::setSelection(int, int from, int to)
{
    if (isValid())
        TranscriptPrivate::of(*m_view).select(positionOf(from), positionOf(to));
}

int MessageAccessible::cursorPosition() const
{
    if (!isValid())
        return 0;
    const TextPosition head = TranscriptPrivate::of(*m_view).selection.head();
    return head.message == index() ? offsetOf(head) : 0;
}

void MessageAccessible::setCursorPosition(int position)
{
    setSelection(0, position, position);
}

QString MessageAccessible::text(int from, int to) const
{
    const QString all = allText();
    const int end = to < 0 ? static_cast<int>(all.size()) : to;
    return all.mid(from, end - from);
}

int MessageAccessible::characterCount() const
{
    return static_cast<int>(allText().size());
}

QRect MessageAccessible::characterRect(int offset) const
{
    if (!isValid())
        return {};
    const TranscriptPrivate &d = TranscriptPrivate::of(*m_view);
    const QRectF here = d.layout.caretRect(positionOf(offset));
    const QRectF next = d.layout.caretRect(positionOf(offset + 1));
    QRectF rect = here;
    if (next.top() == here.top() && next.left() > here.left())
        rect.setRight(next.left());
    return onScreen(*m_view, rect.translated(d.origin()));
}

int MessageAccessible::offsetAtPoint(const QPoint &point) const
{
    if (!isValid())
        return -1;
    const TranscriptPrivate &d = TranscriptPrivate::of(*m_view);
    const TextPosition at = d.layout.positionAt(d.toDocument(m_view->viewport()->mapFromGlobal(point)));
    return at.message == index() ? offsetOf(at) : -1;
}

void MessageAccessible::scrollToSubstring(int from, int)
{
    if (!isValid())
        return;
    TranscriptPrivate &d = TranscriptPrivate::of(*m_view);
    d.show(d.layout.caretRect(positionOf(from)));
}

QString MessageAccessible::attributes(int offset, int *from, int *to) const
{
    const QString all = allText();
    *from = 0;
    *to = static_cast<int>(all.size());
    if (!isValid() || offset < 0 || offset > all.size())
        return {};
    const TextPosition at = positionOf(offset);
    const std::vector<Leaf> &leaves = TranscriptPrivate::of(*m_view).model.at(index()).leaves;
    const auto leaf = static_cast<std::size_t>(at.leaf);
    if (leaf >= leaves.size())
        return {};
    const int start = offsetOf({at.message, at.leaf, 0});
    *from = start;
    *to = start + static_cast<int>(leaves[leaf].text.size());
    for (const Span &span : leaves[leaf].spans) {
        if (at.offset < span.from || at.offset >= span.from + span.length)
            continue;
        *from = start + span.from;
        *to = *from + span.length;
        QStringList found;
        if (span.style & spanstyle::kBold)
            found << QStringLiteral("font-weight:bold");
        if (span.style & spanstyle::kItalic)
            found << QStringLiteral("font-style:italic");
        if (span.style & spanstyle::kCode)
            found << QStringLiteral("font-family:monospace");
        return found.isEmpty() ? QString() : found.join(u';') + u';';
    }
    return {};
}

bool ActionAccessible::isValid() const
{
    return place().isValid();
}

HotPlace ActionAccessible::place() const
{
    if (!m_view)
        return {};
    const TranscriptPrivate &d = TranscriptPrivate::of(*m_view);
    const std::vector<HotPlace> places = d.layout.hotPlaces(d.model.indexOf(m_message));
    return m_number < static_cast<int>(places.size()) ? places[static_cast<std::size_t>(m_number)] : HotPlace{};
}

HotSpot ActionAccessible::spot() const
{
    return isValid() ? TranscriptPrivate::of(*m_view).layout.hotSpot(place()) : HotSpot{};
}

QWindow *ActionAccessible::window() const
{
    return m_view ? m_view->window()->windowHandle() : nullptr;
}

QAccessibleInterface *ActionAccessible::parent() const
{
    QAccessibleInterface *list = m_view ? QAccessible::queryAccessibleInterface(m_view) : nullptr;
    return list ? list->child(TranscriptPrivate::of(*m_view).model.indexOf(m_message)) : nullptr;
}

QString ActionAccessible::text(QAccessible::Text kind) const
{
    if (kind == QAccessible::Name)
        return spot().name;
    return kind == QAccessible::Description ? spot().target : QString();
}

QRect ActionAccessible::rect() const
{
    if (!isValid())
        return {};
    const TranscriptPrivate &d = TranscriptPrivate::of(*m_view);
    return onScreen(*m_view, d.layout.hotRect(place()).translated(d.origin()));
}

QAccessible::Role ActionAccessible::role() const
{
    return spot().action == HotAction::Link ? QAccessible::Link : QAccessible::Button;
}

QAccessible::State ActionAccessible::state() const
{
    QAccessible::State state;
    state.invalid = !isValid();
    state.focusable = true;
    const HotAction action = spot().action;
    state.checkable = action == HotAction::WrapCode;
    state.checked = spot().checked && state.checkable;
    state.expandable = action == HotAction::ToggleFold;
    state.expanded = spot().checked && state.expandable;
    state.focused = isValid() && TranscriptPrivate::of(*m_view).focused == place();
    return state;
}

void *ActionAccessible::interface_cast(QAccessible::InterfaceType type)
{
    return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface *>(this) : nullptr;
}

void ActionAccessible::doAction(const QString &name)
{
    if (name == pressAction() && isValid())
        TranscriptPrivate::of(*m_view).trigger(place());
}

} // namespace tramontane::ui
