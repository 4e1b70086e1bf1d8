// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/model.h"

struct gguf_context;

namespace tramontane::engine {

/// The values of a parsed header that describe a model (keys: ggml/docs/gguf.md). A key of another type than expected
/// counts as absent; texts that are not UTF-8 are repaired. Not filled: sha256, fileBytes. Any thread.
[[nodiscard]] ModelDescription describeGguf(const gguf_context *gguf);

/// How many files the model was cut into; 1 for a whole one.
[[nodiscard]] int countGgufFiles(const gguf_context *gguf);

} // namespace tramontane::engine
