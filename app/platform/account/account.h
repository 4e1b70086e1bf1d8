// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tramontane {

/// The name of the account that this process runs under, as the system knows it (not as the environment says). Empty when
/// the system does not say. Any thread.
[[nodiscard]] std::string accountName();

} // namespace tramontane
