// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace tramontane::audit {

/// The longest that a record may be, in bytes.
inline constexpr std::size_t kMaxRecordBytes = 256 * 1024;
/// The longest that free text of a record may be, in bytes.
inline constexpr std::size_t kMaxFreeText = 512;

/// Checks that `record` has exactly the fields of version 1, each of its kind and within its limits. Any thread.
/// Errors: InvalidArgument; `detail` is the name of the first field that does not fit ("ai.params.seed"), never a value.
[[nodiscard]] Status checkRecordFields(const nlohmann::json &record);

/// `text` as free text of a record: control characters and bytes that are not UTF-8 become spaces, the rest is cut at
/// kMaxFreeText before a whole character. Any thread; never fails.
[[nodiscard]] std::string freeText(std::string_view text);

} // namespace tramontane::audit
