// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/long_work.h"
#include "storage/repositories/vault_database.h"
#include "storage/sqlite/database_copy.h"

#include <filesystem>
#include <memory>

namespace tramontane {

/// A copy of vault.db that is made while it is used: a megabyte at a time, with the tasks of everybody else in between.
/// One thread at a time, not the database's; `database` outlives the object.
class OnlineCopy {
public:
    /// Errors: those of DatabaseCopy::begin, VaultLocked.
    [[nodiscard]] static Result<OnlineCopy> begin(VaultDatabase &database, const std::filesystem::path &target,
                                                  const Key32 &key);
    /// A copy that is not finished is removed.
    ~OnlineCopy();
    OnlineCopy(OnlineCopy &&) = default;
    OnlineCopy &operator=(OnlineCopy &&) = delete;
    OnlineCopy(const OnlineCopy &) = delete;
    OnlineCopy &operator=(const OnlineCopy &) = delete;

    /// Copies all but the last few pages. Progress: pages. Errors: NoSpace, IoFailed, VaultDamaged, VaultLocked, Cancelled.
    [[nodiscard]] Status advance(const LongWork &work);
    /// Copies the rest and finishes: the copy is the database of this moment. Errors: as advance(), Internal.
    [[nodiscard]] Status complete();
    /// For a task in the database's thread that finishes the copy itself.
    [[nodiscard]] sqlite::DatabaseCopy &inDatabaseThread() { return *m_copy; }

private:
    using Copy = std::shared_ptr<sqlite::DatabaseCopy>;
    OnlineCopy(VaultDatabase &database, Copy copy) : m_database(database), m_copy(std::move(copy)) {}

    VaultDatabase &m_database;
    Copy m_copy; // used and destroyed in the database's thread
};

} // namespace tramontane
