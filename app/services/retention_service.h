// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/policy_source.h"
#include "app/contracts/vault_store.h"
#include "app/contracts/when_ready.h"
#include "app/core/clock.h"
#include "app/core/retention.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tramontane {

class ErasureService;

/// How long conversations are kept: holds, rules, and the runs that carry the rules out. Calls and signals: the owning
/// thread; nothing blocks. Every change is in the log before it is made.
class RetentionService : public QObject {
    Q_OBJECT
public:
    /// All outlive the service.
    RetentionService(OpenVault &vault, ErasureService &erasures, PolicySource &policy, const Clock &clock,
                     QObject *parent = nullptr);

    /// Exactly one of the two is not null. Errors: InvalidArgument, NotFound, AuditUnavailable, those of the vault.
    [[nodiscard]] Async<Hold> setHold(ConversationId conversation, FolderId folder, std::string reason);
    [[nodiscard]] Async<std::vector<Hold>> holds();
    /// Errors: NotFound, AuditUnavailable, those of the vault.
    [[nodiscard]] Async<Hold> releaseHold(HoldId hold);

    /// Errors: PolicyDenied (a rule for everything, where the administrator has set one), InvalidArgument, NotFound,
    /// AuditUnavailable, those of the vault.
    [[nodiscard]] Async<RetentionRule> setRule(FolderId folder, int days, RetentionAction action);
    [[nodiscard]] Async<std::vector<RetentionRule>> rules();
    [[nodiscard]] Async<RetentionRule> removeRule(RetentionRuleId rule);
    /// The limits in force: policy, then the person's setting, then the default.
    [[nodiscard]] Async<RetentionLimits> limits();
    /// Errors: PolicyDenied, InvalidArgument (not 0 to 36500), AuditUnavailable, those of the vault.
    [[nodiscard]] Async<void> setBinDays(int days);

    /// Carries out what is due and stores a report; a dry run only says what it would do. A run that finds nothing leaves
    /// nothing behind. Errors: PolicyInvalid (the policy cannot be trusted: nothing is removed by rule), AuditUnavailable
    /// (nothing was removed), those of the vault. What failed for single conversations is in the report.
    [[nodiscard]] Async<RetentionReport> run(bool dryRun, RetentionReport::Cause cause);
    /// Newest first.
    [[nodiscard]] Async<std::vector<RetentionReport>> reports(int limit);

    /// After opening: a run now, if the last one is a day old, and one each day from then on.
    void start();
    /// Ready when no run is under way, at the latest after `mostMs`.
    [[nodiscard]] Async<void> settled(int mostMs);

Q_SIGNALS:
    /// A run that nobody asked for did something, or a hold kept something from it.
    void ran(const tramontane::RetentionReport &report);

private:
    struct Running;
    using RunningPtr = std::shared_ptr<Running>;

    [[nodiscard]] Async<void> record(const std::string &event, std::optional<AuditObject> object,
                                     std::vector<std::string> flags, Outcome outcome = Outcome::Success);
    template <class T>
    [[nodiscard]] Async<T> recorded(const std::string &event, AuditObject object, std::function<Async<T>()> change);
    void runIfDue(RetentionReport::Cause cause);
    void carryOut(const RunningPtr &running, const RetentionFacts &facts, const RetentionLimits &limits);
    void eraseDue(const RunningPtr &running);
    void finishRun(const RunningPtr &running);
    void ended();

    OpenVault &m_vault;
    ErasureService &m_erasures;
    PolicySource &m_policy;
    const Clock &m_clock;
    QTimer m_daily;
    int m_running = 0;
    std::vector<Deferred<void>> m_waiting;
};

} // namespace tramontane
