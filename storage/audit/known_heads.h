// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/audit_event.h"
#include "storage/sqlite/connection.h"

#include <vector>

namespace tramontane::audit_store {

/// The one with the most records; size 0 when there is none.
[[nodiscard]] AuditHead newestOf(const std::vector<AuditHead> &heads);

/// Holds the heads that the vault has acknowledged against the stored tree, whose own head is `present`. The
/// connection's thread. Errors: AuditRecordsMissing when the log is older than the newest of them, AuditBroken when it
/// has another root at the size of one of them or has lost nodes; as sqliteError().
[[nodiscard]] Status checkKnownHeads(sqlite::Connection &connection, const AuditHead &present,
                                     const std::vector<AuditHead> &known);

} // namespace tramontane::audit_store
