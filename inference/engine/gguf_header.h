// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <cstdint>
#include <cstdio>

namespace tramontane::engine {

/// Walks over the header of a GGUF file (ggml/docs/gguf.md, versions 2 and 3) without keeping anything: so that "not a
/// model", "cut off" and "damaged" can be told apart before a parser sees the file. Reads from the beginning of `file`.
/// Errors: ModelNotGguf (another kind of file, or counts, lengths and types that cannot be), ModelTruncated (the file
/// ends inside the header or before the data that it announces), ModelUnsupported (version, byte order), IoFailed. Any
/// thread.
[[nodiscard]] Status checkGgufHeader(std::FILE *file, std::uint64_t fileBytes);

} // namespace tramontane::engine
