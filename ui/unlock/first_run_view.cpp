// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/first_run_view.h"

#include "ui/style/controls.h"
#include "ui/style/notice.h"
#include "ui/unlock/mark.h"
#include "ui/unlock/model_panel.h"
#include "ui/unlock/privacy_panel.h"
#include "ui/unlock/vault_panel.h"
#include "ui/unlock/welcome_panel.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace tramontane::ui {
namespace {

constexpr int kCardWidth = 440;
constexpr int kCardHeight = 720;
constexpr int kSide = 28;
constexpr int kMark = 26;
using Panel = FirstRunViewModel::Panel;

} // namespace

FirstRunView::FirstRunView(FirstRunViewModel &model, Theme &theme,
                           const std::vector<std::pair<QString, QString>> &languages, const QString &language,
                           QWidget *parent)
    : QWidget(parent), m_model(model)
{
    auto *page = new Surface(Surface::Fill::Win);
    auto *card = new Surface(Surface::Fill::Raised, Surface::Edge::Box, radius::kCard);
    card->setMinimumWidth(kCardWidth);
    card->setMaximumSize(kCardWidth, kCardHeight);
    m_panels = new QStackedWidget;
    m_welcome = new WelcomePanel(theme.choice(), languages, language);
    m_vault = new VaultPanel(m_model);
    m_modelPanel = new ModelPanel(m_model);
    for (QWidget *panel : {static_cast<QWidget *>(m_welcome), static_cast<QWidget *>(m_vault),
                           static_cast<QWidget *>(new PrivacyPanel), static_cast<QWidget *>(m_modelPanel)})
        m_panels->addWidget(panel);
    auto *column = new QVBoxLayout(card);
    column->setContentsMargins(1, kSide - spacing::k2, 1, kSide - spacing::k8);
    column->setSpacing(spacing::k16);
    column->addWidget(makeHead());
    column->addWidget(m_panels, 1);
    column->addWidget(makeFoot());

    auto *centre = new QGridLayout(page);
    centre->setContentsMargins(spacing::k12, spacing::k12, spacing::k12, spacing::k12);
    centre->setRowStretch(0, 1);
    centre->setRowStretch(1, 100);
    centre->setRowStretch(2, 1);
    centre->setColumnStretch(0, 1);
    centre->setColumnStretch(2, 1);
    centre->addWidget(card, 1, 1);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(page);

    connect(m_welcome, &WelcomePanel::themeChosen, this, &FirstRunView::themeChosen);
    connect(m_welcome, &WelcomePanel::languageChosen, this, &FirstRunView::languageChosen);
    connect(m_vault, &VaultPanel::completeChanged, this, &FirstRunView::refresh);
    connect(&m_model, &FirstRunViewModel::panelChanged, this, &FirstRunView::showPanel);
    connect(&m_model, &FirstRunViewModel::changed, this, &FirstRunView::refresh);
    showPanel();
}

QWidget *FirstRunView::makeHead()
{
    auto *head = new QWidget;
    m_dots = new StepDots(4, head);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(kSide, 0, kSide, spacing::k4);
    row->addWidget(new Mark(kMark, head));
    row->addStretch();
    row->addWidget(m_dots, 0, Qt::AlignVCenter);
    return head;
}

QWidget *FirstRunView::makeFoot()
{
    auto *foot = new QWidget;
    m_back = makeButton(tr("Back"), ButtonKind::Quiet, ButtonScale::Dialog, foot);
    m_next = makeButton(tr("Continue"), ButtonKind::Primary, ButtonScale::Dialog, foot);
    auto *row = new QHBoxLayout(foot);
    const int ring = size::kFocusRing + size::kFocusGap;
    row->setContentsMargins(kSide - size::kButtonPadding, ring, kSide, ring);
    row->addWidget(m_back);
    row->addStretch();
    row->addWidget(m_next);
    connect(m_back, &QPushButton::clicked, this, [this] {
        if (m_model.panel() == Panel::Model)
            m_model.finish(false);
        else
            m_model.back();
    });
    connect(m_next, &QPushButton::clicked, this, &FirstRunView::forward);
    return foot;
}

void FirstRunView::forward()
{
    if (m_model.busy())
        return;
    switch (m_model.panel()) {
    case Panel::Vault: m_vault->submit(); break;
    case Panel::Model: m_model.finish(true); break;
    default: m_model.next(); break;
    }
}

void FirstRunView::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && m_next->isEnabled()) {
        forward();
        return;
    }
    if (event->key() == Qt::Key_Escape && m_model.canGoBack()) {
        m_model.back();
        return;
    }
    QWidget::keyPressEvent(event);
}

void FirstRunView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    showPanel();
}

void FirstRunView::showPanel()
{
    const int step = int(m_model.panel());
    m_dots->setCurrent(step);
    m_panels->setCurrentIndex(step);
    refresh();
    const auto *panel = qobject_cast<FirstRunPanel *>(m_panels->currentWidget());
    QWidget *first = panel ? panel->firstFocus() : nullptr;
    (first ? first : m_next)->setFocus(Qt::OtherFocusReason);
}

void FirstRunView::refresh()
{
    const Panel panel = m_model.panel();
    const bool last = panel == Panel::Model;
    m_back->setVisible(m_model.canGoBack() || last);
    m_back->setText(last ? tr("Later") : tr("Back"));
    m_next->setText(m_model.busy() ? tr("Making the vault…") : last ? tr("Start") : tr("Continue"));
    const bool couldGoOn = m_next->isEnabled();
    m_next->setEnabled(!m_model.busy() && (!last || (m_model.model() && !m_model.inspecting())));
    // The model has been read: Enter may begin now.
    if (last && !couldGoOn && m_next->isEnabled())
        m_next->setFocus(Qt::OtherFocusReason);
}

} // namespace tramontane::ui
