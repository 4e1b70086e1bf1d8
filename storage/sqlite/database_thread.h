// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "storage/sqlite/connection.h"

#include <functional>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>

namespace tramontane::sqlite {

/// The one thread that uses a database, with a queue of tasks in the order in which they were handed in. Calls from
/// any thread.
class DatabaseThread {
public:
    /// Takes the connection over.
    explicit DatabaseThread(std::unique_ptr<Connection> connection);
    /// Runs what is queued, closes, waits for the end.
    ~DatabaseThread();
    DatabaseThread(const DatabaseThread &) = delete;
    DatabaseThread &operator=(const DatabaseThread &) = delete;

    /// Queues `task`, which takes `Connection &` and returns a Result<T>; the future gets that result in the database
    /// thread. Errors beyond the task's own: VaultLocked when close() was called before, Internal when the task threw.
    /// A transaction that the task left open is rolled back.
    template <class Task>
    [[nodiscard]] QFuture<std::invoke_result_t<Task &, Connection &>> run(Task task)
    {
        using Outcome = std::invoke_result_t<Task &, Connection &>;
        auto promise = std::make_shared<QPromise<Outcome>>();
        promise->start();
        const auto answer = [promise](Outcome outcome) {
            promise->addResult(std::move(outcome));
            promise->finish();
        };
        auto job = std::make_shared<Task>(std::move(task));
        post([answer, job = std::move(job)](Slot *slot) mutable {
            if (!slot || !*slot) {
                answer(lockedError());
                return;
            }
            Outcome outcome = guarded<Outcome>(*job, **slot);
            (*slot)->rollback();
            // What the task holds must be gone before the caller hears of its end.
            job.reset();
            answer(std::move(outcome));
        });
        return promise->future();
    }

    /// As run(), for a task that may close the connection and put another one into its place: it takes
    /// `std::unique_ptr<Connection> &`. When it leaves none there, all that follows answers VaultLocked.
    template <class Task>
    [[nodiscard]] QFuture<std::invoke_result_t<Task &, std::unique_ptr<Connection> &>> exchange(Task task)
    {
        using Outcome = std::invoke_result_t<Task &, Slot &>;
        auto promise = std::make_shared<QPromise<Outcome>>();
        promise->start();
        auto job = std::make_shared<Task>(std::move(task));
        post([promise, job = std::move(job)](Slot *slot) mutable {
            Outcome outcome = slot && *slot ? guarded<Outcome>(*job, *slot) : Outcome(lockedError());
            job.reset();
            promise->addResult(std::move(outcome));
            promise->finish();
        });
        return promise->future();
    }

    /// Closes after all that is queued; later calls of run() answer VaultLocked. A second close() waits with the first.
    [[nodiscard]] Async<void> close();

private:
    struct Queue;
    using Slot = std::unique_ptr<Connection>;
    using Job = std::function<void(Slot *)>;

    /// Hands the job to the thread; calls it at once with null when the queue is closed.
    void post(Job job);
    static void loop(std::shared_ptr<Queue> queue);
    [[nodiscard]] static Error lockedError();
    [[nodiscard]] static Error thrownError();

    template <class Outcome, class Task, class Given>
    [[nodiscard]] static Outcome guarded(Task &task, Given &given)
    {
        try {
            return task(given);
        } catch (const std::exception &) { // no memory: the message of the exception could hold content
            return thrownError();
        }
    }

    std::shared_ptr<Queue> m_queue;
    std::thread m_thread;
};

} // namespace tramontane::sqlite
