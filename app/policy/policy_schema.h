// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

// resources/policy/policy.schema.json, compiled in. Any thread.
namespace tramontane::policy {

/// The whole schema. The text is ours and tested, so it always parses.
[[nodiscard]] const nlohmann::json &policySchema();

/// A key that a policy may set.
struct KeyDescription {
    std::string name;
    nlohmann::json defaultValue;
    nlohmann::json restrictive; // holds where the policy cannot be trusted
};

/// In the order of their names.
[[nodiscard]] const std::vector<KeyDescription> &policyKeys();

} // namespace tramontane::policy
