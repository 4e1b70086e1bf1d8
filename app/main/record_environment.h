// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/audit/record.h"

namespace tramontane {

/// What this machine and program put into every audit record. Account and machine leave it only as keyed hashes.
[[nodiscard]] audit::RecordEnvironment recordEnvironment();

} // namespace tramontane
