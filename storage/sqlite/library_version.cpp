// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/library_version.h"

#include <sqlite3.h>

namespace tramontane::sqlite {
namespace {

/// SQLCipher tells its version only through a connection; one in memory leaves nothing anywhere.
std::string cipherVersion()
{
    std::string version;
    sqlite3 *handle = nullptr;
    sqlite3_stmt *statement = nullptr;
    if (sqlite3_open(":memory:", &handle) == SQLITE_OK
        && sqlite3_prepare_v2(handle, "PRAGMA cipher_version", -1, &statement, nullptr) == SQLITE_OK
        && sqlite3_step(statement) == SQLITE_ROW)
        version = reinterpret_cast<const char *>(sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return version;
}

} // namespace

std::string libraryVersion()
{
    return "SQLCipher " + cipherVersion() + ", SQLite " + sqlite3_libversion();
}

} // namespace tramontane::sqlite
