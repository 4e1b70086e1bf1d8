// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/policy_source.h"
#include "app/contracts/vault_store.h"
#include "app/services/failed_unlocks.h"
#include "app/services/lock_cause.h"
#include "app/services/missing_messages.h"

#include <QObject>

namespace tramontane {

/// Session records, listing and verification of the person's own log. Calls: the owning thread; nothing blocks.
class AuditService : public QObject {
    Q_OBJECT
public:
    AuditService(OpenVault &vault, PolicySource &policy, QObject *parent = nullptr);

    /// What openSession() is to say: the vault is opened again after a lock (`session.unlocked` instead of
    /// `session.opened`), and which attempts to open it failed before (`session.unlock_failed`).
    void noteOpening(bool again, const FailedUnlocks &failed);
    /// Writes `session.opened` and `policy.loaded` or `policy.invalid`; `policy.changed` or `policy.invalid` follow
    /// whenever the policy changes while the session is open. Errors: AuditUnavailable; reading still works.
    [[nodiscard]] Async<void> openSession();
    /// Writes `session.closed` and signs a checkpoint after it. Until the vault is closed, it has acknowledged this head.
    [[nodiscard]] Async<void> closeSession();
    /// The same with `session.locked`, which says what locked the vault.
    [[nodiscard]] Async<void> lockSession(LockCause cause);
    /// Writes `audit.messages_missing`, if there are any. Errors: AuditUnavailable.
    [[nodiscard]] Async<void> recordMissing(const MissingMessages &missing);
    [[nodiscard]] Async<std::vector<AuditRow>> list(AuditFilter filter);
    /// Verifies against the heads that vault.db acknowledged. The result is itself a record (`audit.verified` or
    /// `audit.verify_failed`); it is also handed out when that record cannot be written. Errors: AuditUnavailable when the
    /// log cannot be read.
    [[nodiscard]] Async<AuditVerification> verify(VerifyDepth depth = VerifyDepth::Usual);
    [[nodiscard]] Async<std::string> checkpoint();
    /// What a person may do about records that are lost: the log says for good which (`audit.gap`) and goes on, beginning
    /// with the records of this session. Errors: InvalidArgument when nothing is missing, AuditBroken, AuditUnavailable,
    /// those of ConversationRepository::acceptGap (the record is written; the next opening asks again).
    [[nodiscard]] Async<AuditGap> acceptGap();

private:
    [[nodiscard]] Async<void> record(AuditEvent event);
    [[nodiscard]] AuditEvent policyEvent(const std::string &name) const;
    void recordPolicy();
    [[nodiscard]] Async<void> recordLast(AuditEvent event);

    OpenVault &m_vault;
    PolicySource &m_policy;
    bool m_openedAgain = false;
    FailedUnlocks m_failed;
};

} // namespace tramontane
