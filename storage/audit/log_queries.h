// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/audit_log.h"
#include "app/core/audit_event.h"
#include "app/core/digest.h"
#include "storage/sqlite/connection.h"

#include <cstdint>
#include <string>
#include <vector>

// Reading audit.db for appending, lists and recovery. The connection's thread. Errors: as sqliteError(), and those named.
namespace tramontane::audit_store {

struct LastEntry {
    std::uint64_t seq = 0; // 0: there is none
    std::string time;
    std::string headSignature;
};

[[nodiscard]] Result<LastEntry> readLastEntry(sqlite::Connection &connection);

/// A leaf (level 0) or a perfect subtree. Errors: NotFound when it is missing or not 32 bytes long.
[[nodiscard]] Result<Hash32> readTreeNode(sqlite::Connection &connection, int level, std::uint64_t index);

/// The note of the checkpoint of this size. Errors: NotFound.
[[nodiscard]] Result<std::string> readNote(sqlite::Connection &connection, std::uint64_t size);

/// Ascending by seq; a `limit` of 0 or below means all.
[[nodiscard]] Result<std::vector<AuditRow>> listEntries(sqlite::Connection &connection, const AuditFilter &filter);

/// What the records with this correlation id say.
[[nodiscard]] Result<RecordedAttempt> findAttempt(sqlite::Connection &connection, const std::string &corr);

/// The correlation ids of attempts that records above `afterSeq` open and no record closes, oldest first.
[[nodiscard]] Result<std::vector<std::string>> findOpenAttempts(sqlite::Connection &connection, std::uint64_t afterSeq);

/// The log's name. Errors: NotFound.
[[nodiscard]] Result<std::string> readLogId(sqlite::Connection &connection);

} // namespace tramontane::audit_store
