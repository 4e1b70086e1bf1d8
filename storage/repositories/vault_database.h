// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/audit_event.h"
#include "app/core/id.h"
#include "storage/sqlite/database_thread.h"
#include "storage/sqlite/disk_room.h"
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
    /// `room` outlives the object; null: nothing is kept for a full disk.
    explicit VaultDatabase(std::unique_ptr<sqlite::Connection> connection, sqlite::DiskRoom *room = nullptr);

    /// What a write does that finds the disk full.
    enum class OnFullDisk {
        UseRoom, // goes on with what is kept for that
        Refuse,  // answers NoSpace
    };

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

    /// Queues a task that writes: `task(connection)` answers with a Result; a failure rolls everything back. It may be
    /// called a second time, in a transaction of its own, when the first found the disk full.
    template <class Task>
    [[nodiscard]] auto write(Task task, OnFullDisk onFullDisk = OnFullDisk::UseRoom)
    {
        sqlite::DiskRoom *room = onFullDisk == OnFullDisk::UseRoom ? m_room : nullptr;
        return m_thread.run(
            [settled = m_settled, room, task = std::move(task)](sqlite::Connection &connection) mutable {
                auto result = writeOnce(connection, *settled, task);
                if (!result && result.error().code == ErrorCode::NoSpace && room && room->giveUp())
                    result = writeOnce(connection, *settled, task);
                if (result && room)
                    room->written();
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

    template <class Task>
    [[nodiscard]] static std::invoke_result_t<Task &, sqlite::Connection &> writeOnce(sqlite::Connection &connection,
                                                                                      Settlements &settled, Task &task)
    {
        const auto count = settled.size();
        auto result = sqlite::inTransaction(connection, [&]() -> std::invoke_result_t<Task &, sqlite::Connection &> {
            auto answer = task(connection);
            if (!answer)
                return answer;
            if (auto written = writeSettlements(connection, settled); !written)
                return written.error();
            return answer;
        });
        if (result)
            settled.erase(settled.begin(), settled.begin() + static_cast<std::ptrdiff_t>(count));
        return result;
    }

    sqlite::DiskRoom *m_room;
    std::shared_ptr<Settlements> m_settled = std::make_shared<Settlements>();
    sqlite::DatabaseThread m_thread;
};

} // namespace tramontane
