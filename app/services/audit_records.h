// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/audit_event.h"
#include "app/core/conversation.h"
#include "app/core/model.h"
#include "app/core/sampling.h"
#include "app/policy/policy.h"

#include <optional>
#include <string>

// How the services word their audit events. Pure functions, any thread.
namespace tramontane::records {

/// A record of severity 1 that names the policy in force.
[[nodiscard]] AuditEvent event(std::string name, Outcome outcome, const EffectivePolicy &policy);
/// The same with the rule that decided; a refusal has outcome Denied and severity 3.
[[nodiscard]] AuditEvent decided(std::string name, Outcome outcome, const EffectivePolicy &policy,
                                 const PolicyDecision &decision);
/// Local model, its hash, and how it is sampled.
[[nodiscard]] AuditAi localAi(const ModelDescription &model, const SamplingParameters &sampling);
[[nodiscard]] AuditAi localAi(const ModelDescription &model);
/// Adds what an answer turned out to be.
void addUsage(AuditAi &ai, const Usage &usage, std::uint32_t seed, const std::string &stop);
/// That an adapter changes the model for a question: its name and hash stand where a model's do, its scale is a flag,
/// "scale_0.5".
[[nodiscard]] AuditEvent adapterApplied(const ModelDescription &adapter, double scale, const EffectivePolicy &policy);
[[nodiscard]] AuditObject object(std::string type, std::string id);

/// The name of an error as a flag of a record: "model_not_gguf".
[[nodiscard]] std::string errorFlag(const Error &error);

/// The error that a person gets for a refused act. `act` is a past participle with "Not": "Not sent".
[[nodiscard]] Error denied(const PolicyDecision &decision, const std::string &act);

} // namespace tramontane::records
