// SPDX-License-Identifier: Apache-2.0
#include "app/services/audit_records.h"

#include <QString>

#include <array>
#include <charconv>

namespace tramontane::records {
namespace {

// QString::number, because printf follows the decimal comma of the person's locale.
std::string decimals(double value)
{
    return QString::number(value, 'f', 2).toStdString();
}

} // namespace

AuditEvent event(std::string name, Outcome outcome, const EffectivePolicy &policy)
{
    AuditEvent event;
    event.event = std::move(name);
    event.outcome = outcome;
    event.policy.id = policy.id;
    event.policy.sha256 = policy.sha256;
    return event;
}

AuditEvent decided(std::string name, Outcome outcome, const EffectivePolicy &policy, const PolicyDecision &decision)
{
    AuditEvent result = event(std::move(name), decision.allowed ? outcome : Outcome::Denied, policy);
    result.severity = decision.allowed ? 1 : 3;
    result.policy.decision = decision.allowed ? "allow" : "deny";
    result.policy.rule = decision.rule;
    result.policy.reason = decision.reason;
    return result;
}

AuditAi localAi(const ModelDescription &model)
{
    AuditAi ai;
    ai.provider = "local";
    ai.model = model.name;
    ai.modelSha256 = model.sha256;
    ai.quantisation = model.quantisation;
    return ai;
}

AuditAi localAi(const ModelDescription &model, const SamplingParameters &sampling)
{
    AuditAi ai = localAi(model);
    ai.temperature = decimals(sampling.temperature);
    ai.topP = decimals(sampling.topP);
    ai.seed = sampling.seed;
    ai.maxTokens = sampling.maxTokens;
    return ai;
}

void addUsage(AuditAi &ai, const Usage &usage, std::uint32_t seed, const std::string &stop)
{
    ai.seed = seed;
    ai.inTokens = usage.promptTokens;
    ai.outTokens = usage.answerTokens;
    ai.firstTokenMs = usage.firstTokenMs;
    ai.durationMs = usage.totalMs;
    ai.stop = stop;
}

AuditEvent adapterApplied(const ModelDescription &adapter, double scale, const EffectivePolicy &policy)
{
    AuditEvent result = event("gen_ai.adapter.applied", Outcome::Success, policy);
    result.ai = localAi(adapter);
    // The shortest text that reads back equal; within +-100 it has no plus sign, which a flag must not have.
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), scale).ptr;
    result.flags.push_back("scale_" + std::string(digits.data(), end));
    return result;
}

AuditObject object(std::string type, std::string id)
{
    AuditObject object;
    object.type = std::move(type);
    object.id = std::move(id);
    return object;
}

std::string errorFlag(const Error &error)
{
    return QString::fromUtf8(errorName(error.code).data(), qsizetype(errorName(error.code).size()))
        .toLower()
        .toStdString();
}

Error denied(const PolicyDecision &decision, const std::string &act)
{
    return Error{ErrorCode::PolicyDenied,
                 act + ": " + decision.reason + " Rule: " + decision.rule + ". Nothing left this machine.",
                 "rule " + decision.rule};
}

} // namespace tramontane::records
