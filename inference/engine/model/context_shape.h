// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/model.h"
#include "app/core/result.h"

#include <llama.h>

namespace tramontane::engine {

/// The size and kind of a context. A worker makes it, a plan only measures it: both ask here, so that they agree.
struct ContextShape {
    ModelKind kind = ModelKind::Chat;
    int contextTokens = 0;
    int threads = 0;
    int batchTokens = 0;
    int ubatchTokens = 0;
    int parallel = 0;  // answers at a time
    int sequences = 0; // those of the answers, and those that keep the beginnings of conversations that wait
    ggml_type typeK = GGML_TYPE_F16;
    ggml_type typeV = GGML_TYPE_F16;
    bool flashAttention = true;
    enum llama_pooling_type pooling = LLAMA_POOLING_TYPE_UNSPECIFIED;
};

/// Whether a context can be made of them. Errors: InvalidArgument. Any thread.
[[nodiscard]] Status checkOptions(const LoadOptions &options);

/// What was asked for, and our choice where nothing was. `options` passed checkOptions(). Any thread.
[[nodiscard]] ContextShape shapeFor(const llama_model *model, ModelKind kind, const LoadOptions &options);

/// The same in llama.cpp's words. Any thread.
[[nodiscard]] llama_context_params contextParameters(const ContextShape &shape);

} // namespace tramontane::engine
