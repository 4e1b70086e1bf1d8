// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/inference_provider.h"
#include "app/contracts/policy_source.h"
#include "app/contracts/vault_store.h"

#include <QObject>

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
                 QObject *parent = nullptr);

    /// Reads the catalogue from the vault; models() is filled when the answer is ready.
    [[nodiscard]] Async<void> start();
    /// Inspects the file in the sandbox, then adds it. The file stays where it is.
    /// Errors: PolicyDenied, AuditUnavailable, and those of ModelInspector.
    [[nodiscard]] Async<ModelRef> importFile(std::string path);
    [[nodiscard]] std::vector<ModelStatus> models() const;
    /// By id, by exact name, or by a unique beginning of the name or SHA-256. Errors: ModelNotFound (message lists what is there).
    [[nodiscard]] Result<ModelRef> resolve(const std::string &text) const;
    /// The default for chat: the setting, else the first chat model. Errors: ModelNotFound.
    [[nodiscard]] Result<ModelRef> defaultModel(ModelKind kind) const;
    void setDefaultModel(ModelId id);
    /// Errors: PolicyDenied, AuditUnavailable, those of InferenceProvider::load.
    [[nodiscard]] Async<LoadedModel> load(ModelId id, LoadOptions options = {});
    void unload(ModelId id);
    [[nodiscard]] Async<void> remove(ModelId id);

Q_SIGNALS:
    /// A model was added, removed, or its state or progress changed.
    void modelsChanged();

private:
    void setState(ModelId id, ModelLoadState state, std::optional<Error> error = std::nullopt);

    OpenVault &m_vault;
    InferenceProvider &m_provider;
    ModelInspector &m_inspector;
    PolicySource &m_policy;
    std::map<ModelId, ModelStatus> m_models;
    std::string m_default;
};

} // namespace tramontane
