// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/policy/policy.h"

#include <filesystem>
#include <string>
#include <vector>

// Reading files that only an administrator can have written. Any thread; blocks for the disk.
namespace tramontane::trusted {

struct FolderContent {
    std::string problem;           // the folder itself must not be trusted; then there are no files
    std::vector<PolicyFile> files; // in the order of their names
};

/// All files of `folder` (an absolute path) whose names end in ".json" and do not begin with a dot, each with its content
/// or its problem. A folder that does not exist has no files. Never fails.
[[nodiscard]] FolderContent readFolder(const std::filesystem::path &folder);

} // namespace tramontane::trusted
