// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/inference_provider.h"
#include "app/contracts/policy_source.h"
#include "app/contracts/vault_store.h"
#include "app/core/clock.h"
#include "app/services/model_service.h"

#include <QObject>

namespace tramontane {

/// Turns texts into vectors with an embedding model. Like a question, it runs only after its attempt is recorded.
/// Calls: the owning thread; nothing blocks.
class EmbeddingService : public QObject {
    Q_OBJECT
public:
    EmbeddingService(OpenVault &vault, InferenceProvider &provider, ModelService &models, PolicySource &policy,
                     const Clock &clock, QObject *parent = nullptr);

    /// One L2-normalised vector per text, in order. Errors: InvalidArgument (no text), ModelNotFound, PolicyDenied,
    /// AuditUnavailable (nothing was run), those of ModelService::load and InferenceProvider::embed.
    [[nodiscard]] Async<std::vector<std::vector<float>>> embed(ModelId model, std::vector<std::string> texts);

private:
    using Vectors = std::vector<std::vector<float>>;
    [[nodiscard]] Async<Vectors> run(const ModelRef &model, std::vector<std::string> texts, const std::string &corr);
    [[nodiscard]] AuditEvent outcomeEvent(const ModelRef &model, const std::string &corr,
                                          const Result<Vectors> &result) const;

    OpenVault &m_vault;
    InferenceProvider &m_provider;
    ModelService &m_models;
    PolicySource &m_policy;
    const Clock &m_clock;
};

} // namespace tramontane
