// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/audit/record.h"
#include "app/platform/files/durable_file.h"
#include "app/platform/files/file_system.h"
#include "storage/keys/passphrase_key.h"
#include "storage/snapshots/snapshot_budget.h"

#include <filesystem>
#include <functional>
#include <string>

namespace tramontane::vault {

/// What a vault keeps for a full disk (design.md section 4).
inline constexpr std::uint64_t kReserveBytes = std::uint64_t(32) << 20;

/// What the composition root knows about this program and machine.
struct VaultOptions {
    std::filesystem::path directory;
    std::string program; // as the lock file names it: "tramontane", "tramontanectl"
    /// Asked in the thread that calls create() or open(); nothing: not allowed (policy vault.networkFileSystem).
    std::function<bool()> networkFileSystemAllowed;
    /// What is asked about the disk; a test puts in what no test machine has.
    std::function<Result<bool>(const std::filesystem::path &)> isNetworkFileSystem = files::isNetworkFileSystem;
    std::function<Status(const std::filesystem::path &)> syncFolder = files::syncDirectory;
    /// Goes into every audit record. `sessionId` and `auth` are set anew at every opening.
    audit::RecordEnvironment environment;
    /// The cost of new passphrase slots; the salt is made anew for each.
    KdfParameters passphraseCost;
    SnapshotBudget snapshots;
    /// What is kept for a full disk; 0: nothing.
    std::uint64_t reserveBytes = 0;
};

} // namespace tramontane::vault
