// SPDX-License-Identifier: Apache-2.0
#include "app/services/model_service.h"

#include "app/services/audit_records.h"
#include "app/services/model_lookup.h"
#include "app/services/recording.h"

#include <algorithm>

namespace tramontane {
namespace {

constexpr auto kDefaultSetting = "model.default";

} // namespace

ModelService::ModelService(OpenVault &vault, InferenceProvider &provider, ModelInspector &inspector,
                           PolicySource &policy, const Clock &clock, QObject *parent)
    : QObject(parent), m_vault(vault), m_provider(provider), m_inspector(inspector), m_policy(policy), m_clock(clock),
      m_usage(clock)
{
    connect(&m_provider, &InferenceProvider::loadProgress, this, [this](ModelId id, double fraction) {
        const auto found = m_models.find(id);
        if (found == m_models.end() || found->second.state != ModelLoadState::Loading)
            return;
        found->second.progress = fraction;
        Q_EMIT modelsChanged();
    });
    connect(&m_provider, &InferenceProvider::workerStopped, this, &ModelService::workerStopped);
    connect(&m_provider, &InferenceProvider::workerReady, this, &ModelService::workerReady);
    connect(&m_idleTimer, &QTimer::timeout, this, &ModelService::unloadIdle);
}

Async<void> ModelService::start()
{
    const auto setting = m_vault.settings().read(kDefaultSetting);
    return andThen(this, setting, [this](const std::string &id) {
        m_default = id;
        return andThen(this, m_vault.models().list(), [this](const std::vector<ModelRef> &models) {
            for (const ModelRef &model : models)
                show(model);
            Q_EMIT modelsChanged();
            return readIdleMinutes();
        });
    });
}

std::vector<ModelStatus> ModelService::models() const
{
    std::vector<ModelStatus> all;
    for (const auto &[id, status] : m_models)
        all.push_back(status);
    std::sort(all.begin(), all.end(), [](const ModelStatus &a, const ModelStatus &b) {
        return std::tie(a.model.description.name, a.model.id) < std::tie(b.model.description.name, b.model.id);
    });
    return all;
}

Result<ModelRef> ModelService::resolve(const std::string &text) const
{
    std::vector<ModelRef> refs;
    for (const ModelStatus &status : models())
        refs.push_back(status.model);
    return findModel(refs, text);
}

Result<ModelRef> ModelService::defaultModel(ModelKind kind) const
{
    const std::vector<ModelStatus> all = models();
    for (const ModelStatus &status : all) {
        if (status.model.description.kind == kind && status.model.id.text() == m_default)
            return status.model;
    }
    for (const ModelStatus &status : all) {
        if (status.model.description.kind == kind)
            return status.model;
    }
    return Error{ErrorCode::ModelNotFound,
                 kind == ModelKind::Chat        ? "There is no chat model yet. Import a GGUF file first."
                 : kind == ModelKind::Embedding ? "There is no embedding model yet. Import one first."
                                                : "There is no reranker yet. Import one first.",
                 {}};
}

void ModelService::setDefaultModel(ModelId id)
{
    m_default = id.text();
    whenReady(this, m_vault.settings().write(kDefaultSetting, m_default),
              [this](const Status &) { Q_EMIT modelsChanged(); });
}

Async<void> ModelService::remove(ModelId id)
{
    const auto found = m_models.find(id);
    if (found == m_models.end())
        return ready<void>(notInCatalogue());
    AuditEvent event = records::event("model.removed", Outcome::Success, m_policy.current());
    event.ai = records::localAi(found->second.model.description);
    event.object = records::object("model", id.text());
    return andThen(this, appendRecord(this, m_vault, std::move(event)), [this, id](const AuditHead &) {
        unload(id);
        return andThen(this, m_vault.models().remove(id), [this, id] {
            m_models.erase(id);
            Q_EMIT modelsChanged();
            return ready<void>({});
        });
    });
}

} // namespace tramontane
