// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <llama.h>

namespace tramontane::engine {

/// How a model goes back to an earlier place of a conversation.
enum class GoingBack {
    Anywhere,         // its memory is cut there
    Checkpoints,      // recurrent: what was remembered there has to be put back
    CheckpointsAndKv, // hybrid, sliding window: put back, and the rest of the memory is cut there
};

[[nodiscard]] GoingBack goingBack(const llama_model *model) noexcept;

/// "any" or "checkpoints": LoadedModel::prefixReuse.
[[nodiscard]] const char *prefixReuseName(GoingBack goingBack) noexcept;

} // namespace tramontane::engine
