// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "inference/protocol/messages.h"

#include <llama.h>

#include <string>

// What kind of model a file holds, against what it is to be used for. Any thread.
namespace tramontane::engine {

/// What can be seen before the model is loaded. Errors: ModelUnsupported (a reranker is to hold conversations or to make
/// vectors, or another model is to rank), InvalidArgument (a choice of pooling for what is no embedding model).
[[nodiscard]] Status checkKind(const protocol::Load &request, const ModelDescription &found);

/// What only llama.cpp knows. Errors: ModelUnsupported: nothing says how to make one vector of a text's, or the model
/// sorts texts into classes instead of giving a score.
[[nodiscard]] Status checkPooling(ModelKind kind, const llama_model *model, const llama_context *context);

/// How a context is to pool.
[[nodiscard]] enum llama_pooling_type poolingType(ModelKind kind, Pooling pooling);

/// "mean", "cls", "last", "rank"; empty: the context does not pool.
[[nodiscard]] std::string poolingOf(const llama_context *context);

} // namespace tramontane::engine
