// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "inference/catalog/gguf_file.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Models that are cut into several files: "name-00001-of-00003.gguf" and so on, as llama-gguf-split makes them. The
// first part holds all keys. Any thread.
namespace tramontane::catalog {

inline constexpr int kMostParts = 1024;

struct PartName {
    std::string prefix; // all before "-00001-of-"
    int number = 1;     // from 1
    int count = 1;
};

/// Nothing for a name that is not that of a part. `path` may have a folder.
[[nodiscard]] std::optional<PartName> partName(std::string_view path);

/// The paths of all parts in their order if `path` is that of one; else `path` alone.
[[nodiscard]] std::vector<std::string> partPaths(const std::string &path);

/// Whether these files, which were read in the order of their names, are all parts of one model: split.no, split.count,
/// split.tensors.count, no tensor in two parts. One file must not call itself a part.
/// Errors: ModelUnsupported (a part under another name), ModelNotGguf (the parts contradict each other).
[[nodiscard]] Status checkParts(const std::vector<GgufFile> &parts);

} // namespace tramontane::catalog
