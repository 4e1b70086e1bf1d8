// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/database_copy.h"

#include "storage/sqlite/opener.h"
#include "storage/sqlite/sqlite_error.h"

#include <sqlite3.h>

#include <utility>

namespace tramontane::sqlite {

namespace {

/// A file that means nothing before it is complete needs no journal; its one commit still waits for the disk.
Status withoutJournal(Connection &target)
{
    const auto mode = target.queryText("PRAGMA journal_mode = MEMORY");
    if (!mode)
        return mode.error();
    if (*mode != "memory")
        return Error{ErrorCode::Internal, "A copy of a database could not be begun.", "journal mode " + *mode};
    return {};
}

} // namespace

Result<std::unique_ptr<DatabaseCopy>> DatabaseCopy::begin(Connection &source, std::filesystem::path target,
                                                          const Key32 &key)
{
    auto opened = Connection::open(target, key, {.mode = OpenMode::Create});
    if (!opened)
        return opened.error();
    std::unique_ptr<DatabaseCopy> copy(new DatabaseCopy(std::move(*opened), std::move(target)));
    if (auto ready = withoutJournal(*copy->m_target); !ready)
        return ready.error();
    copy->m_backup = sqlite3_backup_init(copy->m_target->m_database, "main", source.m_database, "main");
    if (!copy->m_backup)
        return sqliteError(copy->m_target->m_database, sqlite3_extended_errcode(copy->m_target->m_database),
                           "beginning a copy");
    return copy;
}

DatabaseCopy::~DatabaseCopy()
{
    end();
    if (m_finished)
        return;
    m_target.reset();
    std::error_code ignored;
    for (const char *suffix : {"", "-wal", "-journal"}) {
        std::filesystem::path file = m_path;
        std::filesystem::remove(file += suffix, ignored);
    }
}

void DatabaseCopy::end() noexcept
{
    if (auto *backup = std::exchange(m_backup, nullptr))
        sqlite3_backup_finish(backup);
}

Result<bool> DatabaseCopy::step(int pages)
{
    const int code = sqlite3_backup_step(m_backup, pages);
    if (code == SQLITE_DONE)
        return true;
    if (code == SQLITE_OK)
        return false;
    return sqliteError(m_target->m_database, code, "copying a database");
}

std::uint64_t DatabaseCopy::done() const
{
    return total() - static_cast<std::uint64_t>(sqlite3_backup_remaining(m_backup));
}

std::uint64_t DatabaseCopy::total() const
{
    return static_cast<std::uint64_t>(sqlite3_backup_pagecount(m_backup));
}

Status DatabaseCopy::finish()
{
    end();
    const auto target = std::move(m_target);
    if (auto closed = target->close(); !closed)
        return closed;
    const OpenOptions reading;
    if (auto proved = Opener(m_path, reading).proveEncrypted(); !proved)
        return proved;
    m_finished = true;
    return {};
}

} // namespace tramontane::sqlite
