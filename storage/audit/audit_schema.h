// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/sqlite/connection.h"

#include <cstdint>
#include <string>

// Tables and triggers of audit.db (resources/formats/audit-log.md). The connection's thread.
namespace tramontane::audit_store {

/// "TRMA".
inline constexpr std::uint32_t kApplicationId = 0x54524D41;
inline constexpr std::int64_t kSchemaVersion = 1;

/// Makes all tables in an empty database and stores the log's name, in one transaction. Errors: as sqliteError().
[[nodiscard]] Status createSchema(sqlite::Connection &connection, const std::string &logId, const std::string &created);

/// Errors: VaultNewerSchema (written by a newer Tramontane), VaultDamaged (no schema of ours).
[[nodiscard]] Status checkSchema(sqlite::Connection &connection);

} // namespace tramontane::audit_store
