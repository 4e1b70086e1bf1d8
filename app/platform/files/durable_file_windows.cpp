// SPDX-License-Identifier: Apache-2.0
#include "app/platform/files/durable_file.h"
#include "app/platform/files/file_error.h"

#include <windows.h>

#include <algorithm>

namespace tramontane::files {

namespace {

std::error_code lastError()
{
    return {static_cast<int>(::GetLastError()), std::system_category()};
}

/// `how`: CREATE_ALWAYS or CREATE_NEW.
HANDLE openToWrite(const std::filesystem::path &path, DWORD how)
{
    return ::CreateFileW(path.c_str(), GENERIC_WRITE, 0, nullptr, how, FILE_ATTRIBUTE_NORMAL, nullptr);
}

/// Writes, flushes and closes; the reason if that failed.
std::error_code writeSynced(HANDLE file, std::string_view content)
{
    if (file == INVALID_HANDLE_VALUE)
        return lastError();
    std::error_code failure;
    while (!content.empty() && !failure) {
        const auto piece = static_cast<DWORD>(std::min<std::size_t>(content.size(), 1u << 20));
        DWORD written = 0;
        if (!::WriteFile(file, content.data(), piece, &written, nullptr))
            failure = lastError();
        content.remove_prefix(written);
    }
    if (!failure && !::FlushFileBuffers(file))
        failure = lastError();
    ::CloseHandle(file);
    return failure;
}

} // namespace

Status replaceFile(const std::filesystem::path &path, std::string_view content)
{
    std::filesystem::path fresh = path;
    fresh += L".new";
    auto failure = writeSynced(openToWrite(fresh, CREATE_ALWAYS), content);
    if (!failure && !::MoveFileExW(fresh.c_str(), path.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
        failure = lastError();
    if (failure) {
        ::DeleteFileW(fresh.c_str());
        return fileError(failure, "writing", path);
    }
    return {};
}

Status createFile(const std::filesystem::path &path, std::string_view content)
{
    HANDLE file = openToWrite(path, CREATE_NEW);
    if (file == INVALID_HANDLE_VALUE)
        return ::GetLastError() == ERROR_FILE_EXISTS ? fileExists(path) : fileError(lastError(), "writing", path);
    if (const auto failure = writeSynced(file, content)) {
        ::DeleteFileW(path.c_str());
        return fileError(failure, "writing", path);
    }
    return {};
}

Status syncDirectory(const std::filesystem::path &directory)
{
    // NTFS journals names itself, and MOVEFILE_WRITE_THROUGH waits for it; folders cannot be flushed.
    std::error_code failure;
    if (!std::filesystem::is_directory(directory, failure))
        return fileError(std::make_error_code(std::errc::no_such_file_or_directory), "syncing", directory);
    return {};
}

Status makePrivateDirectory(const std::filesystem::path &directory)
{
    if (::CreateDirectoryW(directory.c_str(), nullptr))
        return {};
    if (::GetLastError() == ERROR_ALREADY_EXISTS)
        return Error{ErrorCode::VaultExists, "There is already a folder of that name.", utf8Path(directory)};
    return fileError(lastError(), "making", directory);
}

} // namespace tramontane::files
