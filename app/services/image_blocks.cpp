// SPDX-License-Identifier: Apache-2.0
#include "app/services/image_blocks.h"

#include "app/core/digest.h"

#include <algorithm>
#include <sstream>

namespace tramontane {

namespace {

bool contains(const std::vector<ImageRef> &images, const ImageRef &wanted)
{
    return std::find(images.begin(), images.end(), wanted) != images.end();
}

} // namespace

Block imageBlock(const ImageRef &image)
{
    const std::string size = std::to_string(image.width) + " × " + std::to_string(image.height);
    return {BlockKind::Image, "[Image, " + size + " pixels]",
            std::to_string(image.width) + " " + std::to_string(image.height) + " " + image.sha256};
}

std::optional<ImageRef> imageOf(const Block &block)
{
    if (block.kind != BlockKind::Image)
        return std::nullopt;
    ImageRef image;
    std::istringstream detail(block.detail);
    if (!(detail >> image.width >> image.height >> image.sha256) || !hash32FromHex(image.sha256))
        return std::nullopt;
    return image;
}

std::vector<ImageRef> newImages(const std::vector<Message> &thread, const Images &given)
{
    std::vector<ImageRef> known;
    for (const Message &message : thread) {
        for (const Block &block : message.blocks) {
            if (const auto image = imageOf(block))
                known.push_back(*image);
        }
    }
    std::vector<ImageRef> found;
    for (const auto &image : given) {
        if (!contains(known, image->about) && !contains(found, image->about))
            found.push_back(image->about);
    }
    return found;
}

Status checkImagesAtHand(const std::vector<ChatTurn> &turns, const Images &given)
{
    if (const Status checked = checkImages(turns); !checked)
        return Error{checked.error().code, "Not sent: " + checked.error().message, checked.error().detail};
    for (const ImageRef &wanted : distinctImages(turns)) {
        const bool there =
            std::any_of(given.begin(), given.end(), [&](const auto &image) { return image->about == wanted; });
        if (!there)
            return Error{ErrorCode::InvalidArgument,
                         "Not sent: an earlier message of this conversation shows an image of "
                             + std::to_string(wanted.width) + " × " + std::to_string(wanted.height)
                             + " pixels, and images are not kept. Give it again (tramontanectl chat --image FILE), or "
                               "begin a new conversation.",
                         "image not at hand"};
    }
    return {};
}

} // namespace tramontane
