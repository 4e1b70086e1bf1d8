// SPDX-License-Identifier: Apache-2.0
#include "app/platform/policy/trusted_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>

namespace tramontane::trusted {
namespace {

constexpr std::size_t kMaxFiles = 100;
constexpr std::size_t kMaxBytes = 256 * 1024;

class Descriptor {
public:
    explicit Descriptor(int fd = -1) : m_fd(fd) {}
    ~Descriptor() { reset(-1); }
    Descriptor(Descriptor &&other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    Descriptor &operator=(Descriptor &&other) noexcept
    {
        reset(std::exchange(other.m_fd, -1));
        return *this;
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    [[nodiscard]] int get() const { return m_fd; }
    [[nodiscard]] bool valid() const { return m_fd >= 0; }

private:
    void reset(int fd)
    {
        if (m_fd >= 0)
            ::close(m_fd);
        m_fd = fd;
    }
    int m_fd;
};

bool isTrustedOwner(uid_t owner)
{
#ifdef TRAMONTANE_TEST_HOOKS
    if (owner == ::geteuid())
        return true;
#endif
    return owner == 0;
}

/// Why an administrator alone cannot have written what `info` describes; empty when that is so.
std::string ownershipProblem(const struct stat &info)
{
    if (!isTrustedOwner(info.st_uid))
        return "belongs to user " + std::to_string(info.st_uid) + " instead of root";
    // In a sticky folder others can add names, but neither remove nor rename what is there.
    const bool sticky = S_ISDIR(info.st_mode) && (info.st_mode & S_ISVTX);
    if ((info.st_mode & S_IWGRP) && !sticky)
        return "can be written by its group";
    if ((info.st_mode & S_IWOTH) && !sticky)
        return "can be written by everybody";
    return {};
}

std::string openProblem(int error)
{
    switch (error) {
    case ELOOP: return "is a symbolic link";
    case ENOTDIR: return "is a symbolic link or not a folder";
    case EACCES:
    case EPERM: return "cannot be read by this account";
    default: return "cannot be read (system error " + std::to_string(error) + ")";
    }
}

struct OpenedFolder {
    Descriptor descriptor; // not valid: the folder does not exist, or `problem` says why not
    std::string problem;
};

/// Opens the path component by component, so that none can be exchanged between its check and its use.
OpenedFolder openFolder(const std::filesystem::path &folder)
{
    OpenedFolder opened{Descriptor(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)), {}};
    std::filesystem::path reached = "/";
    std::string problem;
    const auto check = [&] {
        struct stat info {};
        const std::string found =
            ::fstat(opened.descriptor.get(), &info) == 0 ? ownershipProblem(info) : "cannot be examined";
        if (problem.empty() && !found.empty())
            problem = "The policy folder cannot be trusted: " + reached.string() + " " + found + ".";
    };
    check();
    const std::filesystem::path names = folder.relative_path();
    for (auto name = names.begin(); name != names.end(); ++name) {
        if (name->empty())
            continue;
        reached /= *name;
        const bool last = std::next(name) == names.end();
        const int mode = last ? O_RDONLY : O_PATH;
        opened.descriptor =
            Descriptor(::openat(opened.descriptor.get(), name->c_str(), mode | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!opened.descriptor.valid()) {
            if (errno != ENOENT)
                opened.problem =
                    "The policy folder cannot be used: " + reached.string() + " " + openProblem(errno) + ".";
            return opened;
        }
        check();
    }
    opened.problem = problem; // only counts where there is a folder
    return opened;
}

bool isPolicyName(const std::string &name)
{
    return name.size() > 5 && name.front() != '.' && name.ends_with(".json");
}

std::optional<std::vector<std::string>> namesIn(const Descriptor &folder)
{
    // The stream closes its descriptor, so it gets one of its own.
    const int copy = ::fcntl(folder.get(), F_DUPFD_CLOEXEC, 0);
    DIR *stream = copy < 0 ? nullptr : ::fdopendir(copy);
    if (!stream)
        return std::nullopt;
    std::vector<std::string> names;
    errno = 0;
    while (const dirent *entry = ::readdir(stream)) {
        if (isPolicyName(entry->d_name))
            names.emplace_back(entry->d_name);
    }
    const bool complete = errno == 0;
    ::closedir(stream);
    std::sort(names.begin(), names.end());
    return complete ? std::optional(names) : std::nullopt;
}

/// The content of an open file, or why it cannot be had.
std::string readContent(int file, std::string &content)
{
    std::array<char, 16 * 1024> buffer;
    for (;;) {
        const ssize_t count = ::read(file, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return openProblem(errno);
        if (count == 0)
            return {};
        content.append(buffer.data(), std::size_t(count));
        if (content.size() > kMaxBytes)
            return "is larger than " + std::to_string(kMaxBytes / 1024) + " KiB";
    }
}

PolicyFile readFile(const Descriptor &folder, const std::filesystem::path &path)
{
    PolicyFile file{path.string(), {}, {}};
    // O_NONBLOCK: opening a pipe that somebody put there must not wait for its other end.
    const Descriptor opened(
        ::openat(folder.get(), path.filename().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!opened.valid()) {
        file.problem = openProblem(errno);
        return file;
    }
    struct stat info {};
    if (::fstat(opened.get(), &info) != 0)
        file.problem = "cannot be examined";
    else if (!S_ISREG(info.st_mode))
        file.problem = "is not a regular file";
    else
        file.problem = ownershipProblem(info);
    if (file.problem.empty())
        file.problem = readContent(opened.get(), file.content);
    if (!file.problem.empty())
        file.content.clear();
    return file;
}

} // namespace

FolderContent readFolder(const std::filesystem::path &folder)
{
    const OpenedFolder opened = openFolder(folder);
    if (!opened.problem.empty() || !opened.descriptor.valid())
        return {opened.problem, {}};
    const auto names = namesIn(opened.descriptor);
    if (!names)
        return {"The policy folder cannot be listed: " + folder.string() + ".", {}};
    if (names->size() > kMaxFiles)
        return {"The policy folder holds more than " + std::to_string(kMaxFiles) + " policies.", {}};
    FolderContent content;
    for (const std::string &name : *names)
        content.files.push_back(readFile(opened.descriptor, folder / name));
    return content;
}

} // namespace tramontane::trusted
