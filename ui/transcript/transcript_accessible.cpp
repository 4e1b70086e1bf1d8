// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/transcript_accessible.h"

#include "ui/transcript/leaf_text.h"
#include "ui/transcript/message_accessible.h"
#include "ui/transcript/transcript_private.h"

#include <QAccessible>
#include <QAccessibleWidget>

#include <map>

namespace tramontane::ui {
namespace {

/// The view itself. It owns the interfaces of its messages, which live as long as it does or until their message goes.
class ListAccessible final : public QAccessibleWidget {
public:
    explicit ListAccessible(TranscriptView *view) : QAccessibleWidget(view, QAccessible::List) {}
    ~ListAccessible() override
    {
        for (const auto &[id, interface] : m_messages)
            QAccessible::deleteAccessibleInterface(interface);
    }

    [[nodiscard]] TranscriptView *view() const { return static_cast<TranscriptView *>(widget()); }

    int childCount() const override { return view() ? view()->count() : 0; }
    QAccessibleInterface *child(int index) const override
    {
        const TranscriptItem *item = view() ? view()->itemAt(index) : nullptr;
        if (!item)
            return nullptr;
        const auto known = m_messages.find(item->message.id);
        if (known != m_messages.end())
            return QAccessible::accessibleInterface(known->second);
        auto *message = new MessageAccessible(view(), item->message.id);
        m_messages[item->message.id] = QAccessible::registerAccessibleInterface(message);
        return message;
    }
    int indexOfChild(const QAccessibleInterface *child) const override
    {
        const auto *message = dynamic_cast<const MessageAccessible *>(child);
        return message ? message->index() : -1;
    }
    QAccessibleInterface *childAt(int x, int y) const override
    {
        for (int i = 0; i < childCount(); ++i)
            if (QAccessibleInterface *one = child(i); one && one->rect().contains(x, y))
                return one;
        return nullptr;
    }
    QAccessibleInterface *focusChild() const override
    {
        return view() && view()->hasFocus() ? child(TranscriptPrivate::of(*view()).current) : nullptr;
    }

    void forgetMissing()
    {
        std::erase_if(m_messages, [this](const auto &entry) {
            if (view()->item(entry.first))
                return false;
            QAccessible::deleteAccessibleInterface(entry.second);
            return true;
        });
    }

private:
    mutable std::map<MessageId, QAccessible::Id> m_messages;
};

QAccessibleInterface *makeInterface(const QString &, QObject *object)
{
    auto *view = qobject_cast<TranscriptView *>(object);
    return view ? new ListAccessible(view) : nullptr;
}

ListAccessible *listOf(TranscriptView &view)
{
    return dynamic_cast<ListAccessible *>(QAccessible::queryAccessibleInterface(&view));
}

} // namespace

void installTranscriptAccessibility()
{
    QAccessible::installFactory(makeInterface);
}

void announceInsertedText(TranscriptView &view, int index, int position, const QString &text)
{
    ListAccessible *list = listOf(view);
    QAccessibleInterface *message = list && !text.isEmpty() ? list->child(index) : nullptr;
    if (!message)
        return;
    QAccessibleTextInsertEvent event(message, position, text);
    QAccessible::updateAccessibility(&event);
}

void announceFocus(TranscriptView &view, int index)
{
    ListAccessible *list = listOf(view);
    QAccessibleInterface *message = list ? list->child(index) : nullptr;
    if (!message || !view.hasFocus())
        return;
    QAccessibleEvent event(message, QAccessible::Focus);
    QAccessible::updateAccessibility(&event);
}

void announceReordered(TranscriptView &view)
{
    ListAccessible *list = listOf(view);
    if (!list)
        return;
    list->forgetMissing();
    QAccessibleEvent event(&view, QAccessible::ObjectReorder);
    QAccessible::updateAccessibility(&event);
}

} // namespace tramontane::ui
