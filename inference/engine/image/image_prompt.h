// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/image/image_keys.h"
#include "inference/engine/image/projector.h"
#include "inference/engine/prompt/prompt_tokens.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace tramontane::engine {

/// The cells of one piece of an image in a prompt.
struct ImageSpan {
    std::size_t first = 0; // position in the prompt
    ImagePiece piece;
    std::vector<float> embeddings; // empty until the piece is encoded

    [[nodiscard]] std::size_t end() const noexcept { return first + piece.cells; }
};

/// A prompt as tokens; cells of images are named by ImageKeys. Move-only: embeddings are large.
struct ImagePrompt {
    TokenIds tokens;
    std::vector<ImageSpan> images; // by position

    ImagePrompt() = default;
    explicit ImagePrompt(TokenIds text) : tokens(std::move(text)) {}
    ImagePrompt(ImagePrompt &&) noexcept = default;
    ImagePrompt &operator=(ImagePrompt &&) noexcept = default;
    ImagePrompt(const ImagePrompt &) = delete;
    ImagePrompt &operator=(const ImagePrompt &) = delete;
    ~ImagePrompt() = default;

    /// The piece that has the cell at `position`; null: a token is there.
    [[nodiscard]] ImageSpan *imageAt(std::size_t position) noexcept;
    /// How many tokens follow from `position` on before the next image.
    [[nodiscard]] std::size_t textFrom(std::size_t position) const noexcept;
};

/// Puts the images of a conversation where the template has put their turns. `pixels`: of distinctImages() one after the
/// other; empty: only to count. The thread that uses `prompts`. Errors: those of PromptTokens and Projector;
/// InvalidArgument: checkImages(), pixels that are missing or are not those of the SHA-256; ModelUnsupported: `projector`
/// is null and there are images, or the template leaves an image out or ends with one.
[[nodiscard]] Result<ImagePrompt> makeImagePrompt(const PromptTokens &prompts, const Projector *projector,
                                                  const ImageKeys &keys, const PromptInput &prompt,
                                                  std::string_view pixels);

} // namespace tramontane::engine
