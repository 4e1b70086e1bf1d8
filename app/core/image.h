// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Images that go with a question, as pixels: no program that holds a vault or a model reads an image file. Any thread.
namespace tramontane {

struct ChatTurn;

inline constexpr std::size_t kMostImages = 16;                // of a request
inline constexpr std::int64_t kMostImagePixels = 64'000'000;  // of all images of a request
inline constexpr int kLongestImageSide = 16'384;              // pixels
inline constexpr int kMostImageRatio = 100;                   // of the longer side to the shorter one
inline constexpr std::int64_t kMostImageFileBytes = 64 << 20; // of a PNG or JPEG file

/// Which image: enough to count its tokens and to know it again.
struct ImageRef {
    int width = 0; // pixels
    int height = 0;
    std::string sha256; // imageHash(), lower-case hex
    bool operator==(const ImageRef &) const = default;
};

/// An image as its pixels: red, green and blue with 8 bits each, row after row from the top left, nothing in between.
struct RawImage {
    ImageRef about;
    std::string rgb;
};

/// SHA-256 of width and height (32 bits each, little endian) and the pixels.
[[nodiscard]] std::string imageHash(int width, int height, std::string_view rgb);

/// Whether such an image can be looked at. Errors: InvalidArgument with what is wrong: no pixels, a side that is too
/// long, too many pixels, too narrow.
[[nodiscard]] Status checkImageSize(std::int64_t width, std::int64_t height);

/// Bytes of the pixels of an image whose size checkImageSize() lets through.
[[nodiscard]] std::uint64_t imageBytes(const ImageRef &image);

/// The images of a conversation in the order of their first appearance, each once. That is the order in which their
/// pixels are sent.
[[nodiscard]] std::vector<ImageRef> distinctImages(const std::vector<ChatTurn> &turns);

/// Number, sizes and names of all images of a conversation. Errors: InvalidArgument: more than kMostImages, more than
/// kMostImagePixels in all, one of an impossible size, no SHA-256, two sizes under one SHA-256, or not with a person's
/// turn.
[[nodiscard]] Status checkImages(const std::vector<ChatTurn> &turns);

} // namespace tramontane
