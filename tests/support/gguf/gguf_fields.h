// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace tramontane::test {

/// What a piece of a GGUF header is (ggml/docs/gguf.md).
enum class GgufFieldKind {
    Magic,
    Version,
    TensorCount,
    PairCount,
    KeyLength,
    Key,
    ValueType,
    Scalar,
    TextLength, // of a value or of an element of an array
    Text,
    ElementType,
    ElementCount,
    Elements, // all of an array of numbers
    NameLength,
    Name,
    DimensionCount,
    Size,
    TensorType,
    Offset,
};

struct GgufField {
    GgufFieldKind kind = GgufFieldKind::Magic;
    std::uint32_t entry = 0; // which pair, or which tensor
    std::uint32_t width = 0; // bytes of a number, or of one element; 0: text
    std::string_view bytes;  // in the file
};

/// Every field of a sound header, in the order of the file and without gaps: their bytes together are the header.
/// Empty when `file` is no GGUF file of version 2 or 3, or ends inside its header. The file outlives the fields.
[[nodiscard]] std::vector<GgufField> ggufFields(std::string_view file);

} // namespace tramontane::test
