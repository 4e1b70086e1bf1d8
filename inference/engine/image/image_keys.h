// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/digest.h"
#include "inference/engine/prompt/control_words.h"

#include <cstddef>

namespace tramontane::engine {

/// Names for what an image takes up in the memory of a context, one for each of its cells: numbers below -1, which no
/// token has. The same image has the same names as long as the worker lives, so that a conversation that begins with it
/// is known again; another image has others. They come from SHA-256 over a secret of the object, so that nobody can make
/// an image that passes for another one. Any thread.
class ImageKeys {
public:
    ImageKeys();

    /// Of the `piece`-th piece of an image with this SHA-256 (hex), which has `count` cells.
    [[nodiscard]] TokenIds cells(const std::string &sha256, std::size_t piece, std::size_t count) const;

private:
    Hash32 m_secret{};
};

/// Whether a cell is part of an image.
[[nodiscard]] inline bool isImageCell(llama_token token) noexcept
{
    return token < LLAMA_TOKEN_NULL;
}

} // namespace tramontane::engine
