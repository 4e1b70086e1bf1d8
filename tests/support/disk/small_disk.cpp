// SPDX-License-Identifier: Apache-2.0
#include "tests/support/disk/small_disk.h"

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <map>

namespace tramontane::test {

namespace fs = std::filesystem;

namespace {

bool writeText(const char *path, const std::string &text)
{
    return static_cast<bool>(std::ofstream(path) << text << std::flush);
}

} // namespace

bool enterPrivateMounts()
{
    const auto user = ::getuid();
    const auto group = ::getgid();
    if (::unshare(CLONE_NEWNS) != 0) {
        if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
            return false;
        writeText("/proc/self/setgroups", "deny");
        if (!writeText("/proc/self/uid_map", std::to_string(user) + " " + std::to_string(user) + " 1")
            || !writeText("/proc/self/gid_map", std::to_string(group) + " " + std::to_string(group) + " 1"))
            return false;
    }
    return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

SmallDisk::SmallDisk(const fs::path &folder, std::uint64_t bytes) : m_folder(folder)
{
    const std::string options = "mode=700,size=" + std::to_string(bytes);
    m_mounted = ::mount("tmpfs", folder.c_str(), "tmpfs", 0, options.c_str()) == 0;
}

SmallDisk::~SmallDisk()
{
    if (m_mounted)
        ::umount2(m_folder.c_str(), MNT_DETACH);
}

bool SmallDisk::fill(std::uint64_t spare) const
{
    const fs::path filler = m_folder / "filler";
    {
        std::ofstream file(filler, std::ios::binary);
        const std::string block(4096, '#');
        while (file.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
        }
    }
    std::error_code failure;
    const auto size = fs::file_size(filler, failure);
    if (failure || size < spare)
        return false;
    if (spare > 0)
        fs::resize_file(filler, size - spare, failure);
    return !failure;
}

bool SmallDisk::makeRoom() const
{
    return fs::remove(m_folder / "filler");
}

bool SmallDisk::resize(std::uint64_t bytes) const
{
    const std::string options = "size=" + std::to_string(bytes);
    return ::mount("tmpfs", m_folder.c_str(), "tmpfs", MS_REMOUNT, options.c_str()) == 0;
}

bool SmallDisk::setReadOnly(bool readOnly) const
{
    return ::mount(nullptr, m_folder.c_str(), nullptr, MS_REMOUNT | (readOnly ? MS_RDONLY : 0), nullptr) == 0;
}

std::string snapshotOf(const fs::path &folder)
{
    std::map<std::string, std::string> files;
    for (const auto &entry : fs::recursive_directory_iterator(folder)) {
        const std::string name = fs::relative(entry.path(), folder).generic_string();
        std::ifstream file(entry.path(), std::ios::binary);
        files[name] = entry.is_regular_file() ? std::string(std::istreambuf_iterator<char>(file), {}) : "/";
    }
    std::string all;
    for (const auto &[name, content] : files)
        all += name + "\n" + std::to_string(content.size()) + "\n" + content + "\n";
    return all;
}

} // namespace tramontane::test
