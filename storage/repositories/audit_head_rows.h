// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/audit_event.h"
#include "storage/sqlite/connection.h"

#include <vector>

// The heads of the audit log that the vault has acknowledged. The database thread. Errors: as sqliteError().
namespace tramontane {

/// Ascending by size.
[[nodiscard]] Result<std::vector<AuditHead>> readAuditHeads(sqlite::Connection &connection);

/// Remembers `heads` (those of size 0 are none) and forgets all but the newest ones. What is forgotten here has been
/// confirmed: the log is held against all heads before its first record of a session, and no head is made after one
/// that it contradicts.
[[nodiscard]] Status rememberAuditHeads(sqlite::Connection &connection, const std::vector<AuditHead> &heads);

/// Forgets the heads of more than `size` records.
[[nodiscard]] Status forgetAuditHeadsAbove(sqlite::Connection &connection, std::uint64_t size);

} // namespace tramontane
