// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

namespace tramontane {

/// Attempts to open a vault with a key that did not fit: how many, by kind of slot ("passphrase").
using FailedUnlocks = std::map<std::string, int>;

} // namespace tramontane
