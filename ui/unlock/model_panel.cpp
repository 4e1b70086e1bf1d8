// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/model_panel.h"

#include "ui/style/notice.h"
#include "ui/style/numbers.h"
#include "ui/unlock/choice_card.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QVBoxLayout>

namespace tramontane::ui {
namespace {

constexpr int kRing = size::kFocusRing + size::kFocusGap;

QString parametersText(std::int64_t parameters)
{
    if (parameters >= 1'000'000'000)
        return ModelPanel::tr("%1 billion weights").arg(formatDecimal(double(parameters) / 1e9, 1, QLocale()));
    return ModelPanel::tr("%1 million weights").arg(formatCount(parameters / 1'000'000, QLocale()));
}

QString describe(const ModelDescription &model)
{
    QStringList facts;
    if (!model.quantisation.empty())
        facts << QString::fromStdString(model.quantisation);
    facts << formatBytes(model.fileBytes, QLocale());
    if (model.parameters > 0)
        facts << parametersText(model.parameters);
    facts << (model.licence.empty() ? ModelPanel::tr("licence not stated") : QString::fromStdString(model.licence));
    return facts.join(QStringLiteral(" · "));
}

} // namespace

ModelPanel::ModelPanel(FirstRunViewModel &model, QWidget *parent)
    : FirstRunPanel(tr("A model to begin with"),
                    tr("A model is a file. It runs on this computer, and the file is neither copied nor changed."),
                    parent),
      m_model(model), m_offer(new ChoiceCard(Icon::Models, {}, {}, ChoiceCard::Trailing::Radio)),
      m_starter(new ChoiceCard(Icon::Star, tr("The model that came with Tramontane"), {}, ChoiceCard::Trailing::None)),
      m_file(new ChoiceCard(Icon::File, tr("Another model file…"), tr("In the GGUF format, also from a USB stick"),
                            ChoiceCard::Trailing::None)),
      m_problem(new Notice(Tone::Bad))
{
    m_starter->setDetail({});
    auto *caption = new TextLabel(tr("Take it from"), TypeRole::UiStrong);
    caption->setContentsMargins(kRing, spacing::k16, kRing, spacing::k8 - kRing);
    auto *problemRow = new QVBoxLayout;
    problemRow->setContentsMargins(kRing, spacing::k8, kRing, 0);
    problemRow->addWidget(m_problem);
    column().addWidget(m_offer);
    column().addLayout(problemRow);
    column().addWidget(caption);
    column().addWidget(m_starter);
    column().addWidget(m_file);
    column().addStretch();
    connect(m_file, &QAbstractButton::clicked, this, &ModelPanel::chooseFile);
    connect(m_starter, &QAbstractButton::clicked, this, [this] { m_model.offerModel(m_model.starterModel()); });
    connect(m_offer, &QAbstractButton::clicked, m_offer, [this] { m_offer->setChecked(true); });
    connect(&m_model, &FirstRunViewModel::changed, this, &ModelPanel::refresh);
    refresh();
}

QWidget *ModelPanel::firstFocus() const
{
    return m_model.model() ? nullptr : m_file;
}

void ModelPanel::chooseFile()
{
    auto *dialog = new QFileDialog(this, tr("Choose a model file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Models (*.gguf)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, &m_model, &FirstRunViewModel::offerModel);
    dialog->open();
}

void ModelPanel::refresh()
{
    const auto &model = m_model.model();
    m_offer->setVisible(model.has_value() || m_model.inspecting());
    if (m_model.inspecting()) {
        m_offer->setTitle(tr("Reading the file"));
        m_offer->setDetail(tr("In a closed process that can do nothing but answer"));
        m_offer->setTrailing(ChoiceCard::Trailing::Busy);
        m_offer->setChecked(false);
    } else if (model) {
        const QString name = QString::fromStdString(model->name);
        m_offer->setTitle(name.isEmpty() ? QFileInfo(m_model.modelPath()).fileName() : name);
        m_offer->setDetail(
            m_model.offersStarter()
                ? tr("%1. Small and quick: good for a first try, not for careful work.").arg(describe(*model))
                : describe(*model),
            ElidedLabel::Colour::Secondary);
        m_offer->setTrailing(ChoiceCard::Trailing::Radio);
        m_offer->setChecked(true);
    }
    m_starter->setVisible(!m_model.starterModel().isEmpty() && !m_model.offersStarter());
    const auto &problem = m_model.modelProblem();
    m_problem->setVisible(problem.has_value());
    if (problem)
        m_problem->setText(tr("This file cannot be used"), QString::fromStdString(problem->message));
}

} // namespace tramontane::ui
