// SPDX-License-Identifier: Apache-2.0
#include "app/platform/files/durable_file.h"
#include "app/platform/files/file_error.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace tramontane::files {

namespace {

std::error_code lastError()
{
    return {errno, std::system_category()};
}

bool writeAll(int file, std::string_view content)
{
    while (!content.empty()) {
        const ssize_t written = ::write(file, content.data(), content.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// `how`: O_TRUNC or O_EXCL.
int openToWrite(const std::filesystem::path &path, int how)
{
    return ::open(path.c_str(), O_WRONLY | O_CREAT | how | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/// Writes, syncs and closes; the reason if that failed.
std::error_code writeSynced(int file, std::string_view content)
{
    if (file < 0)
        return lastError();
    std::error_code failure;
    if (!writeAll(file, content) || ::fsync(file) != 0)
        failure = lastError();
    if (::close(file) != 0 && !failure)
        failure = lastError();
    return failure;
}

} // namespace

Status replaceFile(const std::filesystem::path &path, std::string_view content)
{
    std::filesystem::path fresh = path;
    fresh += ".new";
    auto failure = writeSynced(openToWrite(fresh, O_TRUNC), content);
    if (!failure && ::rename(fresh.c_str(), path.c_str()) != 0)
        failure = lastError();
    if (failure) {
        ::unlink(fresh.c_str());
        return fileError(failure, "writing", path);
    }
    return syncDirectory(path.parent_path());
}

Status createFile(const std::filesystem::path &path, std::string_view content)
{
    const int file = openToWrite(path, O_EXCL);
    if (file < 0)
        return errno == EEXIST ? fileExists(path) : fileError(lastError(), "writing", path);
    if (const auto failure = writeSynced(file, content)) {
        ::unlink(path.c_str());
        return fileError(failure, "writing", path);
    }
    return syncDirectory(path.parent_path());
}

Status syncDirectory(const std::filesystem::path &directory)
{
    const auto name = directory.empty() ? std::filesystem::path(".") : directory;
    const int folder = ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return fileError(lastError(), "opening", name);
    const bool synced = ::fsync(folder) == 0;
    const auto failure = lastError();
    ::close(folder);
    if (!synced)
        return fileError(failure, "syncing", name);
    return {};
}

Status makePrivateDirectory(const std::filesystem::path &directory)
{
    if (::mkdir(directory.c_str(), 0700) == 0)
        return {};
    if (errno == EEXIST)
        return Error{ErrorCode::VaultExists, "There is already a folder of that name.", utf8Path(directory)};
    return fileError(lastError(), "making", directory);
}

} // namespace tramontane::files
