// SPDX-License-Identifier: Apache-2.0
// Also the part of ModelService that sets files aside.
#include "app/services/model_quarantine.h"

#include "app/contracts/when_ready.h"
#include "app/services/audit_records.h"
#include "app/services/model_service.h"
#include "app/services/recording.h"

#include <QFileInfo>

#include <utility>

namespace tramontane {
namespace {

std::string fileName(const std::string &path)
{
    return QFileInfo(QString::fromStdString(path)).fileName().toStdString();
}

} // namespace

bool speaksAgainstTheFile(ErrorCode code) noexcept
{
    switch (code) {
    case ErrorCode::ModelNotGguf:
    case ErrorCode::ModelTruncated:
    case ErrorCode::ModelChanged:
    case ErrorCode::ModelCrashes: return true;
    default: return false;
    }
}

Error quarantined(const ModelRef &model)
{
    return {ErrorCode::ModelQuarantined,
            fileName(model.path) + " has been set aside and is not loaded: " + model.quarantine
                + " When you trust the file, import it again, or have it checked (tramontanectl model verify).",
            model.path};
}

Error aboutFile(const std::string &path, const Error &error)
{
    return {error.code, fileName(path) + ": " + error.message, error.detail};
}

/// As the catalogue has it. What has been set aside stays visible, with the reason.
void ModelService::show(const ModelRef &model)
{
    ModelStatus &status = m_models[model.id];
    const bool wasAside = !status.model.quarantine.empty();
    status.model = model;
    if (!model.quarantine.empty())
        change(status, ModelLoadState::Failed, quarantined(model));
    else if (wasAside)
        change(status, ModelLoadState::Unloaded);
}

void ModelService::quarantine(const ModelRef &model, const Error &error, const std::string &corr)
{
    AuditEvent event = records::event("model.quarantined", Outcome::Success, m_policy.current());
    event.severity = 4;
    event.corr = corr;
    event.ai = records::localAi(model.description);
    event.object = records::object("model", model.id.text());
    event.flags.push_back(records::errorFlag(error));
    // Setting aside is never refused, whether or not this can be recorded.
    (void)appendRecord(this, m_vault, std::move(event));
    if (const auto found = m_models.find(model.id);
        found != m_models.end() && found->second.state == ModelLoadState::Ready) {
        m_provider.unload(model.id);
        m_usage.forget(model.id);
    }
    keepQuarantine(model.id, error.message);
}

void ModelService::keepQuarantine(ModelId id, std::string reason)
{
    const auto found = m_models.find(id);
    if (found == m_models.end() || found->second.model.quarantine == reason)
        return;
    ModelRef model = found->second.model;
    model.quarantine = std::move(reason);
    show(model);
    Q_EMIT modelsChanged();
    // Where it cannot be kept, it holds until the program ends; then the file is looked at again when it is loaded.
    (void)m_vault.models().store(model);
}

} // namespace tramontane
