// SPDX-License-Identifier: Apache-2.0
#include "app/platform/files/file_error.h"

#include <cerrno>

namespace tramontane::files {

namespace {

bool isFull(std::error_code failure)
{
#ifdef EDQUOT
    if (failure == std::error_code(EDQUOT, std::system_category())
        || failure == std::error_code(EDQUOT, std::generic_category()))
        return true;
#endif
    return failure == std::errc::no_space_on_device;
}

} // namespace

Error fileError(std::error_code failure, std::string_view doing, const std::filesystem::path &path)
{
    const std::string detail =
        std::string(doing) + " " + utf8Path(path) + ": system error " + std::to_string(failure.value());
    if (isFull(failure))
        return {ErrorCode::NoSpace, "The disk is full. Nothing was changed; free some space and try again.", detail};
    if (failure == std::errc::read_only_file_system)
        return {ErrorCode::StorageReadOnly, "The disk is read-only. Make it writable and try again.", detail};
    if (failure == std::errc::no_such_file_or_directory)
        return {ErrorCode::NotFound, "A file or folder is missing.", detail};
    if (failure == std::errc::permission_denied || failure == std::errc::operation_not_permitted)
        return {ErrorCode::IoFailed, "A file or folder may not be used by this account. Check its permissions.",
                detail};
    return {ErrorCode::IoFailed, "The disk reported an error. Check the disk, then try again.", detail};
}

Error fileExists(const std::filesystem::path &path)
{
    return {ErrorCode::InvalidArgument,
            "There is already something of that name, and it was not changed. Choose another name for the file.",
            utf8Path(path)};
}

std::string utf8Path(const std::filesystem::path &path)
{
    const std::u8string text = path.u8string();
    return {reinterpret_cast<const char *>(text.data()), text.size()};
}

std::filesystem::path absolutePath(const std::string &utf8)
{
    const std::filesystem::path path(reinterpret_cast<const char8_t *>(utf8.c_str()));
    std::error_code failure;
    const std::filesystem::path absolute = std::filesystem::absolute(path, failure);
    return (failure ? path : absolute).lexically_normal();
}

} // namespace tramontane::files
