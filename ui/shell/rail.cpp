// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/rail.h"

#include "ui/unlock/mark.h"

#include <QVBoxLayout>

namespace tramontane::ui {
namespace {

constexpr int kMark = 28;

} // namespace

Rail::Rail(QWidget *parent)
    : Surface(Fill::Win, Edge::Right, 0, parent), m_chats(new IconButton(Icon::Chat, tr("Chats"), {}, this))
{
    setFixedWidth(size::kRail);
    m_chats->setCheckable(true);
    auto *create = new IconButton(Icon::Plus, tr("New chat"), QKeySequence(tr("Ctrl+N")), this);
    auto *search = new IconButton(Icon::Search, tr("Search chats"), QKeySequence(tr("Ctrl+K")), this);
    auto *lock = new IconButton(Icon::Lock, tr("Lock the vault"), QKeySequence(tr("Ctrl+L")), this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, spacing::k8, 1, spacing::k12);
    column->setSpacing(spacing::k12);
    column->addWidget(new Mark(kMark, this), 0, Qt::AlignHCenter);
    for (QWidget *button : {create, search, m_chats})
        column->addWidget(button, 0, Qt::AlignHCenter);
    column->addStretch();
    column->addWidget(lock, 0, Qt::AlignHCenter);
    connect(create, &QAbstractButton::clicked, this, &Rail::newRequested);
    connect(search, &QAbstractButton::clicked, this, &Rail::searchRequested);
    connect(m_chats, &QAbstractButton::clicked, this, &Rail::listRequested);
    connect(lock, &QAbstractButton::clicked, this, &Rail::lockRequested);
}

void Rail::setListOpen(bool open)
{
    m_chats->setChecked(open);
}

} // namespace tramontane::ui
