// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/image.h"
#include "app/core/result.h"

#include <string_view>

namespace tramontane::engine {

/// The pixels of a PNG or JPEG file (stb_image, its two decoders alone). Transparency is left out, 16 bits become 8, and
/// the camera's note on how the image was held is not read: as llama.cpp's own tools do it. A hostile file may crash this: only a process that can do
/// nothing else may call it. One thread at a time. Errors: InvalidArgument: more than kMostImageFileBytes, neither PNG
/// nor JPEG, damaged, and what checkImageSize() refuses, before any pixel is decoded.
[[nodiscard]] Result<RawImage> decodeImage(std::string_view file);

} // namespace tramontane::engine
