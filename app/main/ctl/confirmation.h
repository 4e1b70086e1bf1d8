// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <string>

namespace tramontane::ctl {

/// Asks at the terminal whether to go on; `agreed` (--yes) answers for the person. Blocks while a person types. Errors:
/// Usage (nobody sits there and --yes was not given), Cancelled (anything but yes). Nothing was done then.
[[nodiscard]] Status confirm(bool agreed, const std::string &question);

} // namespace tramontane::ctl
