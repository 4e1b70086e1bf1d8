// SPDX-License-Identifier: Apache-2.0
#include "ui/chat/transcript_items.h"

#include "ui/models/model_picker_model.h"

#include <QCoreApplication>

#include <algorithm>

namespace tramontane::ui {
namespace {

struct TranscriptItems {
    Q_DECLARE_TR_FUNCTIONS(TranscriptItems)
};

void describeLive(MessageDisplay &display, const ModelStatus *model)
{
    if (!model)
        return;
    display.name = modelName(model->model.description);
    if (!model->loaded)
        return;
    display.device = shortDevice(*model->loaded);
    display.deviceReason = QString::fromStdString(model->loaded->deviceReason);
}

void describeStored(MessageDisplay &display, const Provenance &provenance)
{
    LoadedModel loaded;
    loaded.device = provenance.device;
    loaded.layersOnDevice = provenance.layersOnDevice;
    loaded.layersTotal = provenance.layersTotal;
    ModelDescription description;
    description.name = provenance.modelName;
    display.name = modelName(description);
    display.device = provenance.layersOnDevice > 0 ? shortDevice(loaded) : QString::fromStdString(provenance.device);
    if (provenance.usage.answerTokens > 0)
        display.usage = provenance.usage;
    display.energyMilliJoule = provenance.energyMilliJoule;
}

} // namespace

MessageDisplay messageDisplay(const ThreadEntry &entry, const ModelStatus *model, const QString &progress)
{
    MessageDisplay display;
    if (entry.message.role != Role::Assistant) {
        display.name = TranscriptItems::tr("You");
        return display;
    }
    display.name = TranscriptItems::tr("Answer");
    display.place = TranscriptItems::tr("On this machine");
    display.streaming = entry.writing;
    display.versions = std::max(1, entry.message.versions);
    display.version = std::clamp(entry.message.branchOrder + 1, 1, display.versions);
    if (entry.writing) {
        describeLive(display, model);
        display.progress = progress;
    } else if (entry.provenance) {
        describeStored(display, *entry.provenance);
    }
    return display;
}

TranscriptItem transcriptItem(const ThreadEntry &entry, const ModelStatus *model, const QString &progress)
{
    return {entry.message, messageDisplay(entry, model, progress)};
}

} // namespace tramontane::ui
