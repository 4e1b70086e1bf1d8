// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/backup_store.h"
#include "app/core/clock.h"
#include "storage/audit/sqlite_audit_log.h"
#include "storage/directory/database_swap.h"
#include "storage/keys/key_file.h"
#include "storage/migrations/migrations.h"
#include "storage/repositories/vault_database.h"

#include <span>
#include <string>

namespace tramontane::vault {

/// The open vault that backups are made of or taken over into. All of it outlives the work.
struct BackupVault {
    const VaultFiles &files;
    const std::string &vaultId;
    const MasterKey &master;
    VaultDatabase &database;
    SqliteAuditLog &audit;
    const std::string &appVersion;
    const SyncFolder &syncFolder;
    std::span<const migrations::Migration> migrations;
    const Clock &clock;
};

/// The folder backup-work of a vault: what a crash left in it goes first, what is in it at the end goes with the object.
class WorkFolder {
public:
    /// Errors: those of makePrivateDirectory.
    [[nodiscard]] static Result<WorkFolder> make(const std::filesystem::path &path);
    ~WorkFolder();
    WorkFolder(WorkFolder &&other) noexcept : m_path(std::move(other.m_path)) { other.m_path.clear(); }
    WorkFolder &operator=(WorkFolder &&) = delete;
    WorkFolder(const WorkFolder &) = delete;
    WorkFolder &operator=(const WorkFolder &) = delete;

    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }

private:
    explicit WorkFolder(std::filesystem::path path) : m_path(std::move(path)) {}
    std::filesystem::path m_path; // empty: nothing to remove
};

/// Bytes of a long work, as its owner hears of them.
class ByteProgress {
public:
    ByteProgress(const LongWork &work, std::uint64_t total) : m_work(work), m_total(total) {}
    /// False: stop.
    bool add(std::uint64_t bytes)
    {
        m_done += bytes;
        m_work.report(std::min(m_done, m_total), m_total);
        return !m_work.stop.stop_requested();
    }

private:
    const LongWork &m_work;
    std::uint64_t m_done = 0;
    const std::uint64_t m_total;
};

} // namespace tramontane::vault
