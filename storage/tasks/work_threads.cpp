// SPDX-License-Identifier: Apache-2.0
#include "storage/tasks/work_threads.h"

#include <utility>

namespace tramontane::vault {

WorkThreads::WorkThreads(int threads)
{
    m_pool.setMaxThreadCount(threads);
    m_gate->pool = &m_pool;
}

WorkThreads::~WorkThreads()
{
    close();
}

void WorkThreads::close()
{
    {
        const std::lock_guard lock(m_gate->mutex);
        m_gate->pool = nullptr;
    }
    m_pool.waitForDone();
}

bool WorkThreads::Gate::isOpen()
{
    const std::lock_guard lock(mutex);
    return pool != nullptr;
}

bool WorkThreads::Gate::start(std::function<void()> work)
{
    const std::lock_guard lock(mutex);
    if (pool)
        pool->start(std::move(work));
    return pool != nullptr;
}

void WorkThreads::Line::post(Task task)
{
    {
        const std::lock_guard lock(m_mutex);
        m_tasks.push_back(std::move(task));
        if (std::exchange(m_running, true))
            return;
    }
    if (!m_gate->start([self = shared_from_this()] { self->runNext(); }))
        runNext();
}

void WorkThreads::Line::runNext()
{
    for (;;) {
        Task task;
        {
            const std::lock_guard lock(m_mutex);
            if (m_tasks.empty()) {
                m_running = false;
                return;
            }
            task = std::move(m_tasks.front());
            m_tasks.pop_front();
        }
        task(m_gate->isOpen());
        task = nullptr; // before the next one, which may take long
        // Other lines get their turn between two tasks; when there are no threads any more, the rest is told so here.
        if (m_gate->start([self = shared_from_this()] { self->runNext(); }))
            return;
    }
}

} // namespace tramontane::vault
