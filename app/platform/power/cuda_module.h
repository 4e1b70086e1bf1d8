// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tramontane::power {

/// What the system says of a module for CUDA and of the driver under it. ggml passes over one that does not open, and
/// takes a driver without a GPU for no driver, both without a word.
struct CudaModuleReport {
    bool opens = false;
    std::string missingLibrary; // which it needs and the system does not find; empty: the reason is another one
    std::string problem;        // the system's own words; empty when it opens
    int driverStatus = 0;       // cuInit: 0 when the driver runs and has a GPU, else CUDA's error number
};

/// Opens the module once more and asks the driver that it is linked with (cuInit of the CUDA driver interface, which may be
/// called any number of times). `path`: absolute. Before the sandbox closes, since a library may be read. One thread.
[[nodiscard]] CudaModuleReport askCudaModule(const std::string &path);

} // namespace tramontane::power
