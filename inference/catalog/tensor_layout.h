// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "inference/catalog/gguf_file.h"

// Where the data of tensors lies in a file. Any thread.
namespace tramontane::catalog {

/// Fills in `elements` and `bytes` from sizes and type. Errors: ModelNotGguf (a size of zero, a row that is no whole
/// number of blocks, more than 2^63 elements or bytes); the tensor is unchanged then.
[[nodiscard]] Status computeSize(TensorEntry &tensor);

/// Each tensor begins at a multiple of the alignment, overlaps no other, and ends inside the file.
/// Errors: ModelNotGguf (alignment, overlap), ModelTruncated (beyond the end).
[[nodiscard]] Status checkLayout(const GgufFile &file);

} // namespace tramontane::catalog
