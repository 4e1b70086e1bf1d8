// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/sqlite/connection.h"

#include <filesystem>
#include <memory>

struct sqlite3_backup;

namespace tramontane::sqlite {

/// Copies an open database page by page into a new file under a key of its own. The database may be used in between: what
/// its connection writes reaches the copy, too, so that the copy is the database of the moment in which step() said that
/// it is complete. Every page is encrypted anew; schema, versions and row ids are the same. The thread of `source`, which
/// outlives the object.
/// Source: https://www.sqlite.org/backup.html; SQLCipher allows it between two databases that are both encrypted.
class DatabaseCopy {
public:
    /// Makes `target`. Errors: VaultExists (there is a file of that name), NoSpace, StorageReadOnly, IoFailed.
    [[nodiscard]] static Result<std::unique_ptr<DatabaseCopy>> begin(Connection &source, std::filesystem::path target,
                                                                     const Key32 &key);
    /// A copy that is not finished is removed.
    ~DatabaseCopy();
    DatabaseCopy(const DatabaseCopy &) = delete;
    DatabaseCopy &operator=(const DatabaseCopy &) = delete;

    /// Copies up to `pages` more pages; all that are left for a negative number. True: complete. Errors: NoSpace,
    /// IoFailed, VaultDamaged (a page of the source).
    [[nodiscard]] Result<bool> step(int pages);
    /// In pages, as of the last step.
    [[nodiscard]] std::uint64_t done() const;
    [[nodiscard]] std::uint64_t total() const;
    /// Once complete: waits until the disk has it, closes the new file, and proves that it is encrypted.
    /// Errors: NoSpace, IoFailed, Internal.
    [[nodiscard]] Status finish();

private:
    DatabaseCopy(std::unique_ptr<Connection> target, std::filesystem::path path)
        : m_target(std::move(target)), m_path(std::move(path))
    {
    }
    void end() noexcept;

    std::unique_ptr<Connection> m_target;
    std::filesystem::path m_path;
    sqlite3_backup *m_backup = nullptr;
    bool m_finished = false;
};

} // namespace tramontane::sqlite
