// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "inference/engine/model/loaded_engine.h"

#include <span>

namespace tramontane::engine {

/// What the model makes of one text as a whole: a vector, or of a reranker its scores (the first is the one that counts).
/// `tokens` are at least one and at most mostTokens(). The numbers are finite and stay until the next call. The thread
/// that owns `engine`. Errors: Internal.
[[nodiscard]] Result<std::span<const float>> pooled(LoadedEngine &engine, std::span<const llama_token> tokens);

/// How long a text can be: it goes through the model in one piece.
[[nodiscard]] std::size_t mostTokens(const LoadedEngine &engine);

} // namespace tramontane::engine
