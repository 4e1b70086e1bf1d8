// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/sqlite/connection.h"

#include <type_traits>

namespace tramontane::sqlite {

/// A write transaction: BEGIN IMMEDIATE, so that a lock is refused at the start and never half-way. Rolls back when
/// destroyed without a successful commit(). Not nested. The connection's thread.
class Transaction {
public:
    /// Errors: StorageBusy, StorageReadOnly, IoFailed, VaultDamaged; nothing has begun then.
    [[nodiscard]] static Result<Transaction> begin(Connection &connection);
    ~Transaction();
    Transaction(Transaction &&other) noexcept;
    Transaction &operator=(Transaction &&) = delete;
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;

    /// Success means durable (synchronous=FULL). After an error everything is rolled back.
    [[nodiscard]] Status commit();

private:
    explicit Transaction(Connection &connection) : m_connection(&connection) {}
    Connection *m_connection;
};

/// Runs `work` (no arguments, returns a Result) in one transaction and commits if it succeeded.
template <class Work>
[[nodiscard]] std::invoke_result_t<Work &> inTransaction(Connection &connection, Work work)
{
    auto transaction = Transaction::begin(connection);
    if (!transaction)
        return transaction.error();
    auto result = work();
    if (!result)
        return result;
    if (auto committed = transaction->commit(); !committed)
        return committed.error();
    return result;
}

} // namespace tramontane::sqlite
