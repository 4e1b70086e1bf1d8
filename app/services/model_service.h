// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/inference_provider.h"
#include "app/contracts/policy_source.h"
#include "app/contracts/vault_store.h"
#include "app/contracts/when_ready.h"
#include "app/core/clock.h"
#include "app/services/model_usage.h"

#include <QObject>
#include <QTimer>

#include <map>

namespace tramontane {

enum class ModelLoadState { Unloaded, Loading, Ready, Failed };

/// What the window shows of one model.
struct ModelStatus {
    ModelRef model;
    ModelLoadState state = ModelLoadState::Unloaded;
    double progress = 0; // 0-1 while Loading
    std::optional<LoadedModel> loaded;
    std::optional<Error> error;
};

/// The catalogue and what is loaded. Every import, load and refusal is an audit record, written before the act.
/// Calls and signals: the thread that owns the object.
class ModelService : public QObject {
    Q_OBJECT
public:
    ModelService(OpenVault &vault, InferenceProvider &provider, ModelInspector &inspector, PolicySource &policy,
                 const Clock &clock, QObject *parent = nullptr);

    /// Reads the catalogue from the vault; models() is filled when the answer is ready.
    [[nodiscard]] Async<void> start();
    /// Inspects the file in the sandbox, then adds it, or renews the entry with the same path; where that was another file,
    /// it is unloaded. The file stays where it is. Errors: PolicyDenied, AuditUnavailable, those of ModelInspector and of ModelRepository::store; nothing is
    /// added then.
    [[nodiscard]] Async<ModelRef> importFile(std::string path);
    /// Reads an adapter's file in the sandbox, for an answer; nothing is added. The id of the answer is null. Policy is
    /// the caller's to ask. A file that is refused is recorded. Errors: those of ModelInspector; their messages speak of the adapter.
    [[nodiscard]] Async<ModelRef> readAdapter(std::string path);
    [[nodiscard]] std::vector<ModelStatus> models() const;
    /// By id, by exact name, or by a unique beginning of the name or SHA-256. Errors: ModelNotFound (message lists what is there).
    [[nodiscard]] Result<ModelRef> resolve(const std::string &text) const;
    /// The default for chat: the setting, else the first chat model. Errors: ModelNotFound.
    [[nodiscard]] Result<ModelRef> defaultModel(ModelKind kind) const;
    void setDefaultModel(ModelId id);
    /// Answers at once when the model is ready with these options, or with any of the same pooling when `options` are the
    /// default ones; more adapters than are asked for do no harm. Joins a load that is under way. Errors: PolicyDenied,
    /// AuditUnavailable, EngineBusy (being loaded with other options), ModelQuarantined (its file has been set aside),
    /// those of InferenceProvider::load. One that speaks against the file sets it aside: in the catalogue and in the log.
    [[nodiscard]] Async<LoadedModel> load(ModelId id, LoadOptions options = {});
    /// Frees the memory; answers that this model is writing end. Also possible when the log cannot be written.
    void unload(ModelId id);
    void unloadAll();
    /// Reads the whole file again, in the sandbox, and compares it with the catalogue. A file that is no longer what it
    /// was is set aside: it is not loaded again before a later look finds it as it was, or it is imported again. Errors: ModelNotFound, ModelChanged,
    /// those of ModelInspector, AuditUnavailable.
    [[nodiscard]] Async<ModelDescription> verify(ModelId id);
    /// While a copy of the answer lives, the model counts as used.
    [[nodiscard]] ModelUsage::Use use(ModelId id);
    /// After how many minutes without use a model is unloaded; 0: never. Kept in the vault; 30 at first.
    void setIdleMinutes(int minutes);
    [[nodiscard]] int idleMinutes() const { return m_idleMinutes; }
    /// Unloads what has not been used for so long. Called every half minute.
    void unloadIdle();
    /// Forgets the catalogue entry; the file stays. Errors: ModelNotFound, AuditUnavailable, those of the repository.
    [[nodiscard]] Async<void> remove(ModelId id);

Q_SIGNALS:
    /// A model was added, removed, or its state or progress changed.
    void modelsChanged();

private:
    /// A load that has not been answered yet, and everybody who waits for it.
    struct PendingLoad {
        LoadOptions options;
        Deferred<LoadedModel> answer;
        bool unwanted = false; // unloaded before it was loaded
    };

    [[nodiscard]] std::optional<Async<LoadedModel>> alreadyAnswered(const ModelStatus &status,
                                                                    const LoadOptions &options);
    void beginLoad(const ModelRef &model, const LoadOptions &options, const PolicyDecision &decision);
    [[nodiscard]] bool isReplaced(const ModelRef &model) const;
    void endLoad(const ModelRef &model, const std::string &corr, const Result<LoadedModel> &result);
    [[nodiscard]] Async<ModelRef> addInspected(const std::string &path, const ModelDescription &description);
    void show(const ModelRef &model);
    void quarantine(const ModelRef &model, const Error &error, const std::string &corr);
    void keepQuarantine(ModelId id, std::string reason);
    void recordRejected(const std::string &corr, const ModelDescription *model, const Error &error);
    void workerStopped(ModelId id, const Error &error);
    void workerReady(ModelId id, const LoadedModel &loaded);
    void setState(ModelId id, ModelLoadState state, std::optional<Error> error = std::nullopt);
    /// The same without telling anybody.
    static void change(ModelStatus &status, ModelLoadState state, std::optional<Error> error = std::nullopt);
    void applyIdleMinutes(int minutes);
    [[nodiscard]] Async<void> readIdleMinutes();

    OpenVault &m_vault;
    InferenceProvider &m_provider;
    ModelInspector &m_inspector;
    PolicySource &m_policy;
    const Clock &m_clock;
    std::map<ModelId, ModelStatus> m_models;
    std::map<ModelId, LoadOptions> m_usedOptions;
    std::map<ModelId, PendingLoad> m_pendingLoads;
    std::string m_default;
    ModelUsage m_usage;
    QTimer m_idleTimer;
    int m_idleMinutes = 30;
};

} // namespace tramontane
