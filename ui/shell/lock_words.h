// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/services/lock_cause.h"

#include <QString>

#include <cstdint>

// What the lock screen says of a lock. GUI thread.
namespace tramontane::ui {

/// "Locked at 12:47, no input for 15 minutes".
[[nodiscard]] QString lockedAt(LockCause cause, std::int64_t utcMs, int idleMinutes);
/// "Keys wiped, databases closed, engine stopped at 12:47:01": only for a lock that succeeded.
[[nodiscard]] QString lockProof(std::int64_t utcMs);

} // namespace tramontane::ui
