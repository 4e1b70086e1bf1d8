// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <string>
#include <vector>

namespace tramontane::ctl {

/// Texts of a command line: as they are, or the lines of standard input where "-" is all that was given. Empty lines are
/// texts, too. Errors: Usage (it cannot be read), InvalidArgument (nothing in it, more than 64 MiB or 100,000 lines, a text
/// of more than 4 MiB, or not UTF-8).
[[nodiscard]] Status readTexts(std::vector<std::string> &texts);

} // namespace tramontane::ctl
