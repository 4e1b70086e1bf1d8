// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/first_run_panel.h"

#include "ui/style/controls.h"
#include "ui/style/notice.h"

#include <QScrollBar>
#include <QVBoxLayout>

namespace tramontane::ui {
namespace {

constexpr int kSide = 28 - size::kFocusRing - size::kFocusGap; // cards bring 4 px of their own for the focus ring

} // namespace

FirstRunPanel::FirstRunPanel(const QString &title, const QString &text, QWidget *parent) : QScrollArea(parent)
{
    setFrameStyle(QFrame::NoFrame);
    setWidgetResizable(true);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
    auto *content = new QWidget;
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(kSide, 0, kSide, spacing::k8);
    m_column->setSpacing(0);
    const int ring = size::kFocusRing + size::kFocusGap;
    auto *head = new QVBoxLayout;
    head->setContentsMargins(ring, 0, ring, spacing::k16);
    head->setSpacing(spacing::k6);
    head->addWidget(new TextLabel(title, TypeRole::ScreenTitle));
    auto *paragraph = new TextLabel(text, TypeRole::NarrowProse, ElidedLabel::Colour::Secondary);
    head->addWidget(paragraph);
    m_column->addLayout(head);
    setWidget(content);
    // setWidget() turns this on; the surface below is the card's.
    content->setAutoFillBackground(false);
}

void FirstRunPanel::showEvent(QShowEvent *event)
{
    QScrollArea::showEvent(event);
    verticalScrollBar()->setValue(0);
}

} // namespace tramontane::ui
