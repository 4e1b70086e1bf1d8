// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/image/image_decoder.h"

// Everything but these two decoders stays out, and nothing of it is seen by llama.cpp's own copy.
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STBI_MAX_DIMENSIONS 16384
#include <stb/stb_image.h>

#include <memory>

namespace tramontane::engine {

static_assert(STBI_MAX_DIMENSIONS == kLongestImageSide);

namespace {

constexpr int kColours = 3;

Error unreadable(const char *detail)
{
    return {ErrorCode::InvalidArgument, "The file is no image that can be read: PNG and JPEG are, unless damaged.",
            detail};
}

struct PixelsDeleter {
    void operator()(stbi_uc *pixels) const noexcept { stbi_image_free(pixels); }
};

} // namespace

Result<RawImage> decodeImage(std::string_view file)
{
    if (file.size() > static_cast<std::size_t>(kMostImageFileBytes))
        return Error{ErrorCode::InvalidArgument, "The image file is larger than 64 MiB. Make it smaller.", "file size"};
    const auto *bytes = reinterpret_cast<const stbi_uc *>(file.data());
    const int length = static_cast<int>(file.size());
    int width = 0;
    int height = 0;
    int colours = 0;
    if (stbi_info_from_memory(bytes, length, &width, &height, &colours) == 0)
        return unreadable("no header");
    if (const Status size = checkImageSize(width, height); !size)
        return size.error();
    int decodedWidth = 0;
    int decodedHeight = 0;
    const std::unique_ptr<stbi_uc, PixelsDeleter> pixels(
        stbi_load_from_memory(bytes, length, &decodedWidth, &decodedHeight, &colours, kColours));
    if (!pixels || decodedWidth != width || decodedHeight != height)
        return unreadable("no pixels");
    RawImage image;
    image.about = {width, height, {}};
    image.rgb.assign(reinterpret_cast<const char *>(pixels.get()), imageBytes(image.about));
    image.about.sha256 = imageHash(width, height, image.rgb);
    return image;
}

} // namespace tramontane::engine
