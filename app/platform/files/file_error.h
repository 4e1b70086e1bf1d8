// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/error.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace tramontane::files {

/// The Error for a system error while `doing` ("writing") something with `path`: NoSpace (full, over quota),
/// StorageReadOnly (read-only file system), NotFound, IoFailed (the rest). Any thread.
[[nodiscard]] Error fileError(std::error_code failure, std::string_view doing, const std::filesystem::path &path);

/// InvalidArgument for a new file in whose place there is something already. Any thread.
[[nodiscard]] Error fileExists(const std::filesystem::path &path);

/// The path as UTF-8 on every system, for messages and logs.
[[nodiscard]] std::string utf8Path(const std::filesystem::path &path);

/// The absolute path of one in UTF-8, without "." and "..". Any thread.
[[nodiscard]] std::filesystem::path absolutePath(const std::string &utf8);

} // namespace tramontane::files
