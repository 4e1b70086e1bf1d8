// SPDX-License-Identifier: Apache-2.0
#include "app/services/retention_service.h"

#include "app/services/audit_records.h"
#include "app/services/erasure_service.h"
#include "app/services/recording.h"

#include <algorithm>
#include <charconv>

namespace tramontane {

namespace {

constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;
constexpr int kLookEveryMs = 60 * 60 * 1000; // a machine that slept over midnight is late by an hour at most
constexpr int kMostDays = 36500;
constexpr auto kBinDays = "retention.binDays";
constexpr auto kLastRun = "retention.lastRun";
constexpr auto kByRetention = "retention";

std::optional<std::int64_t> numberIn(const std::string &text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

AuditObject objectOf(ConversationId conversation, FolderId folder)
{
    return folder.isNull() ? records::object("conversation", conversation.text())
                           : records::object("folder", folder.text());
}

void addFailures(RetentionReport &report, std::vector<ConversationId> &these, const Error &error)
{
    for (const ConversationId id : these)
        report.failed.push_back({id, std::string(errorName(error.code))});
    these.clear();
}

} // namespace

/// One run on its way.
struct RetentionService::Running {
    RetentionReport report;
    Deferred<RetentionReport> answer;
};

RetentionService::RetentionService(OpenVault &vault, ErasureService &erasures, PolicySource &policy, const Clock &clock,
                                   QObject *parent)
    : QObject(parent), m_vault(vault), m_erasures(erasures), m_policy(policy), m_clock(clock)
{
    m_daily.setInterval(kLookEveryMs);
    connect(&m_daily, &QTimer::timeout, this, [this] { runIfDue(RetentionReport::Cause::Daily); });
}

Async<void> RetentionService::record(const std::string &event, std::optional<AuditObject> object,
                                     std::vector<std::string> flags, Outcome outcome)
{
    AuditEvent entry = records::event(event, outcome, m_policy.current());
    entry.object = std::move(object);
    entry.flags = std::move(flags);
    return andThen(this, appendRecord(this, m_vault, std::move(entry)),
                   [](const AuditHead &) { return ready<void>({}); });
}

/// The record first; a change that then fails gets a second one that says so.
template <class T>
Async<T> RetentionService::recorded(const std::string &event, AuditObject object, std::function<Async<T>()> change)
{
    Deferred<T> answer;
    whenReady(this, record(event, object, {}), [this, event, object, change, answer](const Status &written) {
        if (!written)
            return answer.resolve(written.error());
        whenReady(this, change(), [this, event, object, answer](const Result<T> &changed) {
            if (changed)
                return answer.resolve(changed);
            whenReady(this, record(event, object, {records::errorFlag(changed.error())}, Outcome::Failure),
                      [answer, changed](const Status &) { answer.resolve(changed); });
        });
    });
    return answer.future();
}

Async<Hold> RetentionService::setHold(ConversationId conversation, FolderId folder, std::string reason)
{
    return recorded<Hold>("hold.set", objectOf(conversation, folder), [this, conversation, folder, reason] {
        return m_vault.retention().setHold(conversation, folder, reason);
    });
}

Async<std::vector<Hold>> RetentionService::holds()
{
    return m_vault.retention().holds();
}

Async<Hold> RetentionService::releaseHold(HoldId id)
{
    return andThen(this, m_vault.retention().holds(), [this, id](const std::vector<Hold> &holds) {
        const auto found = std::ranges::find(holds, id, &Hold::id);
        if (found == holds.end())
            return ready<Hold>(Error{ErrorCode::NotFound, "There is no such hold. Nothing was changed.", id.text()});
        return recorded<Hold>("hold.released", objectOf(found->conversation, found->folder),
                              [this, id] { return m_vault.retention().releaseHold(id); });
    });
}

Async<RetentionRule> RetentionService::setRule(FolderId folder, int days, RetentionAction action)
{
    const PolicyDecision decision = mayChangeRetention(m_policy.current());
    if (folder.isNull() && !decision.allowed)
        return ready<RetentionRule>(records::denied(decision, "Not changed"));
    return recorded<RetentionRule>(
        "setting.changed", records::object("retention_rule", folder.text()),
        [this, folder, days, action] { return m_vault.retention().setRule(folder, days, action); });
}

Async<std::vector<RetentionRule>> RetentionService::rules()
{
    return m_vault.retention().rules();
}

Async<RetentionRule> RetentionService::removeRule(RetentionRuleId rule)
{
    return recorded<RetentionRule>("setting.changed", records::object("retention_rule", rule.text()),
                                   [this, rule] { return m_vault.retention().removeRule(rule); });
}

Async<RetentionLimits> RetentionService::limits()
{
    const RetentionLimits given = retentionLimits(m_policy.current());
    if (!mayChangeBin(m_policy.current()).allowed)
        return ready<RetentionLimits>(given);
    return andThen(this, m_vault.settings().read(kBinDays), [given](const std::string &text) {
        RetentionLimits limits = given;
        const auto days = numberIn(text);
        if (days && *days >= 0 && *days <= kMostDays)
            limits.binDays = static_cast<int>(*days);
        return ready<RetentionLimits>(limits);
    });
}

Async<void> RetentionService::setBinDays(int days)
{
    if (const PolicyDecision decision = mayChangeBin(m_policy.current()); !decision.allowed)
        return ready<void>(records::denied(decision, "Not changed"));
    if (days < 0 || days > kMostDays)
        return ready<void>(
            Error{ErrorCode::InvalidArgument, "Not changed: the bin keeps 0 to 36500 days.", std::to_string(days)});
    return recorded<void>("setting.changed", records::object("setting", kBinDays),
                          [this, days] { return m_vault.settings().write(kBinDays, std::to_string(days)); });
}

Async<RetentionReport> RetentionService::run(bool dryRun, RetentionReport::Cause cause)
{
    if (m_policy.current().mode == PolicyMode::Invalid)
        return ready<RetentionReport>(
            Error{ErrorCode::PolicyInvalid,
                  "Nothing was removed: the policy of this machine is faulty or cannot be trusted. Ask your "
                  "administrator.",
                  {}});
    const auto running = std::make_shared<Running>();
    running->report.ranMs = m_clock.utcMs();
    running->report.cause = cause;
    running->report.dryRun = dryRun;
    ++m_running;
    whenReady(this, running->answer.future(), [this](const Result<RetentionReport> &) { ended(); });
    whenReady(this, limits(), [this, running](const Result<RetentionLimits> &limits) {
        if (!limits)
            return running->answer.resolve(limits.error());
        whenReady(this, m_vault.retention().facts(), [this, running, limits](const Result<RetentionFacts> &facts) {
            if (!facts)
                return running->answer.resolve(facts.error());
            carryOut(running, *facts, *limits);
        });
    });
    return running->answer.future();
}

void RetentionService::carryOut(const RunningPtr &running, const RetentionFacts &facts, const RetentionLimits &limits)
{
    RetentionPlan &plan = running->report.plan;
    plan = planRetention(facts, limits, running->report.ranMs);
    if (running->report.dryRun || running->report.empty())
        return running->answer.resolve(running->report);
    // One record for the run, before anything goes; each conversation has its own besides.
    std::vector<std::string> flags{std::string(retentionCauseName(running->report.cause)),
                                   "deleted_" + std::to_string(plan.toDelete.size()),
                                   "erased_" + std::to_string(plan.toErase.size() + plan.toEmpty.size()),
                                   "kept_" + std::to_string(plan.kept.size())};
    whenReady(this, record("retention.purged", std::nullopt, std::move(flags)), [this, running](const Status &written) {
        if (!written)
            return running->answer.resolve(written.error());
        if (running->report.plan.toDelete.empty())
            return eraseDue(running);
        whenReady(this, m_erasures.moveToBin(running->report.plan.toDelete, kByRetention),
                  [this, running](const Status &deleted) {
                      if (!deleted)
                          addFailures(running->report, running->report.plan.toDelete, deleted.error());
                      eraseDue(running);
                  });
    });
}

void RetentionService::eraseDue(const RunningPtr &running)
{
    RetentionPlan &plan = running->report.plan;
    std::vector<ConversationId> going = plan.toErase;
    going.insert(going.end(), plan.toEmpty.begin(), plan.toEmpty.end());
    if (going.empty())
        return finishRun(running);
    whenReady(this, m_erasures.erase({std::move(going), {}, {}}, kByRetention),
              [this, running](const Result<ErasureScope> &erased) {
                  if (!erased) {
                      addFailures(running->report, running->report.plan.toErase, erased.error());
                      addFailures(running->report, running->report.plan.toEmpty, erased.error());
                  }
                  finishRun(running);
              });
}

void RetentionService::finishRun(const RunningPtr &running)
{
    whenReady(this, m_vault.retention().storeReport(running->report), [this, running](const Status &stored) {
        if (running->report.cause != RetentionReport::Cause::Asked)
            Q_EMIT ran(running->report);
        running->answer.resolve(stored ? Result<RetentionReport>(running->report) : stored.error());
    });
}

Async<std::vector<RetentionReport>> RetentionService::reports(int limit)
{
    return m_vault.retention().reports(limit);
}

void RetentionService::start()
{
    m_daily.start();
    runIfDue(RetentionReport::Cause::Opening);
}

void RetentionService::runIfDue(RetentionReport::Cause cause)
{
    if (m_running > 0)
        return;
    ++m_running; // looking counts, so that closing waits for it
    whenReady(this, m_vault.settings().read(kLastRun), [this, cause](const Result<std::string> &text) {
        const std::int64_t now = m_clock.utcMs();
        const std::int64_t last = text ? numberIn(*text).value_or(0) : now;
        // A clock that was set back must not stop the runs for good.
        if (!text || (now >= last && now - last < kDayMs))
            return ended();
        whenReady(this, run(false, cause), [this, now](const Result<RetentionReport> &report) {
            if (!report)
                return ended();
            whenReady(this, m_vault.settings().write(kLastRun, std::to_string(now)),
                      [this](const Status &) { ended(); });
        });
    });
}

void RetentionService::ended()
{
    if (--m_running > 0)
        return;
    for (const Deferred<void> &waiting : std::exchange(m_waiting, {}))
        waiting.resolve({});
}

Async<void> RetentionService::settled(int mostMs)
{
    m_daily.stop();
    if (m_running == 0)
        return ready<void>({});
    Deferred<void> done;
    m_waiting.push_back(done);
    QTimer::singleShot(mostMs, this, [done] { done.resolve({}); });
    return done.future();
}

} // namespace tramontane
