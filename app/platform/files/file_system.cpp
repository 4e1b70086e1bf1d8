// SPDX-License-Identifier: Apache-2.0
#include "app/platform/files/file_system.h"

#include "app/platform/files/file_error.h"

#include <algorithm>
#include <array>

namespace tramontane::files {

namespace fs = std::filesystem;

Result<std::uint64_t> freeBytes(const fs::path &path)
{
    std::error_code failure;
    const auto space = fs::space(nearestExisting(path), failure);
    if (failure)
        return fileError(failure, "measuring the free space of", path);
    return static_cast<std::uint64_t>(space.available);
}

fs::path nearestExisting(const fs::path &path)
{
    std::error_code failure;
    fs::path found = fs::absolute(path, failure);
    if (failure)
        return ".";
    while (!fs::exists(found, failure) && found.has_relative_path())
        found = found.parent_path();
    return found;
}

bool isNetworkFileSystemName(std::string_view name)
{
    constexpr std::array<std::string_view, 25> kNetwork{
        "nfs",    "nfs4",   "cifs",     "smb3",  "smbfs",  "afs",      "coda",   "ncpfs",     "ncp",
        "9p",     "ceph",   "lustre",   "gpfs",  "gfs2",   "ocfs2",    "beegfs", "glusterfs", "davfs",
        "vboxsf", "vmhgfs", "orangefs", "pvfs2", "prl_fs", "virtiofs", "drvfs"};
    constexpr std::array<std::string_view, 7> kLocalFuse{
        "fuse.gocryptfs", "fuse.encfs", "fuse.cryfs", "fuseblk", "fuse.ntfs-3g", "fuse.fuse-overlayfs", "fuse.ext2fs"};
    if (std::ranges::find(kNetwork, name) != kNetwork.end())
        return true;
    return name.starts_with("fuse") && std::ranges::find(kLocalFuse, name) == kLocalFuse.end();
}

} // namespace tramontane::files
