// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/services/audit_service.h"
#include "app/services/chat_service.h"
#include "app/services/conversation_service.h"
#include "app/services/embedding_service.h"
#include "app/services/missing_messages.h"
#include "app/services/model_service.h"
#include "app/services/reranking_service.h"

#include <QObject>

#include <memory>

namespace tramontane {

/// Everything that needs an open vault, made at unlocking and destroyed at locking. Calls: the owning thread.
class Session : public QObject {
    Q_OBJECT
public:
    Session(std::shared_ptr<OpenVault> vault, InferenceProvider &provider, ModelInspector &inspector,
            PolicySource &policy, const Clock &clock, EnergyProbe *energy = nullptr, QObject *parent = nullptr);
    ~Session() override;

    /// Comparison of the newest records with the vault, session record, catalogue, recovery of leftovers, in this order. A log that cannot be written does not stop
    /// it: reading must work (`auditProblem()` then says why nothing can be asked). Errors: those of reading the vault.
    [[nodiscard]] Async<void> start();
    /// Stops answers, unloads the models, closes the session record, closes the vault. The vault is closed in any case;
    /// Errors: those of OpenVault::close.
    [[nodiscard]] Async<void> end();

    [[nodiscard]] ChatService &chat() { return *m_chat; }
    [[nodiscard]] EmbeddingService &embeddings() { return *m_embeddings; }
    [[nodiscard]] RerankingService &reranking() { return *m_reranking; }
    [[nodiscard]] ConversationService &conversations() { return *m_conversations; }
    [[nodiscard]] ModelService &models() { return *m_models; }
    [[nodiscard]] AuditService &audit() { return *m_audit; }
    [[nodiscard]] OpenVault &vault() { return *m_vault; }
    [[nodiscard]] const std::optional<Error> &auditProblem() const { return m_auditProblem; }
    /// Attempts that a crash had left open and that start() closed.
    [[nodiscard]] int recovered() const { return m_recovered; }
    /// Messages of the newest records that the vault does not hold; the log has a record of it.
    [[nodiscard]] const MissingMessages &missingMessages() const { return m_missing; }

private:
    [[nodiscard]] Async<void> openSession();
    [[nodiscard]] Async<void> finishStart();

    std::shared_ptr<OpenVault> m_vault;
    std::unique_ptr<ModelService> m_models;
    std::unique_ptr<ChatService> m_chat;
    std::unique_ptr<EmbeddingService> m_embeddings;
    std::unique_ptr<RerankingService> m_reranking;
    std::unique_ptr<ConversationService> m_conversations;
    std::unique_ptr<AuditService> m_audit;
    std::unique_ptr<MissingMessagesSearch> m_search;
    std::optional<Error> m_auditProblem;
    int m_recovered = 0;
    MissingMessages m_missing;
};

} // namespace tramontane
