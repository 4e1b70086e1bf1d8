// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/sidebar.h"

#include "ui/chat/conversation_list_view_model.h"
#include "ui/shell/conversation_delegate.h"
#include "ui/shell/search_field.h"
#include "ui/shell/sidebar_button.h"
#include "ui/unlock/mark.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QListView>
#include <QVBoxLayout>

namespace tramontane::ui {
namespace {

constexpr int kMark = 26;
constexpr int kRing = size::kFocusRing + size::kFocusGap;

} // namespace

Sidebar::Sidebar(ConversationListViewModel &list, QWidget *parent)
    : Surface(Fill::Win, Edge::Right, 0, parent), m_model(list), m_search(new SearchField(this)),
      m_list(new QListView(this)), m_empty(new TextLabel({}, TypeRole::Hint, ElidedLabel::Colour::Hint, this))
{
    auto *create = new SidebarButton(Icon::Plus, tr("New chat"), QKeySequence(tr("Ctrl+N")), this);
    m_list->setModel(&m_model.model());
    m_list->setItemDelegate(new ConversationDelegate(m_list));
    m_list->setFrameStyle(QFrame::NoFrame);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setMouseTracking(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setEditTriggers(QAbstractItemView::EditKeyPressed);
    m_list->setAccessibleName(tr("Chats"));
    m_list->installEventFilter(this);
    m_search->installEventFilter(this);

    auto *top = new QVBoxLayout;
    top->setContentsMargins(spacing::k8 - kRing, 0, spacing::k8 - kRing, spacing::k4);
    top->setSpacing(0);
    top->addWidget(create);
    auto *searchRow = new QHBoxLayout;
    searchRow->setContentsMargins(kRing, spacing::k4, kRing, spacing::k4);
    searchRow->addWidget(m_search);
    top->addLayout(searchRow);
    m_empty->setContentsMargins(spacing::k16, spacing::k12, spacing::k16, 0);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 1, 0);
    column->setSpacing(0);
    column->addWidget(makeHead());
    column->addLayout(top);
    column->addWidget(m_empty);
    column->addWidget(m_list, 1);

    connect(create, &QAbstractButton::clicked, this, &Sidebar::newRequested);
    connect(m_search, &QLineEdit::textChanged, &m_model, &ConversationListViewModel::setQuery);
    connect(m_list, &QListView::clicked, this, &Sidebar::open);
    connect(m_list, &QListView::activated, this, &Sidebar::open);
    connect(&m_model.model(), &QAbstractItemModel::modelReset, this, &Sidebar::restoreCurrent);
    connect(&m_model, &ConversationListViewModel::searched, this, &Sidebar::refreshEmpty);
    refreshEmpty();
}

QWidget *Sidebar::makeHead()
{
    auto *head = new QWidget(this);
    auto *names = new QVBoxLayout;
    names->setSpacing(0);
    names->addWidget(new ElidedLabel(tr("Tramontane"), TypeRole::UiStrong, head));
    auto *state = new ElidedLabel(tr("Vault open"), TypeRole::Hint, head);
    state->setColour(ElidedLabel::Colour::Secondary);
    names->addWidget(state);
    auto *lock = new IconButton(Icon::Lock, tr("Lock the vault"), QKeySequence(tr("Ctrl+L")), head);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(spacing::k12 + spacing::k2, spacing::k8, spacing::k12, spacing::k4);
    row->setSpacing(spacing::k8);
    row->addWidget(new Mark(kMark, head));
    row->addLayout(names, 1);
    row->addWidget(lock);
    connect(lock, &QAbstractButton::clicked, this, &Sidebar::lockRequested);
    return head;
}

void Sidebar::setCurrent(ConversationId id)
{
    m_current = id;
    restoreCurrent();
}

void Sidebar::restoreCurrent()
{
    const int row = m_model.model().rowOf(m_current);
    if (row >= 0)
        m_list->setCurrentIndex(m_model.model().index(row));
    else
        m_list->setCurrentIndex({});
    refreshEmpty();
}

void Sidebar::refreshEmpty()
{
    const bool empty = m_model.model().rowCount() == 0;
    m_empty->setText(m_model.query().isEmpty() ? tr("Chats appear here after the first question.")
                                               : tr("No chat contains “%1”.").arg(m_model.query()));
    m_empty->setVisible(empty);
}

void Sidebar::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void Sidebar::renameCurrent()
{
    const QModelIndex current = m_list->currentIndex();
    if (current.flags() & Qt::ItemIsEditable)
        m_list->edit(current);
}

void Sidebar::focusList()
{
    m_list->setFocus(Qt::ShortcutFocusReason);
}

void Sidebar::open(const QModelIndex &index)
{
    const ConversationId id = m_model.model().conversationAt(index.row());
    if (!index.isValid() || id.isNull())
        return;
    m_current = id;
    Q_EMIT opened(id, m_model.model().messageAt(index.row()));
}

void Sidebar::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT dismissed();
    else
        Surface::keyPressEvent(event);
}

bool Sidebar::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return Surface::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent *>(event)->key();
    if (watched == m_search && key == Qt::Key_Escape && !m_search->text().isEmpty()) {
        m_search->clear();
        return true;
    }
    const ConversationListModel &model = m_model.model();
    if (watched == m_search && model.rowCount() > 1
        && (key == Qt::Key_Down || key == Qt::Key_Return || key == Qt::Key_Enter)) {
        // Row 0 is a caption.
        m_list->setCurrentIndex(m_model.model().index(1));
        focusList();
        if (key != Qt::Key_Down)
            open(m_list->currentIndex());
        return true;
    }
    if (watched == m_list && m_list->hasFocus() && (key == Qt::Key_Return || key == Qt::Key_Enter)) {
        open(m_list->currentIndex());
        return true;
    }
    return Surface::eventFilter(watched, event);
}

} // namespace tramontane::ui
