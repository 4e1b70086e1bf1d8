// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/chat_turn.h"
#include "app/core/conversation.h"
#include "app/core/image.h"
#include "app/core/result.h"

#include <memory>
#include <optional>
#include <vector>

// Images in conversations. The vault keeps which image it was, not its pixels: who goes on with the conversation gives
// it again. Any thread.
namespace tramontane {

using Images = std::vector<std::shared_ptr<const RawImage>>;

/// A block that says which image was there: a line for the person, and size and SHA-256 as its detail.
[[nodiscard]] Block imageBlock(const ImageRef &image);

/// The image of a block of kind Image; nothing when its detail is none.
[[nodiscard]] std::optional<ImageRef> imageOf(const Block &block);

/// Those of `given` that no message shows yet, in order, each once.
[[nodiscard]] std::vector<ImageRef> newImages(const std::vector<Message> &thread, const Images &given);

/// Whether what the model is to see is there and within limits. Errors: InvalidArgument: checkImages(), or the pixels of
/// an earlier image are not among `given`; the message says what to do.
[[nodiscard]] Status checkImagesAtHand(const std::vector<ChatTurn> &turns, const Images &given);

} // namespace tramontane
