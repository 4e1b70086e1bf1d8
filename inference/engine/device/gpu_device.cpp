// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/device/gpu_device.h"

#include <cstddef>

namespace tramontane::engine {

bool isGpu(ggml_backend_dev_t device)
{
    const auto type = ggml_backend_dev_type(device);
    return type == GGML_BACKEND_DEVICE_TYPE_GPU || type == GGML_BACKEND_DEVICE_TYPE_IGPU;
}

ggml_backend_dev_t firstGpu()
{
    for (std::size_t i = 0; i < ggml_backend_dev_count(); ++i) {
        if (isGpu(ggml_backend_dev_get(i)))
            return ggml_backend_dev_get(i);
    }
    return nullptr;
}

} // namespace tramontane::engine
