// SPDX-License-Identifier: Apache-2.0
#include "ui/chat/chat_header.h"

#include "ui/models/model_picker.h"
#include "ui/style/controls.h"

#include <QHBoxLayout>

namespace tramontane::ui {
namespace {

constexpr int kCompactBelow = 640;

} // namespace

ChatHeader::ChatHeader(ModelPickerModel &models, QWidget *parent)
    : Surface(Fill::Canvas, Edge::Bottom, 0, parent),
      m_sidebar(new IconButton(Icon::Lines, tr("Show the sidebar"), QKeySequence(tr("Ctrl+Shift+S")), this)),
      m_title(new ElidedLabel({}, TypeRole::HeaderTitle, this)), m_picker(new ModelPicker(models, this)),
      m_more(new IconButton(Icon::More, tr("More"), {}, this))
{
    setFixedHeight(size::kHeader);
    m_sidebar->hide();
    m_more->setPopupMode(QToolButton::InstantPopup);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(spacing::k16, 0, spacing::k12, 1);
    row->setSpacing(spacing::k8);
    row->addWidget(m_sidebar);
    row->addWidget(m_title, 1);
    row->addWidget(m_picker);
    row->addWidget(m_more);
    connect(m_sidebar, &QAbstractButton::clicked, this, &ChatHeader::sidebarRequested);
}

void ChatHeader::setTitle(const QString &title)
{
    m_title->setText(title.isEmpty() ? tr("New chat") : title);
}
void ChatHeader::setSidebarButtonVisible(bool visible)
{
    m_sidebar->setVisible(visible);
}

void ChatHeader::resizeEvent(QResizeEvent *event)
{
    Surface::resizeEvent(event);
    m_picker->setCompact(width() < kCompactBelow);
}

} // namespace tramontane::ui
