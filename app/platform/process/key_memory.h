// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/platform/process/hardening.h"

namespace tramontane::process {

/// Whether the system lets this process lock memory, so that keys (SecretBytes) never reach the swap: tries it with a
/// page. Layer "key-memory". Any thread.
[[nodiscard]] Layer checkKeyMemory();

} // namespace tramontane::process
