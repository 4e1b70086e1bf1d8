// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "app/platform/process/hardening.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tramontane::engine {

/// How this process gives up its rights, in the one order that works: environment, modules, own network, no core dumps,
/// end with the parent, and then, knowing the model, the sandbox. Only after that is a model file opened or a device
/// used. Main thread, before any other thread exists; nothing can be undone.
class Confinement {
public:
    /// Clears the environment.
    Confinement();

    /// Loads the modules of ggml from beside its library, starts llama.cpp, and leaveSystem(). Once.
    void openModules();
    /// Goes into a network of its own and closes itself against others, without any module. Once, instead of openModules().
    void leaveSystem();

    /// Goes into the sandbox. Afterwards only `files` (the model, and what belongs to it) and descriptions of the machine can be read,
    /// and of the descriptors only `keep` and the standard ones are open. `addressSpaceBytes`: 0: as much as models of these files need. Once, after openModules() or
    /// leaveSystem().
    /// Errors: SandboxIncomplete when a layer of `required` is not active; it names them. The others hold all the same.
    [[nodiscard]] Status enter(const std::vector<std::string> &files, const std::vector<int> &keep,
                               const std::vector<std::string> &required, std::uint64_t addressSpaceBytes = 0);

    /// What has been put on so far.
    [[nodiscard]] const std::vector<process::Layer> &layers() const noexcept { return m_layers; }
    /// A line for the log for each layer that is not active.
    [[nodiscard]] std::vector<std::string> warnings() const;

private:
    std::vector<process::Layer> m_layers;
};

} // namespace tramontane::engine
