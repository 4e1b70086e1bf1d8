// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/sampling.h"

#include <llama.h>

#include <span>

namespace tramontane::engine {

/// The bytes that a token stands for. `special`: control words are shown, too.
[[nodiscard]] std::string tokenBytes(const llama_vocab *vocab, llama_token token, bool special);

/// How likely `chosen` was by these logits (one per token of the vocabulary), and the `alternatives` most likely tokens,
/// most likely first, equal ones by id. The logarithm of the softmax, computed in double; -10000 stands for
/// impossible. The same logits always give the same bits. Any thread.
[[nodiscard]] TokenLogprob tokenLogprob(const llama_vocab *vocab, std::span<const float> logits, llama_token chosen,
                                        int alternatives);

} // namespace tramontane::engine
