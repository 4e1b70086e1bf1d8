// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/audit_event.h"
#include "app/core/id.h"
#include "storage/sqlite/database_thread.h"
#include "storage/sqlite/transaction.h"

#include <memory>
#include <utility>
#include <vector>

namespace tramontane {

/// vault.db in its thread, as all repositories share it. Every write is one transaction and takes along what was
/// settled since the last one (design.md section 3, step 6). Deleting a conversation deletes the key of its snapshot
/// (table content_key) in the same transaction. Calls from any thread.
class VaultDatabase {
public:
    explicit VaultDatabase(std::unique_ptr<sqlite::Connection> connection);

    struct Settlement {
        AttemptId attempt; // null: only the head is to be remembered
        AuditHead head;    // size 0: none to remember
    };
    /// What is settled but not yet written. Belongs to the database thread.
    using Settlements = std::vector<Settlement>;

    /// Queues a task that only reads: `task(connection, settlements)` answers with a Result.
    template <class Task>
    [[nodiscard]] auto read(Task task)
    {
        return m_thread.run([settled = m_settled, task = std::move(task)](sqlite::Connection &connection) mutable {
            return task(connection, std::as_const(*settled));
        });
    }

    /// Queues a task that writes: `task(connection)` answers with a Result; a failure rolls everything back.
    template <class Task>
    [[nodiscard]] auto write(Task task)
    {
        return m_thread.run([settled = m_settled, task = std::move(task)](sqlite::Connection &connection) mutable {
            const auto count = settled->size();
            auto result =
                sqlite::inTransaction(connection, [&]() -> std::invoke_result_t<Task &, sqlite::Connection &> {
                    auto answer = task(connection);
                    if (!answer)
                        return answer;
                    if (auto written = writeSettlements(connection, *settled); !written)
                        return written.error();
                    return answer;
                });
            if (result)
                settled->erase(settled->begin(), settled->begin() + static_cast<std::ptrdiff_t>(count));
            return result;
        });
    }

    /// Queues a task that may put another connection to the same database into the place of this one:
    /// `task(std::unique_ptr<sqlite::Connection> &)` answers with a Result. What is settled waits for the new one.
    template <class Task>
    [[nodiscard]] auto exchange(Task task)
    {
        return m_thread.exchange([task = std::move(task)](std::unique_ptr<sqlite::Connection> &connection) mutable {
            auto answer = task(connection);
            if (connection)
                setUp(*connection);
            return answer;
        });
    }

    /// Written with the next write(), or by close(). Never fails: what is lost in a crash is found at the next opening.
    void settle(Settlement settlement);

    /// Moves the write-ahead log into vault.db and empties it. Errors: those of Connection::checkpoint, VaultLocked.
    [[nodiscard]] Async<void> checkpoint();

    /// Writes what is settled and closes. Errors: those of closing; a settlement that cannot be written is none.
    [[nodiscard]] Async<void> close();

private:
    /// What every connection needs once; again does nothing.
    static void setUp(sqlite::Connection &connection);
    [[nodiscard]] static Status writeSettlements(sqlite::Connection &connection, const Settlements &settled);

    std::shared_ptr<Settlements> m_settled = std::make_shared<Settlements>();
    sqlite::DatabaseThread m_thread;
};

} // namespace tramontane
