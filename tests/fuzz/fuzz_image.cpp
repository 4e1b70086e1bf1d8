// SPDX-License-Identifier: Apache-2.0
// A file that claims to be an image. The decoder says yes or no; what it says yes to has the pixels that it names.
#include "inference/engine/image/image_decoder.h"

#include <cstdlib>

using namespace tramontane;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto image = engine::decodeImage({reinterpret_cast<const char *>(data), size});
    if (!image) {
        if (image.error().message.empty() || image.error().detail.empty())
            std::abort();
        return 0;
    }
    const ImageRef &about = image->about;
    if (!checkImageSize(about.width, about.height) || image->rgb.size() != imageBytes(about)
        || about.sha256 != imageHash(about.width, about.height, image->rgb))
        std::abort();
    return 0;
}
