// SPDX-License-Identifier: Apache-2.0
#include "app/platform/files/file_error.h"
#include "app/platform/files/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

namespace tramontane::files {

namespace {

constexpr int kTries = 10;
constexpr auto kPause = std::chrono::milliseconds(10);

std::error_code lastError()
{
    return {errno, std::system_category()};
}

int openLockFile(const std::filesystem::path &path)
{
    const int writable = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (writable >= 0 || errno == ENOENT)
        return writable;
    const int failure = errno;
    // A read-only disk can still be locked against others that read from it.
    const int readable = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (readable < 0)
        errno = failure;
    return readable;
}

std::string contentOf(int file)
{
    std::array<char, 64> buffer;
    const ssize_t count = ::pread(file, buffer.data(), buffer.size(), 0);
    return {buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

} // namespace

Result<FileLock> FileLock::acquire(const std::filesystem::path &path)
{
    const int file = openLockFile(path);
    if (file < 0)
        return fileError(lastError(), "locking", path);
    for (int tries = 1; ::flock(file, LOCK_EX | LOCK_NB) != 0; ++tries) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            const auto failure = lastError();
            ::close(file);
            return fileError(failure, "locking", path);
        }
        if (tries == kTries) {
            const std::string who = holderText(contentOf(file));
            ::close(file);
            return Error{ErrorCode::VaultInUse,
                         "The vault is already open in " + who + ". Close it there, then try again.", utf8Path(path)};
        }
        std::this_thread::sleep_for(kPause);
    }
    return FileLock(file);
}

std::string FileLock::holder(const std::filesystem::path &path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return {};
    std::string who;
    if (::flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        who = holderText(contentOf(file));
    ::close(file);
    return who;
}

void FileLock::announce(std::string_view program)
{
    const std::string text = announcement(program, ::getpid());
    const int file = static_cast<int>(m_handle);
    m_announced =
        ::ftruncate(file, 0) == 0 && ::pwrite(file, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
}

void FileLock::release() noexcept
{
    const int file = static_cast<int>(std::exchange(m_handle, kNone));
    if (file < 0)
        return;
    if (std::exchange(m_announced, false) && ::ftruncate(file, 0) != 0)
        errno = 0; // the name that stays means nothing without the lock
    ::close(file);
}

} // namespace tramontane::files
