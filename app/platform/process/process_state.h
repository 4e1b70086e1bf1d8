// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tramontane::process {

/// Whether the system has stopped a process of ours: by a signal or by a debugger (state T or t of proc(5)). False where
/// that cannot be told. Any thread.
[[nodiscard]] bool isStopped(std::int64_t processId);

} // namespace tramontane::process
