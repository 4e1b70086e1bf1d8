// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <nlohmann/json.hpp>

#include <map>
#include <string>

namespace tramontane::policy {

/// One managed file that holds.
struct PolicyDocument {
    std::string id;
    bool unmanaged = false;
    std::map<std::string, nlohmann::json> values;
    std::map<std::string, std::string> reasons; // only for keys of `values`
};

/// Reads and checks one policy text. Any thread. Errors: as checkPolicyText().
[[nodiscard]] Result<PolicyDocument> parsePolicyDocument(const std::string &text);

} // namespace tramontane::policy
