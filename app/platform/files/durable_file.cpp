// SPDX-License-Identifier: Apache-2.0
#include "app/platform/files/durable_file.h"

#include "app/platform/files/file_error.h"

#include <fstream>

namespace tramontane::files {

Result<std::string> readWholeFile(const std::filesystem::path &path, std::size_t maxBytes)
{
    std::error_code failure;
    const auto status = std::filesystem::status(path, failure);
    if (status.type() == std::filesystem::file_type::not_found)
        return fileError(std::make_error_code(std::errc::no_such_file_or_directory), "reading", path);
    if (failure)
        return fileError(failure, "reading", path);
    // A pipe or device of that name would never end.
    if (status.type() != std::filesystem::file_type::regular)
        return Error{ErrorCode::InvalidArgument, "Something of that name is not a file.", utf8Path(path)};
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return fileError(std::make_error_code(std::errc::permission_denied), "reading", path);
    std::string content(maxBytes + 1, '\0');
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    if (file.bad())
        return fileError(std::make_error_code(std::errc::io_error), "reading", path);
    content.resize(static_cast<std::size_t>(file.gcount()));
    if (content.size() > maxBytes)
        return Error{ErrorCode::InvalidArgument, "A file is larger than its kind can be.", utf8Path(path)};
    return content;
}

} // namespace tramontane::files
