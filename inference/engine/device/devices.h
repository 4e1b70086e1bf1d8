// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/model.h"
#include "app/core/result.h"
#include "app/platform/process/hardening.h"

#include <string>
#include <vector>

// What this build and this machine can compute with. After loadBackends(); any thread.
namespace tramontane::engine {

/// Loads the modules of ggml (CPU variants, CUDA) that lie beside the libraries, where the build has modules. Before
/// the sandbox: afterwards no code can be loaded. Also asks the NVIDIA driver, where there is one, what it finds.
void loadBackends();

/// Whether a module found a GPU. After loadBackends().
[[nodiscard]] bool usesGpu();

/// Errors: EngineUnavailable when there is no module that computes on this CPU.
[[nodiscard]] Status checkBackends();

/// "llama.cpp 0.3.36 (0c1e570), ggml 0.25.3".
[[nodiscard]] std::string engineBuild();

/// Fills in device, deviceReason, layersOnDevice and layersTotal; `info.threads` must be set.
void describeDevice(LoadedModel &info, int layers);

/// The answer of `--devices`: one JSON object with devices, driver (version, problem, gpus with name,
/// capability, memory, temperature, power), cpuFeatures, threads, engineBuild, gpuReason, sandbox.
[[nodiscard]] std::string devicesJson(const std::vector<process::Layer> &sandbox);

} // namespace tramontane::engine
