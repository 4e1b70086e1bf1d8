// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/id.h"
#include "ui/style/notice.h"

class QLineEdit;
class QListView;

namespace tramontane::ui {

class ConversationListModel;
class ConversationListViewModel;
class IconButton;
class SidebarButton;

/// New chat, search, and the list of conversations. Only what works is here. GUI thread.
class Sidebar : public Surface {
    Q_OBJECT
public:
    explicit Sidebar(ConversationListViewModel &list, QWidget *parent = nullptr);

    /// Marks the row of the shown conversation; null marks none.
    void setCurrent(ConversationId id);
    void focusSearch();
    void focusList();
    /// Opens the field for another title in the current row.
    void renameCurrent();

Q_SIGNALS:
    void newRequested();
    void lockRequested();
    /// Esc, with nothing left to clear.
    void dismissed();
    /// `at` is the message of a hit, else null.
    void opened(tramontane::ConversationId id, tramontane::MessageId at);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QWidget *makeHead();
    void open(const QModelIndex &index);
    void restoreCurrent();
    void refreshEmpty();

    ConversationListViewModel &m_model;
    QLineEdit *m_search;
    QListView *m_list;
    TextLabel *m_empty;
    ConversationId m_current;
};

} // namespace tramontane::ui
