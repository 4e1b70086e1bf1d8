// SPDX-License-Identifier: Apache-2.0
#include "app/services/audit_service.h"

#include "app/contracts/when_ready.h"
#include "app/services/audit_records.h"
#include "app/services/recording.h"

#include <utility>

namespace tramontane {

AuditService::AuditService(OpenVault &vault, PolicySource &policy, QObject *parent)
    : QObject(parent), m_vault(vault), m_policy(policy)
{
}

Async<void> AuditService::record(AuditEvent event)
{
    return andThen(this, appendRecord(this, m_vault, std::move(event)),
                   [](const AuditHead &) { return ready<void>({}); });
}

AuditEvent AuditService::policyEvent(const std::string &name) const
{
    const EffectivePolicy &policy = m_policy.current();
    const bool invalid = policy.mode == PolicyMode::Invalid;
    AuditEvent event =
        records::event(invalid ? "policy.invalid" : name, invalid ? Outcome::Failure : Outcome::Success, policy);
    event.severity = invalid ? 4 : 1;
    event.object = records::object("policy", {});
    return event;
}

void AuditService::recordPolicy()
{
    (void)record(policyEvent("policy.changed"));
}

void AuditService::noteOpening(bool again, const FailedUnlocks &failed)
{
    m_openedAgain = again;
    m_failed = failed;
}

Async<void> AuditService::openSession()
{
    for (const auto &[kind, attempts] : std::exchange(m_failed, {})) {
        AuditEvent failed = records::event("session.unlock_failed", Outcome::Failure, m_policy.current());
        failed.severity = 3;
        failed.object = records::object("vault", m_vault.vaultId());
        failed.flags = {kind, "attempts_" + std::to_string(attempts)};
        // Ahead of the opening in the log's queue; when this one cannot be written, that one cannot either.
        (void)record(std::move(failed));
    }
    AuditEvent opened =
        records::event(m_openedAgain ? "session.unlocked" : "session.opened", Outcome::Success, m_policy.current());
    opened.object = records::object("vault", m_vault.vaultId());
    return andThen(this, record(std::move(opened)), [this] {
        // From now on a policy that changes while the vault is open is a record of its own.
        connect(&m_policy, &PolicySource::changed, this, &AuditService::recordPolicy, Qt::UniqueConnection);
        return record(policyEvent("policy.loaded"));
    });
}

Async<void> AuditService::closeSession()
{
    AuditEvent closed = records::event("session.closed", Outcome::Success, m_policy.current());
    closed.object = records::object("vault", m_vault.vaultId());
    return recordLast(std::move(closed));
}

Async<void> AuditService::lockSession(LockCause cause)
{
    AuditEvent locked = records::event("session.locked", Outcome::Success, m_policy.current());
    locked.object = records::object("vault", m_vault.vaultId());
    locked.flags = {std::string(lockCauseName(cause))};
    return recordLast(std::move(locked));
}

Async<void> AuditService::recordLast(AuditEvent event)
{
    return andThen(this, record(std::move(event)), [this] {
        return andThen(this, m_vault.audit().checkpoint(), [](const std::string &) { return ready<void>({}); });
    });
}

Async<void> AuditService::recordMissing(const MissingMessages &missing)
{
    if (missing.count == 0)
        return ready<void>({});
    AuditEvent event = records::event("audit.messages_missing", Outcome::Failure, m_policy.current());
    event.severity = 4;
    event.object = records::object("message", missing.first);
    event.flags = {"missing_" + std::to_string(missing.count)};
    return record(std::move(event));
}

Async<std::vector<AuditRow>> AuditService::list(AuditFilter filter)
{
    return m_vault.audit().list(std::move(filter));
}

Async<AuditVerification> AuditService::verify(VerifyDepth depth)
{
    const auto verified =
        andThen(this, m_vault.conversations().knownAuditHeads(),
                [this, depth](const std::vector<AuditHead> &heads) { return m_vault.audit().verify(heads, depth); });
    return andThen(this, verified, [this](const AuditVerification &result) {
        AuditEvent event = records::event(result.whole() ? "audit.verified" : "audit.verify_failed",
                                          result.whole() ? Outcome::Success : Outcome::Failure, m_policy.current());
        event.severity = result.whole() ? 1 : 5;
        Deferred<AuditVerification> answer;
        // The finding is handed out even when it cannot be recorded: a log that cannot be written must be readable.
        whenReady(this, record(std::move(event)), [answer, result](const Status &) { answer.resolve(result); });
        return answer.future();
    });
}

Async<std::string> AuditService::checkpoint()
{
    return m_vault.audit().checkpoint();
}

Async<AuditGap> AuditService::acceptGap()
{
    const AuditPolicy policy = records::event("audit.gap", Outcome::Failure, m_policy.current()).policy;
    return andThen(this, m_vault.audit().acceptGap(policy), [this](const AcceptedGap &accepted) {
        const auto told = m_vault.conversations().acceptGap(accepted.gap.after, accepted.head);
        return andThen(this, told, [this, gap = accepted.gap] {
            Deferred<AuditGap> answer;
            // The session could not be recorded when it began. Whether it can be now is not what was asked.
            whenReady(this, openSession(), [answer, gap](const Status &) { answer.resolve(gap); });
            return answer.future();
        });
    });
}

} // namespace tramontane
