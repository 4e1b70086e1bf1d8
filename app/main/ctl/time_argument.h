// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <cstdint>
#include <string>

namespace tramontane::ctl {

enum class TimeEnd { Start, End }; // of the day, when only a date is given

/// An ISO 8601 date or time in milliseconds since 1970 UTC; a time without a zone is UTC. `End` gives the first moment
/// after a date, so that it can be the end that does not belong to a range. Errors: Usage.
[[nodiscard]] Result<std::int64_t> timeArgument(const std::string &text, TimeEnd end = TimeEnd::Start);

} // namespace tramontane::ctl
