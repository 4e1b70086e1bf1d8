// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "inference/catalog/byte_source.h"
#include "inference/catalog/gguf_file.h"

namespace tramontane::catalog {

/// Sizes that no model known in 2026 comes near, so that a header that lies cannot make a reader work for hours.
struct GgufLimits {
    std::uint64_t headerBytes = std::uint64_t{128} << 20;
    std::uint64_t keys = 1 << 16;
    std::uint64_t tensors = 1 << 17;
    std::uint64_t keyBytes = 255;
    std::uint64_t tensorNameBytes = 63; // llama.cpp keeps no more
    std::uint64_t textBytes = std::uint64_t{32} << 20;
    std::uint64_t arrayElements = 1 << 24;
    std::uint64_t tokens = 1 << 22;    // of the vocabulary
    std::uint64_t keptIntegers = 4096; // of an array of whole numbers; longer ones are passed over
    std::uint64_t keptIntegersInAll = 1 << 20;
};

/// Reads the header of one file (ggml/docs/gguf.md, versions 2 and 3, little endian) and checks everything that can be
/// checked without the tensors' data: counts, lengths, types and characters; keys and tensors that are there twice;
/// alignment; that each tensor's data begins where it must, overlaps no other and ends inside the file. Arrays of arrays
/// are refused. No more than `limits.headerBytes` are read. What the keys mean is for checkModel().
/// Errors: ModelNotGguf (another kind of file, or a damaged one), ModelTruncated (the file is shorter than its header
/// says), ModelUnsupported (version, byte order, header too long), IoFailed. Any thread.
[[nodiscard]] Result<GgufFile> readGguf(ByteSource &source, const GgufLimits &limits = {});

} // namespace tramontane::catalog
