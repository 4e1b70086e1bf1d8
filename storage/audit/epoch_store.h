// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/audit/checkpoint.h"
#include "app/audit/log_reader.h"
#include "storage/sqlite/connection.h"

#include <optional>
#include <string>

// Epochs of audit.db: the only place of this folder that overwrites anything, namely the MAC key of the epoch before.
// The connection's thread, inside the caller's transaction.
namespace tramontane::audit_store {

/// Begins the next epoch (the first one with a random key) and overwrites the old key. Errors: VaultDamaged when the log
/// was signed with another key than `publicKey` or its epochs are damaged; as sqliteError().
[[nodiscard]] Result<audit::StoredEpochKey> beginEpoch(sqlite::Connection &connection,
                                                       const audit::PublicKey &publicKey, const std::string &started);

/// Nothing when no epoch was begun or the stored key is not 32 bytes long. Errors: as sqliteError().
[[nodiscard]] Result<std::optional<audit::StoredEpochKey>> readEpochKey(sqlite::Connection &connection);

} // namespace tramontane::audit_store
