// SPDX-License-Identifier: Apache-2.0
#include "ui/chat/empty_chat.h"

#include "ui/chat/icon_badge.h"
#include "ui/models/model_picker_model.h"
#include "ui/style/theme.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace tramontane::ui {
namespace {

constexpr int kTextWidth = 400;

} // namespace

EmptyChat::EmptyChat(ModelPickerModel &models, QWidget *parent)
    : Surface(Fill::Canvas, Edge::None, 0, parent), m_models(models), m_badge(new IconBadge(Icon::Chat, this)),
      m_title(new TextLabel({}, TypeRole::SectionTitle, ElidedLabel::Colour::Primary, this)),
      m_text(new TextLabel({}, TypeRole::Ui, ElidedLabel::Colour::Secondary, this)),
      m_act(makeButton({}, ButtonKind::Primary, ButtonScale::Normal, this))
{
    m_title->setAlignment(Qt::AlignHCenter);
    m_text->setAlignment(Qt::AlignHCenter);
    m_text->setMaximumWidth(kTextWidth);
    auto *column = new QVBoxLayout(this);
    column->setSpacing(spacing::k8);
    column->addStretch(2);
    column->addWidget(m_badge, 0, Qt::AlignHCenter);
    column->addSpacing(spacing::k4);
    column->addWidget(m_title);
    auto *textRow = new QHBoxLayout;
    textRow->addStretch(1);
    textRow->addWidget(m_text, 1000);
    textRow->addStretch(1);
    column->addLayout(textRow);
    column->addSpacing(spacing::k4);
    column->addWidget(m_act, 0, Qt::AlignHCenter);
    column->addStretch(3);
    connect(&m_models, &ModelPickerModel::currentChanged, this, &EmptyChat::refresh);
    connect(m_act, &QPushButton::clicked, this, [this] {
        if (m_retry)
            Q_EMIT retryRequested();
        else
            Q_EMIT addModelRequested();
    });
    refresh();
}

void EmptyChat::refresh()
{
    const ModelStatus *status = m_models.currentStatus();
    m_retry = false;
    m_act->setVisible(!m_models.importing() && (!status || status->state == ModelLoadState::Failed));
    if (m_models.importing()) {
        m_badge->setIcon(Icon::Models);
        m_title->setText(tr("Reading the model file"));
        m_text->setText(tr("A closed process checks it and works out its fingerprint. The file is not copied."));
    } else if (!status) {
        m_badge->setIcon(Icon::Models);
        m_title->setText(tr("No model yet"));
        m_text->setText(
            tr("Choose a model file in the GGUF format. It runs on this computer and stays where it lies."));
        m_act->setText(tr("Choose a model file…"));
    } else if (status->state == ModelLoadState::Failed) {
        m_retry = true;
        m_badge->setIcon(isRefused(*status) ? Icon::Lock : Icon::Warning);
        m_title->setText((isRefused(*status) ? tr("%1 is not allowed by policy") : tr("%1 could not be loaded"))
                             .arg(modelName(status->model.description)));
        m_text->setText(status->error ? QString::fromStdString(status->error->message) : QString());
        m_act->setText(tr("Try again"));
    } else {
        m_badge->setIcon(Icon::Chat);
        m_title->setText(tr("What would you like to know?"));
        const QString name = modelName(status->model.description);
        m_text->setText(
            status->state == ModelLoadState::Ready
                ? tr("%1 answers on this machine. Question and answer are stored encrypted, and nothing "
                     "leaves this computer.")
                      .arg(name)
                : tr("%1 is being loaded. You can write already; the answer begins when it is ready.").arg(name));
    }
}

} // namespace tramontane::ui
