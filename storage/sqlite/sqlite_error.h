// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <string_view>

struct sqlite3;

namespace tramontane::sqlite {

/// The Error for an SQLite result code. Codes: NoSpace (SQLITE_FULL, ENOSPC, EDQUOT), StorageReadOnly (SQLITE_READONLY,
/// EROFS), StorageBusy (SQLITE_BUSY, SQLITE_LOCKED), VaultDamaged (SQLITE_NOTADB, SQLITE_CORRUPT), IoFailed
/// (SQLITE_IOERR, SQLITE_CANTOPEN), Cancelled (SQLITE_INTERRUPT), Internal for the rest. `detail` is "SQLITE name, extended code, system error, while
/// `doing`": never SQL values, never what FTS5 says about a query, because that would repeat content. `database` may be
/// null. The thread that uses `database`.
[[nodiscard]] Error sqliteError(sqlite3 *database, int resultCode, std::string_view doing);

} // namespace tramontane::sqlite
