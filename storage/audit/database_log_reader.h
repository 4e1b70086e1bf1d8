// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/audit/log_reader.h"
#include "storage/sqlite/connection.h"

#include <optional>

namespace tramontane::audit_store {

/// Hands the rows of audit.db to verification as they are. The connection's thread; must be gone before the connection.
/// Errors of every call: as sqliteError().
class DatabaseLogReader final : public audit::LogReader {
public:
    explicit DatabaseLogReader(sqlite::Connection &connection) : m_connection(connection) {}

    [[nodiscard]] Result<std::uint64_t> entryCount() override;
    [[nodiscard]] Result<std::optional<audit::StoredEntry>> nextEntry() override;
    [[nodiscard]] Result<std::optional<std::string>> node(int level, std::uint64_t index) override;
    [[nodiscard]] Result<std::uint64_t> nodeCount() override;
    [[nodiscard]] Result<std::vector<audit::StoredCheckpoint>> checkpoints() override;
    [[nodiscard]] Result<std::vector<audit::StoredEpoch>> epochs() override;
    [[nodiscard]] Result<std::optional<audit::StoredEpochKey>> epochKey() override;

private:
    sqlite::Connection &m_connection;
    std::optional<sqlite::Statement> m_entries;
    std::optional<sqlite::Statement> m_node;
};

} // namespace tramontane::audit_store
