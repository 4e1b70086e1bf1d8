// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/policy_source.h"
#include "app/contracts/vault_store.h"
#include "app/contracts/when_ready.h"
#include "app/core/clock.h"
#include "app/services/model_service.h"
#include "app/services/recording.h"

#include <functional>
#include <string>

namespace tramontane {

/// Runs requests to models of which nothing is kept, as the log wants it: the attempt is recorded before anything runs,
/// then how it ended. Calls: the thread that owns `context`; nothing blocks.
class RecordedRequests {
public:
    /// All outlive the object.
    RecordedRequests(QObject *context, OpenVault &vault, ModelService &models, PolicySource &policy, const Clock &clock)
        : m_context(context), m_vault(vault), m_models(models), m_policy(policy), m_clock(clock)
    {
    }

    /// Loads the model and lets `ask` ask it. Errors: ModelNotFound, ModelUnsupported (a model of another kind; nothing
    /// is recorded), PolicyDenied, AuditUnavailable (nothing was run), those of ModelService::load and of `ask`.
    template <class T>
    [[nodiscard]] Async<T> run(ModelId model, ModelKind kind, LoadOptions options, std::function<Async<T>()> ask)
    {
        const Result<Attempt> attempt = begin(model, kind);
        if (!attempt)
            return ready<T>(attempt.error());
        if (attempt->denied)
            return refuse<T>(*attempt);
        return andThen(m_context, attempt->recorded, [this, attempt = *attempt, options, ask](const AuditHead &) {
            return runNow<T>(attempt, options, ask);
        });
    }

private:
    struct Attempt {
        ModelRef model;
        std::string corr;
        std::optional<Error> denied; // by policy: recorded all the same
        Async<AuditHead> recorded;
    };

    [[nodiscard]] Result<Attempt> begin(ModelId model, ModelKind kind);
    [[nodiscard]] Async<AuditHead> recordOutcome(const Attempt &attempt, const std::optional<Error> &error);

    /// Once it is recorded, or cannot be.
    template <class T>
    [[nodiscard]] Async<T> refuse(const Attempt &attempt)
    {
        Deferred<T> refused;
        whenReady(m_context, attempt.recorded,
                  [refused, error = *attempt.denied](const Result<AuditHead> &) { refused.resolve(error); });
        return refused.future();
    }

    template <class T>
    [[nodiscard]] Async<T> runNow(const Attempt &attempt, const LoadOptions &options, std::function<Async<T>()> ask)
    {
        const auto use = m_models.use(attempt.model.id);
        const auto asked = andThen(m_context, m_models.load(attempt.model.id, options),
                                   [ask = std::move(ask)](const LoadedModel &) { return ask(); });
        Deferred<T> answer;
        whenReady(m_context, asked, [this, attempt, answer, use](const Result<T> &result) {
            const auto error = result ? std::nullopt : std::optional<Error>(result.error());
            whenReady(m_context, recordOutcome(attempt, error), [answer, result](const Result<AuditHead> &head) {
                if (result && !head)
                    return answer.resolve(head.error());
                answer.resolve(result);
            });
        });
        return answer.future();
    }

    QObject *m_context;
    OpenVault &m_vault;
    ModelService &m_models;
    PolicySource &m_policy;
    const Clock &m_clock;
};

} // namespace tramontane
