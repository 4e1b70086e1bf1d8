// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/secret.h"
#include "storage/sqlite/statement.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

struct sqlite3;

namespace tramontane::sqlite {

enum class OpenMode {
    Create,    // the file must not exist
    ReadWrite, // the file must exist and be writable
    ReadOnly,  // for media that cannot be written: nothing beside the file is made or locked
};

struct OpenOptions {
    OpenMode mode = OpenMode::ReadWrite;
    /// Take the whole file before the first read and keep the WAL index in memory. Off only where two handles of one
    /// test must meet.
    bool exclusive = true;
    /// How long a statement waits for a foreign lock before StorageBusy.
    int busyTimeoutMs = 1000;
    /// Written by Create; compared otherwise. 0: neither.
    std::uint32_t applicationId = 0;
#ifdef TRAMONTANE_TEST_HOOKS
    /// Stands in for sqlite3_key_v2, so that a test can make it fail.
    int (*keyFunction)(sqlite3 *, const char *, const void *, int) = nullptr;
#endif
};

/// An open SQLCipher database. The only way to one is open() with a 32-byte key, and it takes no second one (ATTACH is
/// refused), so no path leads to a plain file.
/// One thread at a time; it may be handed from one to another between calls. Statements must be gone before it is.
class Connection {
public:
    /// Opens or creates, keys, sets every pragma (WAL, synchronous=FULL, foreign keys, temp in memory, secure_delete,
    /// no mmap, untrusted schema, defensive) and reads once. Create also proves that the file does not start with
    /// SQLite's header and that it cannot be read without the key. Off the GUI thread.
    /// Errors: VaultExists (Create, file there), NotFound (file missing), VaultDamaged (not a database, truncated,
    /// another key, another application id), StorageReadOnly, StorageBusy (foreign lock), NoSpace, IoFailed, Internal
    /// (the key call failed). After an error: no file of a failed Create is left, every other file is unchanged.
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const std::filesystem::path &path, const Key32 &key,
                                                                  const OpenOptions &options);
#ifdef TRAMONTANE_TEST_HOOKS
    /// Takes over a handle that a measurement opened: the way to plain SQLite, for comparing with it.
    [[nodiscard]] static std::unique_ptr<Connection> adopt(sqlite3 *database);
#endif
    /// From now on statements end with Cancelled once `stop` is requested.
    void stopWith(std::stop_token stop);
    /// Closes; failures have nobody to go to here. Use close() where they matter.
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    /// Errors: Internal for SQL that does not compile (a programming error; `detail` names it).
    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    /// Runs one or more statements without parameters and ignores rows. Errors: as sqliteError().
    [[nodiscard]] Status execute(std::string_view sql);
    /// The first column of the first row. Errors: NotFound when there is no row.
    [[nodiscard]] Result<std::int64_t> queryInteger(std::string_view sql);
    [[nodiscard]] Result<std::string> queryText(std::string_view sql);
    /// Rows changed by the last INSERT, UPDATE or DELETE.
    [[nodiscard]] std::int64_t changes() const;
    [[nodiscard]] std::int64_t lastInsertRowId() const;
    [[nodiscard]] bool isReadOnly() const;
    /// Ends an open transaction without keeping it; does nothing when there is none.
    void rollback() noexcept;
    /// Moves the WAL into the database file and truncates it. Errors: as sqliteError(); the WAL then keeps the data.
    [[nodiscard]] Status checkpoint();
    /// Overwrites with zeros what deleted and moved rows left in the unused space of `pages` pages from `firstPage` on
    /// (page_scrub.h), which secure_delete does not do. The page to go on with; 0: that was the last one. Inside a write
    /// transaction. Errors: as sqliteError(), VaultDamaged.
    [[nodiscard]] Result<std::uint32_t> clearUnusedSpace(std::uint32_t firstPage, std::uint32_t pages);
    /// For an opening that was given up: closes so that the files stay as they were found. The object is dead then.
    void abandon() noexcept;
    /// Folds in the WAL and closes. Errors: Internal when a statement is still alive (it is closed behind that one).
    [[nodiscard]] Status close();

private:
    friend class DatabaseCopy;
    friend class Opener;
    explicit Connection(sqlite3 *database) : m_database(database) {}
    sqlite3 *m_database;
    std::stop_token m_stop;
};

} // namespace tramontane::sqlite
