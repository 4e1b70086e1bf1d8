// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/backup_store.h"
#include "storage/sqlite/connection.h"

namespace tramontane::vault {

/// Counts conversations, messages and attachments of a vault.db into `content`. The connection's thread. Errors: as
/// sqliteError().
[[nodiscard]] Status countContent(sqlite::Connection &connection, BackupContent &content);

} // namespace tramontane::vault
