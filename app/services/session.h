// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/services/attachment_service.h"
#include "app/services/audit_service.h"
#include "app/services/backup_schedule.h"
#include "app/services/chat_service.h"
#include "app/services/conversation_service.h"
#include "app/services/embedding_service.h"
#include "app/services/erasure_service.h"
#include "app/services/lock_cause.h"
#include "app/services/missing_messages.h"
#include "app/services/model_service.h"
#include "app/services/reranking_service.h"
#include "app/services/retention_service.h"
#include "app/services/setting_service.h"
#include "app/services/slot_watch.h"

#include <QObject>

#include <memory>

namespace tramontane {

/// How a session begins, as the log tells it.
struct SessionOpening {
    bool again = false; // the vault was locked before in this run of the program
    FailedUnlocks failed{};
    bool stays = false; // the program stays open: backups are made when they are due
};

/// Everything that needs an open vault, made at unlocking and destroyed at locking. Calls: the owning thread.
class Session : public QObject {
    Q_OBJECT
public:
    Session(std::shared_ptr<OpenVault> vault, InferenceProvider &provider, ModelInspector &inspector,
            PolicySource &policy, const Clock &clock, EnergyProbe *energy = nullptr, QObject *parent = nullptr);
    ~Session() override;

    /// Comparison of the newest records with the vault, session record, settings, ways to open the vault, catalogue,
    /// recovery of leftovers, erasures that a crash interrupted, in this order; what retention demands is then done in the
    /// background. A log that cannot be written does not stop
    /// it: reading must work (`auditProblem()` then says why nothing can be asked). Errors: those of reading the vault.
    [[nodiscard]] Async<void> start(const SessionOpening &opening = {});
    /// Stops answers, waits a moment for what retention does, unloads the models, closes the session record, closes the
    /// vault. The vault is closed in any case;
    /// Errors: those of OpenVault::close.
    [[nodiscard]] Async<void> end();
    /// As end(), but in a hurry and as a lock: answers are cut off where they are, models are ended whatever they do, and
    /// what they remember is not kept. The vault is closed in any case; Errors: those of OpenVault::close and
    /// InferenceProvider::halt.
    [[nodiscard]] Async<void> lock(LockCause cause);

    [[nodiscard]] ChatService &chat() { return *m_chat; }
    [[nodiscard]] EmbeddingService &embeddings() { return *m_embeddings; }
    [[nodiscard]] RerankingService &reranking() { return *m_reranking; }
    [[nodiscard]] ConversationService &conversations() { return *m_conversations; }
    [[nodiscard]] ErasureService &erasures() { return *m_erasures; }
    [[nodiscard]] RetentionService &retention() { return *m_retention; }
    [[nodiscard]] BackupService &backups() { return *m_backups; }
    [[nodiscard]] BackupSchedule &backupSchedule() { return *m_backupSchedule; }
    [[nodiscard]] AttachmentService &attachments() { return *m_attachments; }
    [[nodiscard]] ModelService &models() { return *m_models; }
    [[nodiscard]] AuditService &audit() { return *m_audit; }
    [[nodiscard]] SettingService &settings() { return *m_settings; }
    /// What there is to say about the ways to open the vault: the alarm about the organisation's key.
    [[nodiscard]] const SlotWatch &slots() const { return *m_slots; }
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
    InferenceProvider &m_provider;
    std::unique_ptr<ModelService> m_models;
    std::unique_ptr<ChatService> m_chat;
    std::unique_ptr<EmbeddingService> m_embeddings;
    std::unique_ptr<RerankingService> m_reranking;
    std::unique_ptr<ConversationService> m_conversations;
    std::unique_ptr<AuditService> m_audit;
    std::unique_ptr<MissingMessagesSearch> m_search;
    std::unique_ptr<SettingService> m_settings;
    std::unique_ptr<SlotWatch> m_slots;
    std::unique_ptr<ErasureService> m_erasures;
    std::unique_ptr<RetentionService> m_retention;
    std::unique_ptr<AttachmentService> m_attachments;
    std::unique_ptr<BackupService> m_backups;
    std::unique_ptr<BackupSchedule> m_backupSchedule;
    bool m_stays = false;
    std::optional<Error> m_auditProblem;
    int m_recovered = 0;
    MissingMessages m_missing;
};

} // namespace tramontane
