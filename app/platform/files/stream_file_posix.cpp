// SPDX-License-Identifier: Apache-2.0
#include "app/platform/files/durable_file.h"
#include "app/platform/files/file_error.h"
#include "app/platform/files/stream_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace tramontane::files {

namespace {

std::error_code lastError()
{
    return {errno, std::system_category()};
}

} // namespace

Result<NewFile> NewFile::create(const std::filesystem::path &path)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file >= 0)
        return NewFile(file, path);
    if (errno == EEXIST)
        return Error{ErrorCode::VaultExists, "There is already a file of that name.", utf8Path(path)};
    return fileError(lastError(), "making", path);
}

NewFile::NewFile(NewFile &&other) noexcept
    : m_handle(std::exchange(other.m_handle, kNone)), m_path(std::move(other.m_path)), m_size(other.m_size)
{
    other.m_path.clear();
}

NewFile::~NewFile()
{
    if (m_handle != kNone)
        ::close(static_cast<int>(m_handle));
    if (!m_path.empty())
        ::unlink(m_path.c_str());
}

Status NewFile::write(std::span<const std::uint8_t> bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(static_cast<int>(m_handle), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return fileError(written < 0 ? lastError() : std::make_error_code(std::errc::io_error), "writing", m_path);
        m_size += static_cast<std::uint64_t>(written);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Status NewFile::sync()
{
    if (::fsync(static_cast<int>(m_handle)) != 0)
        return fileError(lastError(), "syncing", m_path);
    return {};
}

Status NewFile::moveTo(const std::filesystem::path &target)
{
    if (auto synced = sync(); !synced)
        return synced;
    if (::close(static_cast<int>(std::exchange(m_handle, kNone))) != 0 || ::rename(m_path.c_str(), target.c_str()) != 0)
        return fileError(lastError(), "writing", target);
    m_path.clear();
    return syncDirectory(target.parent_path());
}

Result<InputFile> InputFile::open(const std::filesystem::path &path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK); // a pipe must not wait
    if (file < 0 && errno == ELOOP)
        return Error{ErrorCode::InvalidArgument, "Something of that name is not a file.", utf8Path(path)};
    if (file < 0)
        return fileError(lastError(), "reading", path);
    InputFile opened(file);
    struct stat about {};
    if (::fstat(file, &about) != 0)
        return fileError(lastError(), "examining", path);
    if (!S_ISREG(about.st_mode))
        return Error{ErrorCode::InvalidArgument, "Something of that name is not a file.", utf8Path(path)};
    return opened;
}

InputFile::InputFile(InputFile &&other) noexcept : m_handle(std::exchange(other.m_handle, kNone)) {}

InputFile::~InputFile()
{
    if (m_handle != kNone)
        ::close(static_cast<int>(m_handle));
}

Result<std::size_t> InputFile::read(std::span<std::uint8_t> buffer)
{
    std::size_t done = 0;
    while (done < buffer.size()) {
        const ssize_t count = ::read(static_cast<int>(m_handle), buffer.data() + done, buffer.size() - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fileError(lastError(), "reading", "a file");
        if (count == 0)
            break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

} // namespace tramontane::files
