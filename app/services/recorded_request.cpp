// SPDX-License-Identifier: Apache-2.0
#include "app/services/recorded_request.h"

#include "app/services/audit_records.h"

namespace tramontane {

Result<RecordedRequests::Attempt> RecordedRequests::begin(ModelId model, ModelKind kind)
{
    const Result<ModelRef> found = m_models.resolve(model.text());
    if (!found)
        return found.error();
    if (found->description.kind != kind)
        return otherKindOfModel(found->description.kind, kind);
    const EffectivePolicy &policy = m_policy.current();
    const PolicyDecision decision = mayUseModel(policy, found->description.sha256);
    Attempt attempt{*found, AttemptId::make(m_clock.utcMs()).text(), {}, {}};
    if (!decision.allowed)
        attempt.denied = records::denied(decision, "Not run");
    AuditEvent event = records::decided(decision.allowed ? "gen_ai.request.attempted" : "gen_ai.request.denied",
                                        Outcome::Unknown, policy, decision);
    event.corr = attempt.corr;
    event.ai = records::localAi(found->description);
    attempt.recorded = appendRecord(m_context, m_vault, std::move(event));
    return attempt;
}

Async<AuditHead> RecordedRequests::recordOutcome(const Attempt &attempt, const std::optional<Error> &error)
{
    AuditEvent event = records::event(error ? "gen_ai.request.failed" : "gen_ai.request.completed",
                                      error ? Outcome::Failure : Outcome::Success, m_policy.current());
    event.corr = attempt.corr;
    event.ai = records::localAi(attempt.model.description);
    event.ai->stop = error ? "error" : "stop";
    if (error)
        event.flags.push_back(records::errorFlag(*error));
    return appendRecord(m_context, m_vault, std::move(event));
}

} // namespace tramontane
