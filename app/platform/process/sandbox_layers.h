// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/platform/process/hardening.h"

#include <vector>

// The two mechanisms behind enterSandbox() on Linux. Threading and failure as in hardening.h.
namespace tramontane::process {

/// Default-deny filter of system calls (seccomp).
[[nodiscard]] Layer filterSystemCalls();

/// Rules for files and TCP (Landlock). Two layers: "files" and "network".
[[nodiscard]] std::vector<Layer> restrictPaths(const SandboxRules &rules);

/// "why: Operation not permitted" for the current errno.
[[nodiscard]] std::string withErrno(const char *why);

} // namespace tramontane::process
