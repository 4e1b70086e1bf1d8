// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/status_line.h"

#include "app/services/model_service.h"
#include "ui/models/model_picker_model.h"
#include "ui/shell/status_item.h"
#include "ui/style/numbers.h"
#include "ui/style/painting.h"
#include "ui/style/theme.h"

#include <QHBoxLayout>
#include <QPainter>

namespace tramontane::ui {
namespace {

constexpr int kRoomForModel = 860;
constexpr int kSeparator = 14;

IconText *item(QWidget *parent, Icon icon = Icon::None)
{
    auto *text = new IconText(icon, {}, TypeRole::Status, parent);
    text->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    return text;
}

} // namespace

StatusLine::StatusLine(QWidget *parent)
    : Surface(Fill::Win, Edge::Top, 0, parent), m_network(item(this, Icon::CloudOff)), m_device(item(this)),
      m_model(item(this)), m_speed(item(this)), m_disk(item(this, Icon::Clock)),
      m_log(new StatusItem(Icon::Audit, {}, this)), m_lock(new StatusItem(Icon::Lock, tr("Lock"), this))
{
    setMinimumHeight(size::kStatusLine);
    m_network->setText(tr("Offline"));
    m_network->setExplanation(tr("This version opens no network connection"));
    m_speed->setTabular(true);
    m_disk->setText(tr("Waiting for the disk"));
    m_disk->setTone(Tone::Warn);
    m_disk->setExplanation(tr("New text is shown when what came before is saved"));
    m_lock->set(Icon::Lock, tr("Lock"), Tone::Neutral, tr("Lock the vault (Ctrl+L)"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(spacing::k12, 1, spacing::k4, 0);
    row->setSpacing(2 * spacing::k12);
    for (IconText *fact : {m_network, m_device, m_model, m_speed, m_disk})
        row->addWidget(fact);
    row->addStretch();
    auto *acts = new QHBoxLayout;
    acts->setSpacing(spacing::k8);
    acts->addWidget(m_log);
    acts->addWidget(m_lock);
    row->addLayout(acts);
    for (QWidget *hidden : {m_device, m_model, m_speed, m_disk})
        hidden->hide();
    connect(m_log, &QAbstractButton::clicked, this, &StatusLine::logRequested);
    connect(m_lock, &QAbstractButton::clicked, this, &StatusLine::lockRequested);
}

void StatusLine::setModel(const ModelStatus *model)
{
    const bool ready = model && model->state == ModelLoadState::Ready && model->loaded;
    m_device->setVisible(ready);
    m_model->setVisible(model);
    if (model) {
        const QString name = modelName(model->model.description);
        m_model->setText(ready ? tr("%1 · %2", "model, quantisation")
                                     .arg(name, QString::fromStdString(model->model.description.quantisation))
                               : tr("%1 · %2", "model, state").arg(name, modelStateText(*model)));
    }
    if (ready) {
        const LoadedModel &loaded = *model->loaded;
        m_device->setDot(Tone::Ok);
        m_device->setText(loaded.layersOnDevice > 0 ? tr("%1 · %2/%3 layers", "device, layers")
                                                          .arg(QString::fromStdString(loaded.device))
                                                          .arg(loaded.layersOnDevice)
                                                          .arg(loaded.layersTotal)
                                                    : QString::fromStdString(loaded.device));
        m_device->setExplanation(QString::fromStdString(loaded.deviceReason));
    }
    fit();
}

void StatusLine::setTokensPerSecond(double speed)
{
    m_speed->setText(speed > 0 ? tr("%1 tokens/s").arg(formatDecimal(speed, 1, QLocale())) : QString());
    m_speed->setExplanation(tr("Speed of the last answer shown"));
    fit();
}

void StatusLine::setDiskWaiting(bool waiting)
{
    m_disk->setVisible(waiting);
    update();
}

void StatusLine::setLog(const LogState &log)
{
    using State = LogState::State;
    const State state = log.state();
    const bool bad = state == State::Broken || state == State::Unreadable || state == State::Unwritable;
    const Icon icon = bad                        ? Icon::Error
                      : state == State::Whole    ? Icon::ShieldCheck
                      : state == State::Checking ? Icon::Clock
                                                 : Icon::Audit;
    m_log->set(icon, log.text(), bad ? Tone::Bad : state == State::Whole ? Tone::Ok : Tone::Neutral, log.explanation());
    update();
}

void StatusLine::fit()
{
    const bool room = width() >= kRoomForModel;
    m_speed->setVisible(room && !m_speed->text().isEmpty());
    m_model->setVisible(room && !m_model->text().isEmpty());
    update();
}

void StatusLine::resizeEvent(QResizeEvent *event)
{
    Surface::resizeEvent(event);
    fit();
}

void StatusLine::paintEvent(QPaintEvent *event)
{
    Surface::paintEvent(event);
    QPainter painter(this);
    const QColor colour = Theme::of(this).tokens().line2;
    const qreal top = (height() - kSeparator) / 2.0;
    for (const IconText *fact : {m_network, m_device, m_model, m_speed, m_disk}) {
        if (fact->isVisible())
            paintVLine(painter, fact->geometry().right() + spacing::k12, top, top + kSeparator, colour);
    }
    if (m_log->isVisible())
        paintVLine(painter, m_log->geometry().right() + spacing::k4, top, top + kSeparator, colour);
}

} // namespace tramontane::ui
