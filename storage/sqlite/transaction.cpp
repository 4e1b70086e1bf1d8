// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/transaction.h"

#include <utility>

namespace tramontane::sqlite {

Result<Transaction> Transaction::begin(Connection &connection)
{
    if (auto begun = connection.execute("BEGIN IMMEDIATE"); !begun)
        return begun.error();
    return Transaction(connection);
}

Transaction::Transaction(Transaction &&other) noexcept : m_connection(std::exchange(other.m_connection, nullptr)) {}

Transaction::~Transaction()
{
    if (m_connection)
        m_connection->rollback();
}

Status Transaction::commit()
{
    Connection *connection = std::exchange(m_connection, nullptr);
    auto committed = connection->execute("COMMIT");
    if (!committed)
        connection->rollback();
    return committed;
}

} // namespace tramontane::sqlite
