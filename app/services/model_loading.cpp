// SPDX-License-Identifier: Apache-2.0
// The part of ModelService that puts models to work, and what becomes of them.
#include "app/services/audit_records.h"
#include "app/services/model_lookup.h"
#include "app/services/model_quarantine.h"
#include "app/services/model_service.h"
#include "app/services/recording.h"

#include <algorithm>

namespace tramontane {
namespace {

/// Whether what was loaded with `used` serves who wants `wanted`: the default options fit all that answer alike, and
/// further adapters do nothing by themselves.
bool serves(const LoadOptions &used, const LoadOptions &wanted)
{
    LoadOptions usedPlain = used;
    LoadOptions wantedPlain = wanted;
    usedPlain.adapters.clear();
    wantedPlain.adapters.clear();
    const bool any = wantedPlain == LoadOptions{} && used.pooling == wanted.pooling;
    return (any || wantedPlain == usedPlain)
           && std::all_of(wanted.adapters.begin(), wanted.adapters.end(), [&](const AdapterFile &adapter) {
                  return std::find(used.adapters.begin(), used.adapters.end(), adapter) != used.adapters.end();
              });
}

bool namesOtherFiles(const LoadOptions &options)
{
    return !options.adapters.empty() || !options.draftPath.empty() || !options.projectorPath.empty();
}

/// A file that came with the question may be to blame, and of a crash also the options: a context that is too long.
bool isFaultOfTheFile(ErrorCode code, const LoadOptions &options)
{
    const bool byOptions = code == ErrorCode::ModelCrashes && options != LoadOptions{};
    return speaksAgainstTheFile(code) && !byOptions && !namesOtherFiles(options);
}

Error unloadedMeanwhile()
{
    return {ErrorCode::Cancelled, "The model was unloaded.", {}};
}

} // namespace

std::optional<Async<LoadedModel>> ModelService::alreadyAnswered(const ModelStatus &status, const LoadOptions &options)
{
    const ModelId id = status.model.id;
    if (const auto pending = m_pendingLoads.find(id); pending != m_pendingLoads.end()) {
        if (serves(pending->second.options, options))
            return pending->second.answer.future();
        return ready<LoadedModel>(Error{
            ErrorCode::EngineBusy, "This model is just being loaded with other options. Wait until it is ready.", {}});
    }
    if (status.state == ModelLoadState::Ready && status.loaded && serves(m_usedOptions[id], options))
        return ready<LoadedModel>(*status.loaded);
    return std::nullopt;
}

Async<LoadedModel> ModelService::load(ModelId id, LoadOptions options)
{
    const auto found = m_models.find(id);
    if (found == m_models.end())
        return ready<LoadedModel>(notInCatalogue());
    const ModelRef &model = found->second.model;
    if (!model.quarantine.empty())
        return ready<LoadedModel>(quarantined(model));
    const PolicyDecision decision = mayUseModel(m_policy.current(), model.description.sha256);
    if (!decision.allowed) {
        const Error error = records::denied(decision, "Not loaded");
        AuditEvent event = records::decided("model.rejected", Outcome::Denied, m_policy.current(), decision);
        event.ai = records::localAi(model.description);
        event.object = records::object("model", id.text());
        setState(id, ModelLoadState::Failed, error);
        Deferred<LoadedModel> answer;
        whenReady(this, appendRecord(this, m_vault, std::move(event)),
                  [answer, error](const Result<AuditHead> &) { answer.resolve(error); });
        return answer.future();
    }
    if (const auto known = alreadyAnswered(found->second, options))
        return *known;
    // A worker that is being started again after a crash comes back with the options that it had.
    const bool restarting = found->second.state == ModelLoadState::Loading && serves(m_usedOptions[id], options);
    beginLoad(model, restarting ? m_usedOptions[id] : options, decision);
    return m_pendingLoads.at(id).answer.future();
}

void ModelService::beginLoad(const ModelRef &model, const LoadOptions &options, const PolicyDecision &decision)
{
    m_pendingLoads[model.id].options = options;
    setState(model.id, ModelLoadState::Loading);
    AuditEvent event = records::decided("model.loaded", Outcome::Unknown, m_policy.current(), decision);
    event.corr = AttemptId::make(m_clock.utcMs()).text();
    event.ai = records::localAi(model.description);
    event.object = records::object("model", model.id.text());
    const std::string corr = event.corr;
    const auto recorded = appendRecord(this, m_vault, std::move(event));
    const auto loaded = andThen(this, recorded, [this, model, options](const AuditHead &) {
        return m_pendingLoads.at(model.id).unwanted ? ready<LoadedModel>(unloadedMeanwhile())
                                                    : m_provider.load(model, options);
    });
    whenReady(this, loaded, [this, model, corr](const Result<LoadedModel> &result) { endLoad(model, corr, result); });
}

void ModelService::endLoad(const ModelRef &model, const std::string &corr, const Result<LoadedModel> &result)
{
    const PendingLoad pending = m_pendingLoads.extract(model.id).mapped();
    if (pending.unwanted) {
        setState(model.id, ModelLoadState::Unloaded);
        return pending.answer.resolve(unloadedMeanwhile());
    }
    if (result) {
        m_usedOptions[model.id] = pending.options;
        AuditEvent event = records::event("model.loaded", Outcome::Success, m_policy.current());
        event.corr = corr;
        event.ai = records::localAi(model.description);
        event.object = records::object("model", model.id.text());
        // The act itself has its record already; that this one cannot be written changes nothing for the person.
        (void)appendRecord(this, m_vault, std::move(event));
        if (const auto found = m_models.find(model.id); found != m_models.end())
            found->second.loaded = *result;
        m_usage.touch(model.id);
        setState(model.id, ModelLoadState::Ready);
    } else if (result.error().code == ErrorCode::Cancelled) {
        setState(model.id, ModelLoadState::Unloaded);
    } else {
        if (!meansNoRecord(result.error().code))
            recordRejected(corr, &model.description, result.error());
        if (isFaultOfTheFile(result.error().code, pending.options))
            quarantine(model, result.error(), corr);
        else
            setState(model.id, ModelLoadState::Failed, result.error());
    }
    pending.answer.resolve(result);
}

void ModelService::unload(ModelId id)
{
    const auto found = m_models.find(id);
    if (found == m_models.end() || found->second.state == ModelLoadState::Unloaded)
        return;
    AuditEvent event = records::event("model.unloaded", Outcome::Success, m_policy.current());
    event.ai = records::localAi(found->second.model.description);
    event.object = records::object("model", id.text());
    // Giving memory back is never refused, whether or not this can be recorded.
    (void)appendRecord(this, m_vault, std::move(event));
    // A load whose record is still being written has not reached the provider yet.
    if (const auto pending = m_pendingLoads.find(id); pending != m_pendingLoads.end())
        pending->second.unwanted = true;
    m_provider.unload(id);
    m_usage.forget(id);
    setState(id, ModelLoadState::Unloaded);
}

/// Whether another file has been imported in its place.
bool ModelService::isReplaced(const ModelRef &model) const
{
    const auto found = m_models.find(model.id);
    return found != m_models.end() && found->second.model.description.sha256 != model.description.sha256;
}

void ModelService::unloadAll()
{
    for (const ModelStatus &status : models()) {
        if (status.state == ModelLoadState::Ready || status.state == ModelLoadState::Loading)
            unload(status.model.id);
    }
}

void ModelService::workerStopped(ModelId id, const Error &error)
{
    const auto found = m_models.find(id);
    if (found == m_models.end())
        return;
    AuditEvent event = records::event("model.worker_crashed", Outcome::Failure, m_policy.current());
    event.severity = 3;
    event.ai = records::localAi(found->second.model.description);
    event.object = records::object("model", id.text());
    event.flags.push_back(records::errorFlag(error));
    (void)appendRecord(this, m_vault, std::move(event));
    if (m_pendingLoads.contains(id))
        return;
    // Any other reason means that the provider has given up on this model.
    const bool restarting = error.code == ErrorCode::EngineStopped;
    setState(id, restarting ? ModelLoadState::Loading : ModelLoadState::Failed, error);
}

void ModelService::workerReady(ModelId id, const LoadedModel &loaded)
{
    const auto found = m_models.find(id);
    if (found == m_models.end() || m_pendingLoads.contains(id))
        return;
    found->second.loaded = loaded;
    setState(id, ModelLoadState::Ready);
}

void ModelService::setState(ModelId id, ModelLoadState state, std::optional<Error> error)
{
    const auto found = m_models.find(id);
    if (found == m_models.end())
        return;
    change(found->second, state, std::move(error));
    Q_EMIT modelsChanged();
}

void ModelService::change(ModelStatus &status, ModelLoadState state, std::optional<Error> error)
{
    status.state = state;
    status.error = std::move(error);
    status.progress = 0;
    if (state == ModelLoadState::Unloaded || state == ModelLoadState::Failed)
        status.loaded.reset();
}

} // namespace tramontane
