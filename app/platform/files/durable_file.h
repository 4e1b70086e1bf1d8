// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace tramontane::files {

/// Puts `content` into `path`: new file beside it (mode 0600), sync, rename, sync of the folder. Readers see the old
/// or the new content, also after a power cut. Errors: NoSpace, StorageReadOnly, NotFound (no folder), IoFailed; the
/// old file is then unchanged and no new one is left (if only the last sync failed, the new content is in place but may
/// not survive a power cut). Not on the GUI thread.
[[nodiscard]] Status replaceFile(const std::filesystem::path &path, std::string_view content);

/// Writes a file that must not be there yet (mode 0600), synced, with its folder. Never follows a link, never overwrites.
/// Errors: InvalidArgument (something of that name is there; untouched), NoSpace, StorageReadOnly, NotFound (no folder),
/// IoFailed; after an error nothing of it is left. Not on the GUI thread.
[[nodiscard]] Status createFile(const std::filesystem::path &path, std::string_view content);

/// Makes renames and removals in this folder durable. Errors: NotFound, IoFailed.
[[nodiscard]] Status syncDirectory(const std::filesystem::path &directory);

/// Makes a folder that only this account may enter (mode 0700; on Windows the profile's own rights). Its parent must
/// exist. Errors: VaultExists when there is already something of that name, NoSpace, StorageReadOnly, NotFound, IoFailed.
[[nodiscard]] Status makePrivateDirectory(const std::filesystem::path &directory);

/// The whole content. Errors: NotFound, InvalidArgument when it is longer than `maxBytes` or not a regular file,
/// IoFailed. Any thread but the GUI's.
[[nodiscard]] Result<std::string> readWholeFile(const std::filesystem::path &path, std::size_t maxBytes);

} // namespace tramontane::files
