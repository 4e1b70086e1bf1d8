// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace tramontane::audit {

/// The one text that stands for `value`: RFC 8785 (JSON Canonicalization Scheme) for objects, arrays, strings, integers,
/// true, false and null. Members are sorted by UTF-16 code units, nothing is escaped that need not be.
/// Errors: InvalidArgument for a fraction, for an integer beyond +-(2^53 - 1), for text that is not UTF-8, and for more
/// than 64 levels; `detail` is the JSON pointer. Floating-point numbers are refused on purpose: records hold fixed
/// decimals as text. Any thread.
[[nodiscard]] Result<std::string> canonicalJson(const nlohmann::json &value);

} // namespace tramontane::audit
