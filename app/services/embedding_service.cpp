// SPDX-License-Identifier: Apache-2.0
#include "app/services/embedding_service.h"

#include "app/contracts/when_ready.h"
#include "app/services/audit_records.h"
#include "app/services/recording.h"

namespace tramontane {

EmbeddingService::EmbeddingService(OpenVault &vault, InferenceProvider &provider, ModelService &models,
                                   PolicySource &policy, const Clock &clock, QObject *parent)
    : QObject(parent), m_vault(vault), m_provider(provider), m_models(models), m_policy(policy), m_clock(clock)
{
}

Async<std::vector<std::vector<float>>> EmbeddingService::embed(ModelId model, std::vector<std::string> texts)
{
    if (texts.empty())
        return ready<Vectors>(Error{ErrorCode::InvalidArgument, "Nothing was run: there is no text.", {}});
    const Result<ModelRef> found = m_models.resolve(model.text());
    if (!found)
        return ready<Vectors>(found.error());
    const EffectivePolicy &policy = m_policy.current();
    const PolicyDecision decision = mayUseModel(policy, found->description.sha256);
    const std::string corr = AttemptId::make(m_clock.utcMs()).text();
    AuditEvent event = records::decided(decision.allowed ? "gen_ai.request.attempted" : "gen_ai.request.denied",
                                        Outcome::Unknown, policy, decision);
    event.corr = corr;
    event.ai = records::localAi(found->description);
    if (!decision.allowed) {
        Deferred<Vectors> refused;
        whenReady(this, appendRecord(this, m_vault, std::move(event)), [refused, decision](const Result<AuditHead> &) {
            refused.resolve(records::denied(decision, "Not run"));
        });
        return refused.future();
    }
    return andThen(
        this, appendRecord(this, m_vault, std::move(event)),
        [this, found, texts = std::move(texts), corr](const AuditHead &) { return run(*found, texts, corr); });
}

Async<std::vector<std::vector<float>>> EmbeddingService::run(const ModelRef &model, std::vector<std::string> texts,
                                                             const std::string &corr)
{
    const auto use = m_models.use(model.id);
    const auto vectors = andThen(this, m_models.load(model.id), [this, model, texts](const LoadedModel &) {
        return m_provider.embed(model.id, texts);
    });
    Deferred<Vectors> answer;
    whenReady(this, vectors, [this, model, corr, answer, use](const Result<Vectors> &result) {
        whenReady(this, appendRecord(this, m_vault, outcomeEvent(model, corr, result)),
                  [answer, result](const Result<AuditHead> &head) {
                      if (result && !head)
                          return answer.resolve(head.error());
                      answer.resolve(result);
                  });
    });
    return answer.future();
}

AuditEvent EmbeddingService::outcomeEvent(const ModelRef &model, const std::string &corr,
                                          const Result<Vectors> &result) const
{
    AuditEvent event = records::event(result ? "gen_ai.request.completed" : "gen_ai.request.failed",
                                      result ? Outcome::Success : Outcome::Failure, m_policy.current());
    event.corr = corr;
    event.ai = records::localAi(model.description);
    event.ai->stop = result ? "stop" : "error";
    if (!result)
        event.flags.push_back(records::errorFlag(result.error()));
    return event;
}

} // namespace tramontane
