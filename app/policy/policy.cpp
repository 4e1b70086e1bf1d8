// SPDX-License-Identifier: Apache-2.0
#include "app/policy/policy.h"

#include "app/core/digest.h"
#include "app/policy/policy_document.h"
#include "app/policy/policy_schema.h"

#include <nlohmann/json.hpp>

#include <cstdlib>

namespace tramontane {
namespace {

using nlohmann::json;
using policy::PolicyDocument;

constexpr const char *kVanished =
    "This machine had a policy, and now there is none. Put it back, or place one that says \"unmanaged\": true.";

/// RFC 8785: the keys are ASCII, and values are true, false, whole numbers and texts without control characters, which
/// nlohmann-json writes just so, sorted and without spaces.
std::string canonical(const json &value)
{
    return value.dump();
}

void setHash(EffectivePolicy &policy)
{
    json values = json::object();
    for (const auto &[key, value] : policy.values)
        values[key] = json::parse(value.json);
    const json whole = {{"mode", policyModeName(policy.mode)}, {"values", values}};
    policy.sha256 = toHex(sha256(canonical(whole)));
}

EffectivePolicy unmanagedPolicy()
{
    EffectivePolicy effective;
    effective.mode = PolicyMode::Unmanaged;
    for (const auto &key : policy::policyKeys())
        effective.values[key.name] = {canonical(key.defaultValue), PolicyValueSource::Default, false, {}};
    return effective;
}

EffectivePolicy invalidPolicy(std::vector<std::string> problems)
{
    EffectivePolicy effective;
    effective.mode = PolicyMode::Invalid;
    effective.problems = std::move(problems);
    for (const auto &key : policy::policyKeys()) {
        effective.values[key.name] = {canonical(key.restrictive), PolicyValueSource::Managed, true,
                                      "The machine policy cannot be trusted."};
    }
    return effective;
}

EffectivePolicy managedPolicy(const std::vector<PolicyDocument> &documents)
{
    EffectivePolicy effective = unmanagedPolicy();
    effective.mode = PolicyMode::Managed;
    for (const PolicyDocument &document : documents) {
        effective.id += (effective.id.empty() ? "" : "+") + document.id;
        for (const auto &[key, value] : document.values) {
            const auto reason = document.reasons.find(key);
            effective.values[key] = {canonical(value), PolicyValueSource::Managed, true,
                                     reason == document.reasons.end() ? std::string() : reason->second};
        }
    }
    return effective;
}

/// Documents of all files that hold; what does not goes to `problems`.
std::vector<PolicyDocument> readDocuments(const ManagedPolicySources &sources, std::vector<std::string> &problems)
{
    std::vector<PolicyDocument> documents;
    for (const PolicyFile &file : sources.files) {
        if (!file.problem.empty()) {
            problems.push_back(file.path + ": " + file.problem);
            continue;
        }
        auto document = policy::parsePolicyDocument(file.content);
        if (document)
            documents.push_back(std::move(document.value()));
        else
            problems.push_back(file.path + ": " + document.error().message + " (" + document.error().detail + ")");
    }
    return documents;
}

EffectivePolicy decide(const ManagedPolicySources &sources)
{
    std::vector<std::string> problems;
    if (!sources.problem.empty())
        problems.push_back(sources.problem);
    const auto documents = readDocuments(sources, problems);
    if (problems.empty() && documents.empty() && sources.seenBefore)
        problems.push_back(kVanished);
    bool unmanaged = false;
    for (const PolicyDocument &document : documents)
        unmanaged = unmanaged || document.unmanaged;
    if (unmanaged && sources.files.size() > 1)
        problems.push_back("One policy file says that this machine is unmanaged, but there are others beside it.");
    if (!problems.empty())
        return invalidPolicy(std::move(problems));
    return documents.empty() || unmanaged ? unmanagedPolicy() : managedPolicy(documents);
}

json valueOf(const EffectivePolicy &policy, const std::string &key)
{
    const auto found = policy.values.find(key);
    if (found == policy.values.end())
        std::abort();
    return json::parse(found->second.json);
}

} // namespace

std::string_view policyModeName(PolicyMode mode) noexcept
{
    switch (mode) {
    case PolicyMode::Unmanaged: return "unmanaged";
    case PolicyMode::Managed: return "managed";
    case PolicyMode::Invalid: break;
    }
    return "invalid";
}

EffectivePolicy effectivePolicy(const ManagedPolicySources &sources)
{
    EffectivePolicy effective = decide(sources);
    for (const PolicyFile &file : sources.files)
        effective.sources.push_back(file.path);
    setHash(effective);
    return effective;
}

bool EffectivePolicy::flag(const std::string &key) const
{
    return valueOf(*this, key).get<bool>();
}

std::int64_t EffectivePolicy::integer(const std::string &key) const
{
    return valueOf(*this, key).get<std::int64_t>();
}

std::string EffectivePolicy::text(const std::string &key) const
{
    return valueOf(*this, key).get<std::string>();
}

std::vector<std::string> EffectivePolicy::list(const std::string &key) const
{
    return valueOf(*this, key).get<std::vector<std::string>>();
}

} // namespace tramontane
