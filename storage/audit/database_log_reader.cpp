// SPDX-License-Identifier: Apache-2.0
#include "storage/audit/database_log_reader.h"

#include "storage/audit/epoch_store.h"

#include <utility>

namespace tramontane::audit_store {
namespace {

std::string bytesAt(const sqlite::Statement &row, int column)
{
    const auto bytes = row.blob(column);
    return {bytes.begin(), bytes.end()};
}

/// All rows of a query without parameters, each turned into a T.
template <class T, class MakeRow>
Result<std::vector<T>> rowsOf(sqlite::Connection &connection, std::string_view sql, MakeRow makeRow)
{
    auto query = connection.prepare(sql);
    if (!query)
        return query.error();
    std::vector<T> rows;
    for (;;) {
        const auto row = query->step();
        if (!row)
            return row.error();
        if (!row.value())
            return rows;
        rows.push_back(makeRow(std::as_const(query.value())));
    }
}

} // namespace

Result<std::uint64_t> DatabaseLogReader::entryCount()
{
    const auto count = m_connection.queryInteger("SELECT count(*) FROM audit_entry");
    if (!count)
        return count.error();
    return std::uint64_t(count.value());
}

Result<std::optional<audit::StoredEntry>> DatabaseLogReader::nextEntry()
{
    if (!m_entries) {
        auto query =
            m_connection.prepare("SELECT seq, leaf, body, head_signature, epoch FROM audit_entry ORDER BY seq");
        if (!query)
            return query.error();
        m_entries = std::move(query.value());
    }
    const auto row = m_entries->step();
    if (!row)
        return row.error();
    if (!row.value())
        return std::optional<audit::StoredEntry>();
    return std::optional(audit::StoredEntry{m_entries->integer(0), bytesAt(*m_entries, 1), bytesAt(*m_entries, 2),
                                            bytesAt(*m_entries, 3), m_entries->integer(4)});
}

Result<std::optional<std::string>> DatabaseLogReader::node(int level, std::uint64_t index)
{
    if (!m_node) {
        auto query = m_connection.prepare("SELECT hash FROM audit_node WHERE level = ? AND idx = ?");
        if (!query)
            return query.error();
        m_node = std::move(query.value());
    }
    const auto row = m_node->bind(level, index).step();
    if (!row)
        return row.error();
    return row.value() ? std::optional(bytesAt(*m_node, 0)) : std::nullopt;
}

Result<std::uint64_t> DatabaseLogReader::nodeCount()
{
    const auto count = m_connection.queryInteger("SELECT count(*) FROM audit_node");
    if (!count)
        return count.error();
    return std::uint64_t(count.value());
}

Result<std::vector<audit::StoredCheckpoint>> DatabaseLogReader::checkpoints()
{
    return rowsOf<audit::StoredCheckpoint>(
        m_connection,
        "SELECT size, root, note, CASE WHEN json_valid(anchors) THEN json_extract(anchors, '$.mac') END, "
        "CASE WHEN json_valid(anchors) THEN json_extract(anchors, '$.epoch') END FROM audit_checkpoint ORDER BY size",
        [](const sqlite::Statement &row) {
            return audit::StoredCheckpoint{row.integer(0), bytesAt(row, 1), std::string(row.text(2)),
                                           std::string(row.text(3)), row.integer(4)};
        });
}

Result<std::vector<audit::StoredEpoch>> DatabaseLogReader::epochs()
{
    return rowsOf<audit::StoredEpoch>(m_connection, "SELECT n, pubkey, mac_commit FROM audit_epoch ORDER BY n",
                                      [](const sqlite::Statement &row) {
                                          return audit::StoredEpoch{row.integer(0), bytesAt(row, 1), bytesAt(row, 2)};
                                      });
}

Result<std::optional<audit::StoredEpochKey>> DatabaseLogReader::epochKey()
{
    return readEpochKey(m_connection);
}

} // namespace tramontane::audit_store
