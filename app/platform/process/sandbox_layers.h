// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/platform/process/hardening.h"

#include <span>
#include <vector>

// The mechanisms behind enterSandbox() on Linux. Threading and failure as in hardening.h.
namespace tramontane::process {

/// One mechanism. enterSandbox() applies them in order; a test leaves one out to show what only that one does.
struct SandboxStep {
    const char *name;
    std::vector<Layer> (*apply)(const SandboxRules &rules);
};

/// no-new-privileges, files (which brings network), memory, syscalls, descriptors.
[[nodiscard]] std::span<const SandboxStep> sandboxSteps();

/// Default-deny filter of system calls (seccomp). With devices in `rules`, also the calls that drivers are spoken to with.
[[nodiscard]] Layer filterSystemCalls(const SandboxRules &rules);

/// Rules for files and TCP (Landlock). Two layers: "files" and "network".
[[nodiscard]] std::vector<Layer> restrictPaths(const SandboxRules &rules);

/// "why: Operation not permitted" for the current errno.
[[nodiscard]] std::string withErrno(const char *why);

} // namespace tramontane::process
