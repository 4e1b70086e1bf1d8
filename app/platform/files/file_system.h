// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace tramontane::files {

/// Whether `path` (or its nearest parent that exists) lies on a file system whose locks and syncs are another
/// machine's word: NFS, SMB, AFS, Ceph, 9P, sshfs and the like; on Windows a remote drive or UNC path.
/// Errors: IoFailed when the system does not say. Any thread; may take as long as the server needs to answer.
[[nodiscard]] Result<bool> isNetworkFileSystem(const std::filesystem::path &path);

/// By the name that /proc/self/mountinfo gives ("nfs4", "fuse.sshfs"). A FUSE type that is not known to be local
/// counts as a network: refusing wrongly can be allowed by policy, losing data cannot.
[[nodiscard]] bool isNetworkFileSystemName(std::string_view name);

/// Bytes that this account may still write where `path` (or its nearest existing parent) lies. Errors: IoFailed.
[[nodiscard]] Result<std::uint64_t> freeBytes(const std::filesystem::path &path);

/// `path`, or the nearest parent of it that exists; "." at worst.
[[nodiscard]] std::filesystem::path nearestExisting(const std::filesystem::path &path);

} // namespace tramontane::files
