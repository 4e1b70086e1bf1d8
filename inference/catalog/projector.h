// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "inference/catalog/gguf_file.h"

#include <string>
#include <vector>

// Files that turn images into what a chat model takes for words (general.architecture "clip"; the keys are those of
// llama.cpp's tools/mtmd/clip-impl.h). Any thread.
namespace tramontane::catalog {

/// Whether the file calls itself a projector.
[[nodiscard]] bool isProjector(const GgufFile &first);

/// "idefics3"; empty: the file does not say.
[[nodiscard]] std::string projectorType(const GgufFile &file);

/// Numbers in the vectors that it makes, as the last tensor of the known kinds says; 0: another kind.
[[nodiscard]] int projectorWidth(const GgufFile &file);

/// What llama.cpp takes on trust: counts within bounds, an image size that patches fill, three numbers for mean and
/// deviation of the colours, tensors. Errors: ModelNotGguf (damaged), ModelUnsupported (in several files, without eyes,
/// not named, or no tensors).
[[nodiscard]] Status checkProjector(const std::vector<GgufFile> &parts);

} // namespace tramontane::catalog
