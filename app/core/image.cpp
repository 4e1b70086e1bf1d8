// SPDX-License-Identifier: Apache-2.0
#include "app/core/image.h"

#include "app/core/chat_turn.h"
#include "app/core/digest.h"

#include <algorithm>
#include <array>

namespace tramontane {

namespace {

Error refused(std::string message, const char *detail)
{
    return {ErrorCode::InvalidArgument, std::move(message), detail};
}

std::string sizeText(std::int64_t width, std::int64_t height)
{
    return std::to_string(width) + " × " + std::to_string(height);
}

std::array<std::uint8_t, 8> sizeBytes(int width, int height)
{
    std::array<std::uint8_t, 8> bytes{};
    for (std::size_t i = 0; i < 4; ++i) {
        bytes.at(i) = static_cast<std::uint8_t>(static_cast<std::uint32_t>(width) >> (8 * i));
        bytes.at(i + 4) = static_cast<std::uint8_t>(static_cast<std::uint32_t>(height) >> (8 * i));
    }
    return bytes;
}

} // namespace

std::string imageHash(int width, int height, std::string_view rgb)
{
    Sha256 hash;
    hash.update(sizeBytes(width, height));
    hash.update(rgb);
    return toHex(hash.finish());
}

Status checkImageSize(std::int64_t width, std::int64_t height)
{
    if (width < 1 || height < 1)
        return refused("An image has no pixels.", "image size");
    if (width > kLongestImageSide || height > kLongestImageSide)
        return refused("An image has " + sizeText(width, height) + " pixels; a side may have at most "
                           + std::to_string(kLongestImageSide) + ". Make it smaller.",
                       "image side");
    if (width * height > kMostImagePixels)
        return refused("An image has " + sizeText(width, height)
                           + " pixels; at most 64 million are looked at. Make it smaller.",
                       "image pixels");
    if (std::max(width, height) > kMostImageRatio * std::min(width, height))
        return refused("An image has " + sizeText(width, height)
                           + " pixels; it is too narrow to be looked at. Cut it into pieces.",
                       "image ratio");
    return {};
}

std::uint64_t imageBytes(const ImageRef &image)
{
    return std::uint64_t{3} * static_cast<std::uint64_t>(image.width) * static_cast<std::uint64_t>(image.height);
}

std::vector<ImageRef> distinctImages(const std::vector<ChatTurn> &turns)
{
    std::vector<ImageRef> images;
    for (const ChatTurn &turn : turns) {
        for (const ImageRef &image : turn.images) {
            const bool seen = std::any_of(images.begin(), images.end(),
                                          [&](const ImageRef &other) { return other.sha256 == image.sha256; });
            if (!seen)
                images.push_back(image);
        }
    }
    return images;
}

Status checkImages(const std::vector<ChatTurn> &turns)
{
    const std::vector<ImageRef> distinct = distinctImages(turns);
    std::size_t count = 0;
    std::int64_t pixels = 0;
    for (const ChatTurn &turn : turns) {
        if (!turn.images.empty() && turn.role != Role::User)
            return refused("Images can only go with a question.", "image of another role");
        for (const ImageRef &image : turn.images) {
            if (const Status size = checkImageSize(image.width, image.height); !size)
                return size;
            if (!hash32FromHex(image.sha256))
                return refused("An image has no SHA-256.", "image hash");
            if (std::find(distinct.begin(), distinct.end(), image) == distinct.end())
                return refused("Two images of different sizes have one SHA-256.", "image hash");
            pixels += std::int64_t{image.width} * image.height;
            ++count;
        }
    }
    if (count > kMostImages)
        return refused("A conversation may hold at most " + std::to_string(kMostImages) + " images.", "images");
    if (pixels > kMostImagePixels)
        return refused("The images of a conversation may have at most 64 million pixels together. Make them smaller.",
                       "pixels of all images");
    return {};
}

} // namespace tramontane
