// SPDX-License-Identifier: Apache-2.0
#include "storage/audit/sqlite_audit_log.h"

#include <QPromise>
#include <QThread>
#include <QThreadPool>

#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace tramontane {

using audit_store::AuditStore;

struct SqliteAuditLog::Worker {
    explicit Worker(std::unique_ptr<AuditStore> opened) : store(std::move(opened)), logId(store->logId())
    {
        // One thread makes a queue: calls are worked off in their order.
        thread.setMaxThreadCount(1);
        thread.setExpiryTimeout(-1);
    }

    std::unique_ptr<AuditStore> store; // only touched in `thread`
    std::mutex mutex;
    std::string logId;  // guarded by `mutex`
    QThreadPool thread; // the last member: it is gone, and all its work done, before the others are
};

SqliteAuditLog::SqliteAuditLog(std::unique_ptr<AuditStore> store) : m_worker(std::make_unique<Worker>(std::move(store)))
{
}

SqliteAuditLog::~SqliteAuditLog()
{
    static_cast<void>(close());
    // A continuation may hold the last owner of this object: a thread cannot wait for itself, so another one does.
    if (m_worker->thread.contains(QThread::currentThread()))
        std::thread([worker = std::move(m_worker)]() mutable { worker.reset(); }).detach();
}

Status SqliteAuditLog::create(const audit_store::LogAccess &access, const Clock &clock)
{
    return AuditStore::create(access, clock);
}

Result<std::unique_ptr<SqliteAuditLog>> SqliteAuditLog::open(audit_store::LogAccess access, const Clock &clock)
{
    auto store = std::make_unique<AuditStore>(std::move(access), clock);
    if (const Status status = store->probe(); !status)
        return status.error();
    return std::unique_ptr<SqliteAuditLog>(new SqliteAuditLog(std::move(store)));
}

namespace {

/// Exceptions stop here: no memory is all that is left to throw, and it must not end the program.
template <class T, class Task>
Result<T> guarded(const Task &task, AuditStore &store)
{
    try {
        return task(store);
    } catch (const std::exception &) {
        return Error{ErrorCode::AuditUnavailable,
                     "The audit log cannot be used: there is not enough memory. Close something and try again.", ""};
    }
}

} // namespace

template <class T, class Task>
Async<T> SqliteAuditLog::run(Task task)
{
    const auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    m_worker->thread.start([worker = m_worker.get(), promise, task = std::move(task)] {
        Result<T> result = guarded<T>(task, *worker->store);
        {
            const std::lock_guard lock(worker->mutex);
            worker->logId = worker->store->logId();
        }
        promise->addResult(std::move(result));
        promise->finish();
    });
    return promise->future();
}

Async<AuditHead> SqliteAuditLog::append(AuditEvent event)
{
    return run<AuditHead>([event = std::move(event)](AuditStore &store) { return store.append(event); });
}

Async<std::vector<AuditRow>> SqliteAuditLog::list(AuditFilter filter)
{
    return run<std::vector<AuditRow>>([filter = std::move(filter)](AuditStore &store) { return store.list(filter); });
}

Async<AuditVerification> SqliteAuditLog::verify(std::vector<AuditHead> knownHeads, VerifyDepth depth)
{
    return run<AuditVerification>(
        [heads = std::move(knownHeads), depth](AuditStore &store) { return store.verify(heads, depth); });
}

Async<AcceptedGap> SqliteAuditLog::acceptGap(AuditPolicy policy)
{
    return run<AcceptedGap>([policy = std::move(policy)](AuditStore &store) { return store.acceptGap(policy); });
}

Async<void> SqliteAuditLog::inspect()
{
    return run<void>([](AuditStore &store) { return store.inspect(); });
}

Async<std::string> SqliteAuditLog::checkpoint()
{
    return run<std::string>([](AuditStore &store) { return store.checkpoint(); });
}

Async<RecordedAttempt> SqliteAuditLog::findAttempt(std::string corr)
{
    return run<RecordedAttempt>([corr = std::move(corr)](AuditStore &store) { return store.findAttempt(corr); });
}

Async<std::vector<std::string>> SqliteAuditLog::openAttempts()
{
    return run<std::vector<std::string>>([](AuditStore &store) { return store.openAttempts(); });
}

Async<AuditHead> SqliteAuditLog::head()
{
    return run<AuditHead>([](AuditStore &store) { return store.head(); });
}

Async<AuditHead> SqliteAuditLog::copyTo(std::filesystem::path target, std::stop_token stop)
{
    return run<AuditHead>(
        [target = std::move(target), stop = std::move(stop)](AuditStore &store) { return store.copyTo(target, stop); });
}

Async<AuditVerification> SqliteAuditLog::verifyArchived(std::filesystem::path archive)
{
    return run<AuditVerification>(
        [archive = std::move(archive)](AuditStore &store) { return store.verifyArchived(archive); });
}

std::string SqliteAuditLog::logId() const
{
    const std::lock_guard lock(m_worker->mutex);
    return m_worker->logId;
}

Async<void> SqliteAuditLog::close()
{
    return run<void>([](AuditStore &store) { return store.close(); });
}

} // namespace tramontane
