// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/connection.h"

#include "storage/sqlite/opener.h"
#include "storage/sqlite/sqlite_error.h"

#include <sqlite3.h>

#include <utility>

namespace tramontane::sqlite {

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path &path, const Key32 &key,
                                                     const OpenOptions &options)
{
    return Opener(path, options).open(key.bytes());
}

#ifdef TRAMONTANE_TEST_HOOKS
std::unique_ptr<Connection> Connection::adopt(sqlite3 *database)
{
    return std::unique_ptr<Connection>(new Connection(database));
}
#endif

Connection::~Connection()
{
    sqlite3_close_v2(m_database);
}

Result<Statement> Connection::prepare(std::string_view sql)
{
    sqlite3_stmt *statement = nullptr;
    const int code = sqlite3_prepare_v2(m_database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    if (code == SQLITE_OK)
        return Statement(m_database, statement);
    Error error = sqliteError(m_database, code, "preparing a statement");
    if ((code & 0xff) == SQLITE_ERROR) // our own SQL, so the text holds no content
        error.detail += std::string(": ") + sqlite3_errmsg(m_database);
    return error;
}

Status Connection::execute(std::string_view sql)
{
    const std::string text(sql);
    const int code = sqlite3_exec(m_database, text.c_str(), nullptr, nullptr, nullptr);
    if (code == SQLITE_OK)
        return {};
    return sqliteError(m_database, code, text.substr(0, text.find_first_of(" \n")));
}

Result<std::int64_t> Connection::queryInteger(std::string_view sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return statement.error();
    const auto row = statement->step();
    if (!row)
        return row.error();
    if (!*row)
        return Error{ErrorCode::NotFound, "There is no such entry.", ""};
    return statement->integer(0);
}

Result<std::string> Connection::queryText(std::string_view sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return statement.error();
    const auto row = statement->step();
    if (!row)
        return row.error();
    if (!*row)
        return Error{ErrorCode::NotFound, "There is no such entry.", ""};
    return std::string(statement->text(0));
}

std::int64_t Connection::changes() const
{
    return sqlite3_changes64(m_database);
}

std::int64_t Connection::lastInsertRowId() const
{
    return sqlite3_last_insert_rowid(m_database);
}

bool Connection::isReadOnly() const
{
    return sqlite3_db_readonly(m_database, "main") == 1;
}

void Connection::stopWith(std::stop_token stop)
{
    constexpr int kSteps = 10'000; // of the virtual machine between two looks: about a millisecond
    m_stop = std::move(stop);
    const auto asked = [](void *token) { return static_cast<std::stop_token *>(token)->stop_requested() ? 1 : 0; };
    sqlite3_progress_handler(m_database, kSteps, asked, &m_stop);
}

void Connection::rollback() noexcept
{
    // A full disk makes SQLite roll back by itself; a second ROLLBACK would only be an error.
    if (!sqlite3_get_autocommit(m_database))
        sqlite3_exec(m_database, "ROLLBACK", nullptr, nullptr, nullptr);
}

Status Connection::checkpoint()
{
    const int code = sqlite3_wal_checkpoint_v2(m_database, "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (code == SQLITE_OK)
        return {};
    return sqliteError(m_database, code, "checkpoint");
}

void Connection::abandon() noexcept
{
    sqlite3 *database = std::exchange(m_database, nullptr);
    const std::filesystem::path wal =
        std::u8string(reinterpret_cast<const char8_t *>(sqlite3_db_filename(database, "main"))) + u8"-wal";
    sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_close_v2(database);
    std::error_code ignored;
    if (std::filesystem::file_size(wal, ignored) == 0)
        std::filesystem::remove(wal, ignored);
}

Status Connection::close()
{
    sqlite3 *database = std::exchange(m_database, nullptr);
    const int code = sqlite3_close(database);
    if (code == SQLITE_OK)
        return {};
    const Error error = sqliteError(database, code, "closing");
    sqlite3_close_v2(database);
    return Error{ErrorCode::Internal, error.message, error.detail};
}

} // namespace tramontane::sqlite
