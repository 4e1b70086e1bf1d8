// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

// What a process gives up so that a hostile file cannot use it. Everything here is for good: nothing can be undone by
// the process. Call from the main thread before any other thread exists. Nothing here fails: a protection that this
// system does not offer is reported as not active, and the caller decides.
namespace tramontane::process {

/// One protection and whether it is in force. `detail` is a plain sentence for `tramontanectl doctor`.
struct Layer {
    std::string name; // one of layerNames()
    bool active = false;
    std::string detail;
};

/// Every layer of a worker, in the order in which they are put on: "environment", "own-network", "core-dumps", "parent",
/// "no-new-privileges", "files", "network", "memory", "syscalls", "descriptors". The same on every system.
[[nodiscard]] const std::vector<std::string> &layerNames();

/// Removes every variable of the environment that is not on a short list of harmless ones (language, time zone; in test
/// builds also what sanitizers and private libraries need). Comes before any module is loaded: loaders of libraries take
/// orders from variables.
[[nodiscard]] Layer clearEnvironment();

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
    std::vector<std::string> devices;    // may be read, written and given orders (ioctl); for GPUs only
    std::vector<int> descriptors;        // stay open besides standard input, output and error
    std::uint64_t addressSpaceBytes = 0; // most that may be mapped in all; 0: no limit
};

/// Files and folders of the system that a model runtime reads: processor and memory descriptions.
[[nodiscard]] SandboxRules runtimeRules();

/// Adds what the driver of an NVIDIA GPU needs: its device nodes and descriptions. Only for a process that uses one; the
/// limit of the address space is lifted, because the driver maps the memory of the device.
void addGpu(SandboxRules &rules);

/// The most that a process should map that loads `fileBytes` of a model on this machine's processor: the file, all
/// memory of the machine, and room for programs and stacks.
[[nodiscard]] std::uint64_t addressSpaceFor(std::uint64_t fileBytes);

/// The sandbox of a worker that parses hostile files: reads what `rules` name, writes only to pipes it already has,
/// starts threads but no processes, opens no sockets. Refused calls get EPERM, EACCES or ENOSYS; memory beyond the limit
/// ENOMEM. Layers: no-new-privileges, files and network (Landlock, linux/landlock.h), memory (RLIMIT_AS), syscalls
/// (seccomp), descriptors (close_range).
[[nodiscard]] std::vector<Layer> enterSandbox(const SandboxRules &rules);

/// The names in `required` that are not active in `layers`, in the order of `required`. An unknown name is missing.
[[nodiscard]] std::vector<std::string> missingLayers(const std::vector<Layer> &layers,
                                                     const std::vector<std::string> &required);

} // namespace tramontane::process
