// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/image/image_prompt.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace tramontane::engine {

namespace {

using Pieces = std::vector<ImagePiece>;

Error withoutProjector()
{
    return {ErrorCode::ModelUnsupported,
            "The conversation holds an image, and the model is loaded without a projector, so it cannot see. Load it "
            "with the "
            "projector that belongs to it.",
            "no projector"};
}

/// Each image is read once, however often it is in the conversation.
Result<std::map<std::string, Pieces>> readAll(const Projector &projector, const std::vector<ImageRef> &images,
                                              std::string_view pixels)
{
    std::map<std::string, Pieces> read;
    const bool counting = pixels.empty();
    for (const ImageRef &image : images) {
        const std::uint64_t size = counting ? 0 : imageBytes(image);
        if (pixels.size() < size)
            return Error{ErrorCode::InvalidArgument, "The pixels of an image are incomplete.", "bytes of images"};
        const std::string_view rgb = pixels.substr(0, size);
        pixels.remove_prefix(size);
        if (!counting && imageHash(image.width, image.height, rgb) != image.sha256)
            return Error{ErrorCode::InvalidArgument, "The pixels of an image are not those of its SHA-256.", "hash"};
        auto pieces = projector.read(image, rgb);
        if (!pieces)
            return pieces.error();
        read.emplace(image.sha256, std::move(*pieces));
    }
    if (!pixels.empty())
        return Error{ErrorCode::InvalidArgument, "There are pixels that belong to no image.", "bytes of images"};
    return read;
}

void append(TokenIds &tokens, const TokenIds &more)
{
    tokens.insert(tokens.end(), more.begin(), more.end());
}

void appendImage(ImagePrompt &prompt, const Pieces &pieces, const ImageKeys &keys, const std::string &sha256)
{
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (pieces[i].chunk == nullptr) {
            append(prompt.tokens, pieces[i].text);
            continue;
        }
        prompt.images.push_back({prompt.tokens.size(), pieces[i], {}});
        append(prompt.tokens, keys.cells(sha256, i, pieces[i].cells));
    }
}

} // namespace

ImageSpan *ImagePrompt::imageAt(std::size_t position) noexcept
{
    const auto found = std::find_if(images.begin(), images.end(), [=](const ImageSpan &span) {
        return span.first <= position && position < span.end();
    });
    return found == images.end() ? nullptr : &*found;
}

std::size_t ImagePrompt::textFrom(std::size_t position) const noexcept
{
    const auto next =
        std::find_if(images.begin(), images.end(), [=](const ImageSpan &span) { return position < span.end(); });
    if (next == images.end())
        return static_cast<std::size_t>(-1);
    return next->first <= position ? 0 : next->first - position;
}

Result<ImagePrompt> makeImagePrompt(const PromptTokens &prompts, const Projector *projector, const ImageKeys &keys,
                                    const PromptInput &input, std::string_view pixels)
{
    const std::vector<ImageRef> images = distinctImages(input.turns);
    if (const Status checked = checkImages(input.turns); !checked)
        return checked.error();
    auto stretches = prompts.stretches(input);
    if (!stretches)
        return stretches.error();
    if (images.empty())
        return ImagePrompt(std::move(stretches->front()));
    if (projector == nullptr)
        return withoutProjector();
    const auto read = readAll(*projector, images, pixels);
    if (!read)
        return read.error();
    ImagePrompt prompt(std::move(stretches->front()));
    auto next = std::next(stretches->begin());
    for (const ChatTurn &turn : input.turns) {
        for (const ImageRef &image : turn.images) {
            appendImage(prompt, read->at(image.sha256), keys, image.sha256);
            append(prompt.tokens, *next++);
        }
    }
    // The logits of the last token begin the answer, and an image has none.
    if (isImageCell(prompt.tokens.back()))
        return Error{ErrorCode::ModelUnsupported, "The chat template of the model does not allow images.",
                     "image at the end of the prompt"};
    return prompt;
}

} // namespace tramontane::engine
