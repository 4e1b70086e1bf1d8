// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <nlohmann/json.hpp>

#include <map>
#include <string>

namespace tramontane::policy {

/// A JSON text and where its members stand.
struct PositionedJson {
    nlohmann::json value;
    std::map<std::string, int> lines; // JSON pointer -> line, counted from 1

    /// "line 4, /values/models.import"; for the top "line 1, /".
    [[nodiscard]] std::string position(const std::string &pointer) const;
};

/// The largest policy text that is read, in bytes, and how deep it may be nested.
inline constexpr std::size_t kMaxPolicyBytes = 256 * 1024;
inline constexpr int kMaxPolicyDepth = 16;

/// Reads RFC 8259 JSON strictly: one value, no duplicate members, no NaN or infinity, UTF-8, within the limits above.
/// Any thread. Errors: PolicyInvalid; `message` says what is wrong, `detail` the line and column.
[[nodiscard]] Result<PositionedJson> parsePositionedJson(const std::string &text);

} // namespace tramontane::policy
