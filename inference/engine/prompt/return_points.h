// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/prompt/prompt_tokens.h"

#include <cstddef>
#include <vector>

namespace tramontane::engine {

/// The places in a prompt to which its conversation will most likely go back: where the first question begins, behind
/// what other conversations may have in common with it, and where the last one begins, which people edit. Ascending;
/// empty where there is no question. Found by asking for the same conversation with another question: what both begin
/// with is kept whatever the template does. `tokens`: what `prompts` made of `prompt`. The thread of `prompts`.
[[nodiscard]] std::vector<std::size_t> returnPoints(const PromptTokens &prompts, const PromptInput &prompt,
                                                    const TokenIds &tokens);

} // namespace tramontane::engine
