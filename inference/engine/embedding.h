// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/loaded_engine.h"

#include <atomic>
#include <string>
#include <vector>

namespace tramontane::engine {

/// Vectors of texts, one row after the other.
struct Vectors {
    int rows = 0;
    int dims = 0;
    std::vector<float> values;

    /// float32, little endian, row after row: what a Bulk transfer holds.
    [[nodiscard]] std::string bytes() const;
};

/// One L2-normalised vector per text, pooled as the model says; control words in texts stay text. The thread that owns
/// `engine`. Errors: ModelUnsupported (a chat model), InvalidArgument (no texts), ContextFull (a text longer than the
/// model's context; the detail says which), Cancelled, Internal.
[[nodiscard]] Result<Vectors> embed(LoadedEngine &engine, const std::vector<std::string> &texts,
                                    const std::atomic<bool> &cancelled);

} // namespace tramontane::engine
