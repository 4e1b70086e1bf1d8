// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/platform/process/hardening.h"

// Programs that link this overwrite every block of the heap when it is freed, also those of Qt and of other libraries:
// what a person typed or read does not lie about in memory that nobody uses any more. (The usual way of hardened
// allocators; init_on_free of the Linux kernel does the same for its own memory.)
namespace tramontane::process {

/// Whether it is so in this process, for libraries, too. Layer "freed-memory". Any thread.
[[nodiscard]] Layer checkWipedMemory();

} // namespace tramontane::process
