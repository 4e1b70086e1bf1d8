// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/request_queue.h"

#include <algorithm>

namespace tramontane::engine {

RequestQueue::Added RequestQueue::add(Request request)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_runningId == request.id
            || std::any_of(m_waiting.begin(), m_waiting.end(), [&](const Request &r) { return r.id == request.id; }))
            return Added::IdInUse;
        if (m_waiting.size() == kCapacity)
            return Added::Full;
        m_waiting.push_back(std::move(request));
    }
    m_changed.notify_one();
    return Added::Yes;
}

Request RequestQueue::take()
{
    std::unique_lock lock(m_mutex);
    m_runningId.reset();
    m_runningCancelled.reset();
    m_changed.wait(lock, [this] { return !m_waiting.empty(); });
    Request next = std::move(m_waiting.front());
    m_waiting.pop_front();
    m_runningId = next.id;
    m_runningCancelled = next.cancelled;
    return next;
}

RequestQueue::Cancelled RequestQueue::cancel(std::uint64_t id)
{
    const std::lock_guard lock(m_mutex);
    if (m_runningId == id) {
        *m_runningCancelled = true;
        return Cancelled::Running;
    }
    const auto found =
        std::find_if(m_waiting.begin(), m_waiting.end(), [=](const Request &request) { return request.id == id; });
    if (found == m_waiting.end())
        return Cancelled::Unknown;
    m_waiting.erase(found);
    return Cancelled::Waiting;
}

} // namespace tramontane::engine
