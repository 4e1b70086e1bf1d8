// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/sqlite/connection.h"

namespace tramontane::sqlite {

/// Reads the whole database: the MAC of every page (PRAGMA cipher_integrity_check of SQLCipher), trees and indexes (PRAGMA
/// integrity_check), and references (PRAGMA foreign_key_check). Folds the WAL in first; a database that is open for reading
/// only keeps it, and goes without the check of the MACs of pages that nothing uses. Success: all holds. The connection's
/// thread; takes as long as reading the file. Errors: VaultDamaged, `detail` names the first thing that does not hold, without content;
/// as sqliteError().
[[nodiscard]] Status inspect(Connection &connection);

} // namespace tramontane::sqlite
