// SPDX-License-Identifier: Apache-2.0
#include "app/platform/files/file_error.h"
#include "app/platform/files/file_lock.h"

#include <windows.h>

#include <array>
#include <utility>

namespace tramontane::files {

namespace {

constexpr int kTries = 10;
constexpr DWORD kPauseMs = 10;
// LockFileEx forbids reading what it locks; the byte far behind the text keeps the holder's name readable.
constexpr DWORD kLockedByte = 0x7fffffff;

std::error_code lastError()
{
    return {static_cast<int>(::GetLastError()), std::system_category()};
}

HANDLE openLockFile(const std::filesystem::path &path, DWORD access, DWORD creation)
{
    return ::CreateFileW(path.c_str(), access, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, creation,
                         FILE_ATTRIBUTE_NORMAL, nullptr);
}

bool tryLock(HANDLE file, DWORD flags)
{
    OVERLAPPED where{};
    where.Offset = kLockedByte;
    return ::LockFileEx(file, flags | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &where) != 0;
}

std::string contentOf(HANDLE file)
{
    std::array<char, 64> buffer;
    OVERLAPPED where{};
    DWORD count = 0;
    if (!::ReadFile(file, buffer.data(), static_cast<DWORD>(buffer.size()), &count, &where))
        count = 0;
    return {buffer.data(), count};
}

bool setContent(HANDLE file, std::string_view text)
{
    OVERLAPPED where{};
    DWORD written = 0;
    LARGE_INTEGER start{};
    return ::SetFilePointerEx(file, start, nullptr, FILE_BEGIN) && ::SetEndOfFile(file)
           && (text.empty() || ::WriteFile(file, text.data(), static_cast<DWORD>(text.size()), &written, &where));
}

} // namespace

Result<FileLock> FileLock::acquire(const std::filesystem::path &path)
{
    HANDLE file = openLockFile(path, GENERIC_READ | GENERIC_WRITE, OPEN_ALWAYS);
    if (file == INVALID_HANDLE_VALUE) {
        const auto failure = lastError();
        file = openLockFile(path, GENERIC_READ, OPEN_EXISTING);
        if (file == INVALID_HANDLE_VALUE)
            return fileError(failure, "locking", path);
    }
    for (int tries = 1; !tryLock(file, LOCKFILE_EXCLUSIVE_LOCK); ++tries) {
        const auto failure = lastError();
        if (failure.value() != ERROR_LOCK_VIOLATION && failure.value() != ERROR_IO_PENDING) {
            ::CloseHandle(file);
            return fileError(failure, "locking", path);
        }
        if (tries == kTries) {
            const std::string who = holderText(contentOf(file));
            ::CloseHandle(file);
            return Error{ErrorCode::VaultInUse,
                         "The vault is already open in " + who + ". Close it there, then try again.", utf8Path(path)};
        }
        ::Sleep(kPauseMs);
    }
    return FileLock(reinterpret_cast<Handle>(file));
}

std::string FileLock::holder(const std::filesystem::path &path)
{
    HANDLE file = openLockFile(path, GENERIC_READ, OPEN_EXISTING);
    if (file == INVALID_HANDLE_VALUE)
        return {};
    std::string who;
    if (!tryLock(file, 0))
        who = holderText(contentOf(file));
    ::CloseHandle(file);
    return who;
}

void FileLock::announce(std::string_view program)
{
    const std::string text = announcement(program, ::GetCurrentProcessId());
    m_announced = setContent(reinterpret_cast<HANDLE>(m_handle), text);
}

void FileLock::release() noexcept
{
    const Handle handle = std::exchange(m_handle, kNone);
    if (handle == kNone)
        return;
    HANDLE file = reinterpret_cast<HANDLE>(handle);
    if (std::exchange(m_announced, false))
        setContent(file, {});
    ::CloseHandle(file);
}

} // namespace tramontane::files
