// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "inference/catalog/gguf_file.h"

#include <vector>

namespace tramontane::catalog {

/// What readGguf() cannot know: that the files are all parts of one model (split_files.h), that its architecture is
/// known, and that the keys which the model runtime uses as lengths and indices fit each other: texts, scores and types
/// of the vocabulary, counts of layers, heads and experts. Errors: ModelUnsupported (architecture, no
/// tensors, a projector, an adapter), ModelNotGguf (contradictions). Any thread.
[[nodiscard]] Status checkModel(const std::vector<GgufFile> &parts);

} // namespace tramontane::catalog
