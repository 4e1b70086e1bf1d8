// SPDX-License-Identifier: Apache-2.0
#include "app/platform/files/file_error.h"
#include "app/platform/files/file_system.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <optional>
#include <sstream>

namespace tramontane::files {

namespace {

/// linux/magic.h and the kernel's file systems; written out because not every header set names all of them.
constexpr std::array<std::uint32_t, 18> kNetworkMagic{
    0x6969,     /* nfs */ 0x517B,        /* smb */ 0xFF534D42,   /* cifs */ 0xFE534D42,   /* smb2 */
    0x5346414F, /* afs */ 0x6B414653,    /* kafs */ 0x73757245,  /* coda */ 0x564c,       /* ncp */
    0x01021997, /* 9p */ 0x00c36400,     /* ceph */ 0x0BD00BD0,  /* lustre */ 0x47504653, /* gpfs */
    0x01161970, /* gfs2 */ 0x7461636f,   /* ocfs2 */ 0x19830326, /* beegfs */ 0x786f4256, /* vboxsf */
    0xbacbacbc, /* vmhgfs */ 0x20030528,                                                  /* orangefs */
};
constexpr std::uint32_t kFuseMagic = 0x65735546;

/// The type of the mount with this device number, as proc(5) describes /proc/self/mountinfo.
std::optional<std::string> mountType(dev_t device)
{
    const std::string wanted = std::to_string(major(device)) + ":" + std::to_string(minor(device));
    std::ifstream table("/proc/self/mountinfo");
    for (std::string line; std::getline(table, line);) {
        std::istringstream fields(line);
        std::string mountId, parentId, number, word, type;
        fields >> mountId >> parentId >> number;
        if (number != wanted)
            continue;
        while (fields >> word && word != "-") {
        }
        if (fields >> type)
            return type;
    }
    return std::nullopt;
}

} // namespace

Result<bool> isNetworkFileSystem(const std::filesystem::path &path)
{
    const auto existing = nearestExisting(path);
    struct statfs about {};
    struct stat entry {};
    if (::statfs(existing.c_str(), &about) != 0 || ::stat(existing.c_str(), &entry) != 0)
        return fileError({errno, std::system_category()}, "examining", existing);
    const auto magic = static_cast<std::uint32_t>(about.f_type);
    for (const std::uint32_t network : kNetworkMagic)
        if (magic == network)
            return true;
    const auto type = mountType(entry.st_dev);
    if (type)
        return isNetworkFileSystemName(*type);
    return magic == kFuseMagic;
}

} // namespace tramontane::files
