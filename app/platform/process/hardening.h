// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

// What a process gives up so that a hostile file cannot use it. Everything here is for good: nothing can be undone by
// the process. Call from the main thread before any other thread exists. Nothing here fails: a protection that this
// system does not offer is reported as not active, and the caller decides.
namespace tramontane::process {

/// One protection and whether it is in force. `detail` is a plain sentence for `tramontanectl doctor`.
struct Layer {
    std::string name; // "core-dumps", "parent", "own-network", "no-new-privileges", "syscalls", "files", "network"
    bool active = false;
    std::string detail;
};

/// No core file is written and no other process of the user can read this one's memory
/// (RLIMIT_CORE 0; PR_SET_DUMPABLE 0).
[[nodiscard]] Layer disableCoreDumps();

/// The process ends when the one that started it ends (PR_SET_PDEATHSIG). Comes after enterOwnNetwork(), which
/// would undo it.
[[nodiscard]] Layer dieWithParent();

/// A network namespace without any interface, where the system lets users make one.
[[nodiscard]] Layer enterOwnNetwork();

/// What a sandboxed process may still reach. Absolute paths, UTF-8; one that does not exist is left out.
struct SandboxRules {
    std::vector<std::string> readableFiles;
    std::vector<std::string> readableFolders;
};

/// Files and folders of the system that a model runtime reads: processor and memory descriptions.
[[nodiscard]] SandboxRules runtimeRules();

/// The sandbox of a worker that parses hostile files: reads what `rules` name, writes only to pipes it already has,
/// starts threads but no processes, opens no sockets. Refused calls get EPERM, EACCES or ENOSYS.
/// Layers: no-new-privileges, syscalls (seccomp), files and network (Landlock, linux/landlock.h).
[[nodiscard]] std::vector<Layer> enterSandbox(const SandboxRules &rules);

} // namespace tramontane::process
