// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "inference/catalog/gguf_file.h"

namespace tramontane::catalog {

/// That llama.cpp can compute with the type of each tensor: not with whole numbers, except in tables of indices, not with
/// F64, Q8_1 and Q8_K, and norms and vectors of biases are F32, as its converters write them
/// (conversion/base.py, prepare_tensors). With another type the CPU ends the process (ggml-cpu/binary-ops.cpp, ops.cpp)
/// or follows a null pointer (vec_dot of ggml-cpu.c). Errors: ModelUnsupported, with the tensor in the detail. Any
/// thread.
[[nodiscard]] Status checkWeights(const GgufFile &part);

} // namespace tramontane::catalog
