// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/audit/record.h"
#include "app/platform/files/durable_file.h"
#include "app/platform/files/file_system.h"
#include "storage/keys/passphrase_key.h"
#include "storage/migrations/migrations.h"
#include "storage/snapshots/snapshot_budget.h"

#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace tramontane::vault {

/// What a vault keeps for a full disk (design.md section 4).
inline constexpr std::uint64_t kReserveBytes = std::uint64_t(32) << 20;

/// The cost of a passphrase slot that is about to be made; the salt is made anew for each. Takes a few seconds where it is
/// measured: off the GUI thread. Errors: Internal (not even the least can be had).
using PassphraseCost = std::function<Result<KdfParameters>()>;

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
    /// The cost of new passphrase slots where it is not measured.
    KdfParameters passphraseCost;
    /// Measures it on this machine (passphrase_cost.h); nothing: `passphraseCost` as it stands.
    PassphraseCost measureCost;
    SnapshotBudget snapshots;
    /// What is kept for a full disk; 0: nothing.
    std::uint64_t reserveBytes = 0;
    /// The schema of vault.db; a test puts in one that no release has.
    std::span<const migrations::Migration> migrations = migrations::vaultMigrations();

    [[nodiscard]] PassphraseCost costOfPassphrase() const
    {
        return measureCost ? measureCost : [cost = passphraseCost] { return Result<KdfParameters>(cost); };
    }
};

} // namespace tramontane::vault
