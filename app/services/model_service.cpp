// SPDX-License-Identifier: Apache-2.0
#include "app/services/model_service.h"

#include "app/services/audit_records.h"
#include "app/services/model_lookup.h"

#include <QFileInfo>

#include <algorithm>

namespace tramontane {
namespace {

constexpr auto kDefaultSetting = "model.default";

bool same(const LoadOptions &a, const LoadOptions &b)
{
    return a.contextTokens == b.contextTokens && a.threads == b.threads && a.batchTokens == b.batchTokens
           && a.ubatchTokens == b.ubatchTokens && a.flashAttention == b.flashAttention;
}

Error notInCatalogue()
{
    return Error{ErrorCode::ModelNotFound, "This model is not in the catalogue. Import its file first.", {}};
}

std::string modelPath(const std::string &path)
{
    const QFileInfo file(QString::fromStdString(path));
    const QString canonical = file.canonicalFilePath();
    return (canonical.isEmpty() ? file.absoluteFilePath() : canonical).toStdString();
}

} // namespace

ModelService::ModelService(OpenVault &vault, InferenceProvider &provider, ModelInspector &inspector,
                           PolicySource &policy, const Clock &clock, QObject *parent)
    : QObject(parent), m_vault(vault), m_provider(provider), m_inspector(inspector), m_policy(policy), m_clock(clock)
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
}

Async<void> ModelService::start()
{
    const auto setting = m_vault.settings().read(kDefaultSetting);
    return andThen(this, setting, [this](const std::string &id) {
        m_default = id;
        return andThen(this, m_vault.models().list(), [this](const std::vector<ModelRef> &models) {
            for (const ModelRef &model : models)
                m_models[model.id].model = model;
            Q_EMIT modelsChanged();
            return ready<void>({});
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
                 kind == ModelKind::Chat ? "There is no chat model yet. Import a GGUF file first."
                                         : "There is no embedding model yet. Import one first.",
                 {}};
}

void ModelService::setDefaultModel(ModelId id)
{
    m_default = id.text();
    whenReady(this, m_vault.settings().write(kDefaultSetting, m_default), [this](const Status &) { Q_EMIT modelsChanged(); });
}

Async<void> ModelService::remove(ModelId id)
{
    const auto found = m_models.find(id);
    if (found == m_models.end())
        return ready<void>(notInCatalogue());
    AuditEvent event = records::event("model.removed", Outcome::Success, m_policy.current());
    event.ai = records::localAi(found->second.model.description);
    event.object = records::object("model", id.text());
    return andThen(this, m_vault.audit().append(std::move(event)), [this, id](const AuditHead &) {
        unload(id);
        return andThen(this, m_vault.models().remove(id), [this, id] {
            m_models.erase(id);
            Q_EMIT modelsChanged();
            return ready<void>({});
        });
    });
}

Async<ModelRef> ModelService::importFile(std::string path)
{
    const std::string corr = AttemptId::make(m_clock.utcMs()).text();
    if (const PolicyDecision decision = mayImportModel(m_policy.current()); !decision.allowed) {
        AuditEvent event = records::decided("model.rejected", Outcome::Denied, m_policy.current(), decision);
        event.corr = corr;
        const Error error = records::denied(decision, "Not imported");
        Deferred<ModelRef> answer;
        whenReady(this, m_vault.audit().append(std::move(event)),
                  [answer, error](const Result<AuditHead> &) { answer.resolve(error); });
        return answer.future();
    }
    const std::string file = modelPath(path);
    Deferred<ModelRef> answer;
    whenReady(this, m_inspector.inspect(file), [this, file, corr, answer](const Result<ModelDescription> &description) {
        if (!description) {
            recordRejected(corr, nullptr, description.error());
            return answer.resolve(description.error());
        }
        whenReady(this, addInspected(file, *description), [answer](Result<ModelRef> added) { answer.resolve(std::move(added)); });
    });
    return answer.future();
}

Async<ModelRef> ModelService::addInspected(const std::string &path, const ModelDescription &description)
{
    ModelRef model{ModelId::make(m_clock.utcMs()), path, description, m_clock.utcMs()};
    for (const auto &[id, status] : m_models) {
        if (status.model.path == path)
            model.id = id;
    }
    AuditEvent event = records::event("model.imported", Outcome::Success, m_policy.current());
    event.corr = AttemptId::make(m_clock.utcMs()).text();
    event.ai = records::localAi(description);
    event.object = records::object("model", model.id.text());
    event.object->bytes = description.fileBytes;
    const std::string corr = event.corr;
    return andThen(this, m_vault.audit().append(std::move(event)), [this, model, corr](const AuditHead &) {
        Deferred<ModelRef> answer;
        whenReady(this, m_vault.models().store(model), [this, model, corr, answer](const Status &stored) {
            if (!stored) {
                recordRejected(corr, &model.description, stored.error());
                return answer.resolve(stored.error());
            }
            m_models[model.id].model = model;
            Q_EMIT modelsChanged();
            answer.resolve(model);
        });
        return answer.future();
    });
}

std::optional<Async<LoadedModel>> ModelService::alreadyAnswered(const ModelStatus &status, const LoadOptions &options)
{
    const ModelId id = status.model.id;
    const bool any = same(options, LoadOptions{});
    if (const auto pending = m_pendingLoads.find(id); pending != m_pendingLoads.end()) {
        if (any || same(pending->second.options, options))
            return pending->second.answer.future();
        return ready<LoadedModel>(Error{ErrorCode::EngineBusy,
                                        "This model is just being loaded with other options. Wait until it is ready.", {}});
    }
    if (status.state == ModelLoadState::Ready && status.loaded && (any || same(m_usedOptions[id], options)))
        return ready<LoadedModel>(*status.loaded);
    return std::nullopt;
}

Async<LoadedModel> ModelService::load(ModelId id, LoadOptions options)
{
    const auto found = m_models.find(id);
    if (found == m_models.end())
        return ready<LoadedModel>(notInCatalogue());
    const ModelRef &model = found->second.model;
    const PolicyDecision decision = mayUseModel(m_policy.current(), model.description.sha256);
    if (!decision.allowed) {
        const Error error = records::denied(decision, "Not loaded");
        AuditEvent event = records::decided("model.rejected", Outcome::Denied, m_policy.current(), decision);
        event.ai = records::localAi(model.description);
        event.object = records::object("model", id.text());
        setState(id, ModelLoadState::Failed, error);
        Deferred<LoadedModel> answer;
        whenReady(this, m_vault.audit().append(std::move(event)),
                  [answer, error](const Result<AuditHead> &) { answer.resolve(error); });
        return answer.future();
    }
    if (const auto known = alreadyAnswered(found->second, options))
        return *known;
    // A worker that is being started again after a crash comes back with the options that it had.
    const bool restarting = found->second.state == ModelLoadState::Loading && same(options, LoadOptions{});
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
    const auto recorded = m_vault.audit().append(std::move(event));
    const auto loaded = andThen(this, recorded, [this, model, options](const AuditHead &) {
        return m_provider.load(model, options);
    });
    whenReady(this, loaded, [this, model, corr](const Result<LoadedModel> &result) { endLoad(model, corr, result); });
}

void ModelService::endLoad(const ModelRef &model, const std::string &corr, const Result<LoadedModel> &result)
{
    const PendingLoad pending = m_pendingLoads.extract(model.id).mapped();
    if (result) {
        m_usedOptions[model.id] = pending.options;
        AuditEvent event = records::event("model.loaded", Outcome::Success, m_policy.current());
        event.corr = corr;
        event.ai = records::localAi(model.description);
        event.object = records::object("model", model.id.text());
        // The act itself has its record already; that this one cannot be written changes nothing for the person.
        (void)m_vault.audit().append(std::move(event));
        if (const auto found = m_models.find(model.id); found != m_models.end())
            found->second.loaded = *result;
        setState(model.id, ModelLoadState::Ready);
    } else if (result.error().code == ErrorCode::Cancelled) {
        setState(model.id, ModelLoadState::Unloaded);
    } else {
        if (result.error().code != ErrorCode::AuditUnavailable)
            recordRejected(corr, &model.description, result.error());
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
    (void)m_vault.audit().append(std::move(event));
    m_provider.unload(id);
    setState(id, ModelLoadState::Unloaded);
}

void ModelService::unloadAll()
{
    for (const ModelStatus &status : models()) {
        if (status.state == ModelLoadState::Ready || status.state == ModelLoadState::Loading)
            unload(status.model.id);
    }
}

void ModelService::recordRejected(const std::string &corr, const ModelDescription *model, const Error &error)
{
    AuditEvent event = records::event("model.rejected", Outcome::Failure, m_policy.current());
    event.severity = 3;
    event.corr = corr;
    if (model)
        event.ai = records::localAi(*model);
    event.flags.push_back(records::errorFlag(error));
    (void)m_vault.audit().append(std::move(event));
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
    (void)m_vault.audit().append(std::move(event));
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
    found->second.state = state;
    found->second.error = std::move(error);
    found->second.progress = 0;
    if (state == ModelLoadState::Unloaded || state == ModelLoadState::Failed)
        found->second.loaded.reset();
    Q_EMIT modelsChanged();
}

} // namespace tramontane
