// SPDX-License-Identifier: Apache-2.0
#include "app/policy/policy.h"

#include <sodium.h>

#include <algorithm>

namespace tramontane {
namespace {

/// `allowed` by `rule`, unless the policy as a whole cannot be trusted.
PolicyDecision decided(const EffectivePolicy &policy, bool allowed, const char *rule, const char *reason)
{
    if (policy.mode == PolicyMode::Invalid) {
        return {false, "policy.invalid",
                "The policy of this machine is faulty or cannot be trusted. Ask your administrator."};
    }
    return {allowed, rule, allowed ? "" : reason};
}

bool contains(const std::vector<std::string> &list, const std::string &entry)
{
    return std::find(list.begin(), list.end(), entry) != list.end();
}

} // namespace

PolicyDecision mayUseModel(const EffectivePolicy &policy, const std::string &modelSha256)
{
    const auto allowed = policy.list("models.allow");
    return decided(policy, contains(allowed, "*") || contains(allowed, modelSha256), "model.allow",
                   "Your administrator has not allowed this model.");
}

PolicyDecision mayImportModel(const EffectivePolicy &policy)
{
    return decided(policy, policy.flag("models.import"), "model.import",
                   "Your administrator does not allow models to be added.");
}

PolicyDecision mayExport(const EffectivePolicy &policy)
{
    return decided(policy, policy.flag("export.allow"), "export.allow",
                   "Your administrator does not allow conversations to be exported.");
}

PolicyDecision mayUseSlot(const EffectivePolicy &policy, const std::string &slotKind)
{
    return decided(policy, contains(policy.list("vault.slots"), slotKind), "vault.slots",
                   "Your administrator does not allow this way to open a vault.");
}

PolicyDecision mayUseNetworkFileSystem(const EffectivePolicy &policy)
{
    return decided(policy, policy.flag("vault.networkFileSystem"), "vault.network",
                   "A vault on a network file system can lose data, and your administrator does not allow it.");
}

std::optional<OrganisationKey> namedOrganisation(const EffectivePolicy &policy)
{
    const std::string text = policy.text("vault.organisationKey");
    OrganisationKey key{{}, policy.text("vault.organisationName")};
    std::size_t length = 0;
    const bool read = sodium_base642bin(key.publicKey.data(), key.publicKey.size(), text.data(), text.size(), nullptr,
                                        &length, nullptr, sodium_base64_VARIANT_ORIGINAL)
                      == 0;
    if (!read || length != key.publicKey.size() || key.name.empty())
        return std::nullopt;
    return key;
}

PolicyDecision mayExportAttachment(const EffectivePolicy &policy)
{
    return decided(policy, policy.flag("export.allow"), "export.allow",
                   "Your administrator does not allow attachments to be exported.");
}

PolicyDecision mayAttach(const EffectivePolicy &policy)
{
    return decided(policy, policy.integer("attachments.maxMiB") > 0, "attachments.size",
                   "Your administrator does not allow files to be attached.");
}

std::uint64_t largestAttachment(const EffectivePolicy &policy)
{
    return static_cast<std::uint64_t>(policy.integer("attachments.maxMiB")) * 1024 * 1024;
}

RetentionLimits retentionLimits(const EffectivePolicy &policy)
{
    RetentionLimits limits;
    limits.binDays = static_cast<int>(policy.integer("retention.binDays"));
    limits.days = static_cast<int>(policy.integer("retention.days"));
    limits.action = retentionActionFromName(policy.text("retention.action")).value_or(RetentionAction::Delete);
    limits.binding = policy.values.at("retention.days").locked;
    return limits;
}

PolicyDecision mayChangeRetention(const EffectivePolicy &policy)
{
    return decided(policy, !policy.values.at("retention.days").locked, "retention.days",
                   "Your administrator has set how long conversations are kept.");
}

PolicyDecision mayChangeBin(const EffectivePolicy &policy)
{
    return decided(policy, !policy.values.at("retention.binDays").locked, "retention.bin",
                   "Your administrator has set how long the bin keeps conversations.");
}

std::vector<std::string> requiredSandboxLayers(const EffectivePolicy &policy)
{
    return policy.list("engine.sandbox");
}

} // namespace tramontane
