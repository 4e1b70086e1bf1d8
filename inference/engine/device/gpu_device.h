// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ggml-backend.h>

namespace tramontane::engine {

/// A GPU of its own or one inside the processor. Any thread.
[[nodiscard]] bool isGpu(ggml_backend_dev_t device);

/// The first of ggml's devices that is a GPU; null when there is none. Any thread, once the modules are opened.
[[nodiscard]] ggml_backend_dev_t firstGpu();

} // namespace tramontane::engine
