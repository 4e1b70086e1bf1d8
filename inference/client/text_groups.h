// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace tramontane {

/// Cuts `texts` into groups that fit well into one frame each, in order. A text longer than that is a group of its own.
/// Any thread.
[[nodiscard]] std::vector<std::vector<std::string>> textGroups(std::vector<std::string> texts);

} // namespace tramontane
