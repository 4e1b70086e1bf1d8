// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/transcript/transcript_layout.h"
#include "ui/transcript/transcript_view.h"

#include <QAccessible>
#include <QPointer>

#include <vector>

namespace tramontane::ui {

/// One message for screen readers: "Bora 24B Instruct, On this machine, 09:41", its text, and its actions as children.
/// Owned by the interface of the view. GUI thread.
class MessageAccessible final : public QAccessibleInterface, public QAccessibleTextInterface {
public:
    MessageAccessible(TranscriptView *view, const MessageId &id) : m_view(view), m_id(id) {}
    ~MessageAccessible() override;

    [[nodiscard]] int index() const;

    bool isValid() const override;
    QObject *object() const override { return nullptr; }
    QWindow *window() const override;
    QAccessibleInterface *parent() const override;
    QAccessibleInterface *child(int index) const override;
    QAccessibleInterface *childAt(int x, int y) const override;
    int childCount() const override;
    int indexOfChild(const QAccessibleInterface *child) const override;
    QString text(QAccessible::Text kind) const override;
    void setText(QAccessible::Text, const QString &) override {}
    QRect rect() const override;
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    QAccessible::State state() const override;
    void *interface_cast(QAccessible::InterfaceType type) override;

    void selection(int index, int *from, int *to) const override;
    int selectionCount() const override;
    void addSelection(int from, int to) override;
    void removeSelection(int index) override;
    void setSelection(int index, int from, int to) override;
    int cursorPosition() const override;
    void setCursorPosition(int position) override;
    QString text(int from, int to) const override;
    int characterCount() const override;
    QRect characterRect(int offset) const override;
    int offsetAtPoint(const QPoint &point) const override;
    void scrollToSubstring(int from, int to) override;
    QString attributes(int offset, int *from, int *to) const override;

private:
    [[nodiscard]] QString allText() const;
    [[nodiscard]] TextPosition positionOf(int offset) const;
    [[nodiscard]] int offsetOf(const TextPosition &position) const;
    QPointer<TranscriptView> m_view;
    MessageId m_id;
    mutable std::vector<QAccessible::Id> m_actions;
};

/// A button, link or stepper in a message.
class ActionAccessible final : public QAccessibleInterface, public QAccessibleActionInterface {
public:
    ActionAccessible(TranscriptView *view, const MessageId &message, int number)
        : m_view(view), m_message(message), m_number(number)
    {
    }

    bool isValid() const override;
    QObject *object() const override { return nullptr; }
    QWindow *window() const override;
    QAccessibleInterface *parent() const override;
    QAccessibleInterface *child(int) const override { return nullptr; }
    QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface *) const override { return -1; }
    QString text(QAccessible::Text kind) const override;
    void setText(QAccessible::Text, const QString &) override {}
    QRect rect() const override;
    QAccessible::Role role() const override;
    QAccessible::State state() const override;
    void *interface_cast(QAccessible::InterfaceType type) override;

    QStringList actionNames() const override { return {pressAction()}; }
    void doAction(const QString &name) override;
    QStringList keyBindingsForAction(const QString &) const override { return {}; }

private:
    [[nodiscard]] HotPlace place() const;
    [[nodiscard]] HotSpot spot() const;
    QPointer<TranscriptView> m_view;
    MessageId m_message;
    int m_number;
};

} // namespace tramontane::ui
