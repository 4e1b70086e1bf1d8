// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/database_thread.h"

#include <condition_variable>
#include <deque>
#include <mutex>

namespace tramontane::sqlite {

struct DatabaseThread::Queue {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Job> jobs;
    bool closing = false;
    std::unique_ptr<Connection> connection;
    QPromise<Status> closed;
    QFuture<Status> closedFuture;
};

DatabaseThread::DatabaseThread(std::unique_ptr<Connection> connection) : m_queue(std::make_shared<Queue>())
{
    m_queue->connection = std::move(connection);
    m_queue->closed.start();
    m_queue->closedFuture = m_queue->closed.future();
    m_thread = std::thread(&DatabaseThread::loop, m_queue);
}

DatabaseThread::~DatabaseThread()
{
    static_cast<void>(close());
    // A task may hold the last owner of this object: a thread cannot wait for itself, but the queue outlives us.
    if (m_thread.get_id() == std::this_thread::get_id())
        m_thread.detach();
    else
        m_thread.join();
}

Async<void> DatabaseThread::close()
{
    {
        const std::lock_guard lock(m_queue->mutex);
        m_queue->closing = true;
    }
    m_queue->changed.notify_one();
    return m_queue->closedFuture;
}

void DatabaseThread::post(Job job)
{
    {
        const std::lock_guard lock(m_queue->mutex);
        if (!m_queue->closing) {
            m_queue->jobs.push_back(std::move(job));
            m_queue->changed.notify_one();
            return;
        }
    }
    job(nullptr);
}

void DatabaseThread::loop(std::shared_ptr<Queue> queue)
{
    for (;;) {
        Job job;
        {
            std::unique_lock lock(queue->mutex);
            queue->changed.wait(lock, [&] { return queue->closing || !queue->jobs.empty(); });
            if (queue->jobs.empty())
                break;
            job = std::move(queue->jobs.front());
            queue->jobs.pop_front();
        }
        job(&queue->connection);
    }
    Status closed = queue->connection ? queue->connection->close() : Status();
    queue->connection.reset();
    queue->closed.addResult(std::move(closed));
    queue->closed.finish();
}

Error DatabaseThread::lockedError()
{
    return Error{ErrorCode::VaultLocked, "The vault is locked. Unlock it and try again.", ""};
}

Error DatabaseThread::thrownError()
{
    return Error{ErrorCode::Internal, "There was not enough memory for a request to the database.", ""};
}

} // namespace tramontane::sqlite
