// SPDX-License-Identifier: Apache-2.0
// The C library's calls about files, taken over by the program that this is linked into: a definition in the program comes
// before that of any shared library (elf(5), dlsym(3) RTLD_NEXT), so libstdc++'s <filesystem> and Qt call these as well.
// Each asks fault_disk, does what it is for, and reports it. SQLite's calls come through fault_vfs.cpp.

// The checked variants of the calls would be defined beside ours.
#undef _FORTIFY_SOURCE

#include "tests/support/faults/fault_disk.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdio>

namespace disk = tramontane::test::fault_disk;
using tramontane::test::OperationKind;

namespace {

template <class Function>
Function *next(const char *name)
{
    return reinterpret_cast<Function *>(::dlsym(RTLD_NEXT, name));
}

std::filesystem::path absolute(const char *path)
{
    if (path[0] == '/')
        return path;
    std::array<char, 4096> folder{};
    return ::getcwd(folder.data(), folder.size()) ? std::filesystem::path(folder.data()) / path : path;
}

std::filesystem::path below(int folder, const char *name)
{
    if (name[0] == '/' || folder == AT_FDCWD)
        return absolute(name);
    std::array<char, 4096> target{};
    const std::string link = "/proc/self/fd/" + std::to_string(folder);
    const ssize_t length = ::readlink(link.c_str(), target.data(), target.size());
    return std::filesystem::path(std::string(target.data(), length > 0 ? std::size_t(length) : 0)) / name;
}

/// The path of an open file that is watched; empty otherwise.
std::filesystem::path pathOf(int file)
{
    if (disk::Reporting::byThisThread())
        return {};
    const int saved = errno;
    std::array<char, 4096> target{};
    const std::string link = "/proc/self/fd/" + std::to_string(file);
    const ssize_t length = ::readlink(link.c_str(), target.data(), target.size());
    errno = saved;
    const std::filesystem::path path(std::string(target.data(), length > 0 ? std::size_t(length) : 0));
    return disk::watched(path) ? path : std::filesystem::path();
}

bool isWatched(const std::filesystem::path &path)
{
    return !disk::Reporting::byThisThread() && disk::watched(path);
}

/// True: the call fails, and errno says how.
bool fails(OperationKind kind)
{
    const auto fault = disk::fate(kind);
    if (!fault || *fault == disk::Fault::Short)
        return false;
    errno = *fault == disk::Fault::NoSpace ? ENOSPC : EIO;
    return true;
}

bool isThere(const std::filesystem::path &path)
{
    struct stat about {};
    return ::lstat(path.c_str(), &about) == 0;
}

template <class Real>
int openWith(const std::filesystem::path &path, int flags, const Real &real)
{
    if (!isWatched(path))
        return real();
    const bool creates = (flags & O_CREAT) && !isThere(path);
    if (fails(creates ? OperationKind::CreateFile : OperationKind::Open))
        return -1;
    const int file = real();
    if (file >= 0 && creates)
        disk::done({OperationKind::CreateFile, path});
    else if (file >= 0 && (flags & O_TRUNC))
        disk::done({OperationKind::Truncate, path});
    return file;
}

/// `count` bytes, or half of them, or -1.
template <class Real>
ssize_t readWith(int file, size_t count, const Real &real)
{
    if (pathOf(file).empty())
        return real(count);
    const auto fault = disk::fate(OperationKind::Read);
    if (fault == disk::Fault::IoError) {
        errno = EIO;
        return -1;
    }
    return real(fault && count > 1 ? count / 2 : count);
}

/// `offset` below 0: where the file stands.
template <class Real>
ssize_t writeWith(int file, const void *bytes, size_t count, off_t offset, const Real &real)
{
    const auto path = pathOf(file);
    if (path.empty())
        return real(count);
    const auto fault = disk::fate(OperationKind::Write);
    if (fault && *fault != disk::Fault::Short) {
        errno = *fault == disk::Fault::NoSpace ? ENOSPC : EIO;
        return -1;
    }
    if (offset < 0)
        offset = ::fcntl(file, F_GETFL) & O_APPEND ? ::lseek(file, 0, SEEK_END) : ::lseek(file, 0, SEEK_CUR);
    const ssize_t written = real(fault && count > 1 ? count / 2 : count);
    if (written > 0)
        disk::done({OperationKind::Write,
                    path,
                    {},
                    std::uint64_t(offset),
                    std::string(static_cast<const char *>(bytes), std::size_t(written))});
    return written;
}

template <class Real>
int syncWith(int file, const Real &real)
{
    const auto path = pathOf(file);
    if (path.empty())
        return real();
    struct stat about {};
    const bool folder = ::fstat(file, &about) == 0 && S_ISDIR(about.st_mode);
    const auto kind = folder ? OperationKind::SyncFolder : OperationKind::Sync;
    if (fails(kind))
        return -1;
    const int result = real();
    if (result == 0)
        disk::done({kind, path});
    return result;
}

/// For what has a path, and is reported as it is.
template <class Real>
int changeWith(tramontane::test::Operation operation, const Real &real)
{
    if (!isWatched(operation.path))
        return real();
    if (fails(operation.kind))
        return -1;
    const int result = real();
    if (result == 0)
        disk::done(std::move(operation));
    return result;
}

mode_t modeFrom(int flags, va_list arguments)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
}

} // namespace

#define TAKEN_OVER extern "C" __attribute__((visibility("default")))

#define TAKE_OPEN(name)                                                                                                \
    TAKEN_OVER int name(const char *path, int flags, ...)                                                              \
    {                                                                                                                  \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        const mode_t mode = modeFrom(flags, arguments);                                                                \
        va_end(arguments);                                                                                             \
        static auto *real = next<int(const char *, int, ...)>(#name);                                                  \
        return openWith(absolute(path), flags, [&] { return real(path, flags, mode); });                               \
    }
TAKE_OPEN(open)
TAKE_OPEN(open64)

#define TAKE_OPENAT(name)                                                                                              \
    TAKEN_OVER int name(int folder, const char *path, int flags, ...)                                                  \
    {                                                                                                                  \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        const mode_t mode = modeFrom(flags, arguments);                                                                \
        va_end(arguments);                                                                                             \
        static auto *real = next<int(int, const char *, int, ...)>(#name);                                             \
        return openWith(below(folder, path), flags, [&] { return real(folder, path, flags, mode); });                  \
    }
TAKE_OPENAT(openat)
TAKE_OPENAT(openat64)

TAKEN_OVER ssize_t read(int file, void *bytes, size_t count)
{
    static auto *real = next<ssize_t(int, void *, size_t)>("read");
    return readWith(file, count, [&](size_t wanted) { return real(file, bytes, wanted); });
}

TAKEN_OVER ssize_t pread(int file, void *bytes, size_t count, off_t offset)
{
    static auto *real = next<ssize_t(int, void *, size_t, off_t)>("pread");
    return readWith(file, count, [&](size_t wanted) { return real(file, bytes, wanted, offset); });
}

TAKEN_OVER ssize_t write(int file, const void *bytes, size_t count)
{
    static auto *real = next<ssize_t(int, const void *, size_t)>("write");
    return writeWith(file, bytes, count, -1, [&](size_t wanted) { return real(file, bytes, wanted); });
}

TAKEN_OVER ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset)
{
    static auto *real = next<ssize_t(int, const void *, size_t, off_t)>("pwrite");
    return writeWith(file, bytes, count, offset, [&](size_t wanted) { return real(file, bytes, wanted, offset); });
}

TAKEN_OVER int ftruncate(int file, off_t size) noexcept
{
    static auto *real = next<int(int, off_t)>("ftruncate");
    const auto path = pathOf(file);
    return changeWith({OperationKind::Truncate, path, {}, std::uint64_t(size)}, [&] { return real(file, size); });
}

TAKEN_OVER int fsync(int file)
{
    static auto *real = next<int(int)>("fsync");
    return syncWith(file, [&] { return real(file); });
}

TAKEN_OVER int fdatasync(int file)
{
    static auto *real = next<int(int)>("fdatasync");
    return syncWith(file, [&] { return real(file); });
}

TAKEN_OVER int rename(const char *from, const char *to) noexcept
{
    static auto *real = next<int(const char *, const char *)>("rename");
    return changeWith({OperationKind::Rename, absolute(from), absolute(to)}, [&] { return real(from, to); });
}

TAKEN_OVER int unlink(const char *path) noexcept
{
    static auto *real = next<int(const char *)>("unlink");
    return changeWith({OperationKind::Remove, absolute(path)}, [&] { return real(path); });
}

TAKEN_OVER int remove(const char *path) noexcept
{
    static auto *real = next<int(const char *)>("remove");
    return changeWith({OperationKind::Remove, absolute(path)}, [&] { return real(path); });
}

TAKEN_OVER int rmdir(const char *path) noexcept
{
    static auto *real = next<int(const char *)>("rmdir");
    return changeWith({OperationKind::Remove, absolute(path)}, [&] { return real(path); });
}

TAKEN_OVER int unlinkat(int folder, const char *path, int flags) noexcept
{
    static auto *real = next<int(int, const char *, int)>("unlinkat");
    return changeWith({OperationKind::Remove, below(folder, path)}, [&] { return real(folder, path, flags); });
}

TAKEN_OVER int mkdir(const char *path, mode_t mode) noexcept
{
    static auto *real = next<int(const char *, mode_t)>("mkdir");
    return changeWith({OperationKind::CreateFolder, absolute(path)}, [&] { return real(path, mode); });
}
