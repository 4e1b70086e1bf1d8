// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/request_queue.h"

#include <utility>

namespace tramontane::engine {

RequestQueue::Added RequestQueue::add(Request request)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_ids.contains(request.id))
            return Added::IdInUse;
        if (m_waiting == kCapacity)
            return Added::Full;
        ++m_waiting;
        m_ids.emplace(request.id, ++m_lastOrder);
        Entry &entry = m_entries[m_lastOrder];
        entry.background = request.background;
        entry.cancelled = request.cancelled;
        entry.request = std::move(request);
    }
    m_added.notify_one();
    return Added::Yes;
}

RequestQueue::Entries::iterator RequestQueue::next(State state)
{
    auto first = m_entries.end();
    auto background = m_entries.end();
    for (auto entry = m_entries.begin(); entry != m_entries.end(); ++entry) {
        if (entry->second.state == state && entry->second.brief)
            return entry;
        auto &found = entry->second.background ? background : first;
        if (entry->second.state == state && found == m_entries.end())
            found = entry;
    }
    const bool turn = state == State::Ready && m_passedOver >= kPatience;
    return background != m_entries.end() && (turn || first == m_entries.end()) ? background : first;
}

Request RequestQueue::takeOut(Entries::iterator entry, State to)
{
    entry->second.state = to;
    Request request = std::move(*entry->second.request);
    entry->second.request.reset();
    return request;
}

Request RequestQueue::takeNew()
{
    std::unique_lock lock(m_mutex);
    auto entry = m_entries.end();
    m_added.wait(lock, [&] {
        entry = next(State::New);
        return entry != m_entries.end();
    });
    return takeOut(entry, State::InWork);
}

void RequestQueue::makeReady(Request request)
{
    {
        const std::lock_guard lock(m_mutex);
        const auto order = m_ids.find(request.id);
        if (order == m_ids.end())
            return;
        Entry &entry = m_entries.at(order->second);
        entry.state = State::Ready;
        entry.brief = request.brief;
        entry.request = std::move(request);
    }
    m_ready.notify_one();
}

std::optional<Request> RequestQueue::takeReady(const std::function<bool(const Request &)> &accepts)
{
    const std::lock_guard lock(m_mutex);
    const auto entry = next(State::Ready);
    if (entry == m_entries.end() || !accepts(*entry->second.request))
        return std::nullopt;
    --m_waiting;
    bool passesOver = false;
    for (const auto &[order, other] : m_entries)
        passesOver = passesOver || (other.background && other.state == State::Ready);
    m_passedOver = passesOver && !entry->second.background ? m_passedOver + 1 : 0;
    return takeOut(entry, State::Running);
}

void RequestQueue::waitForReady()
{
    std::unique_lock lock(m_mutex);
    m_ready.wait(lock, [this] { return next(State::Ready) != m_entries.end(); });
}

bool RequestQueue::hasReady()
{
    const std::lock_guard lock(m_mutex);
    return next(State::Ready) != m_entries.end();
}

bool RequestQueue::finish(std::uint64_t id)
{
    const std::lock_guard lock(m_mutex);
    const auto order = m_ids.find(id);
    if (order == m_ids.end())
        return false;
    if (m_entries.at(order->second).state != State::Running)
        --m_waiting;
    m_entries.erase(order->second);
    m_ids.erase(order);
    return true;
}

RequestQueue::Cancelled RequestQueue::cancel(std::uint64_t id)
{
    const std::lock_guard lock(m_mutex);
    const auto order = m_ids.find(id);
    if (order == m_ids.end())
        return Cancelled::Unknown;
    const auto entry = m_entries.find(order->second);
    *entry->second.cancelled = true;
    if (entry->second.state == State::Running)
        return Cancelled::Running;
    --m_waiting;
    m_entries.erase(entry);
    m_ids.erase(order);
    return Cancelled::Waiting;
}

} // namespace tramontane::engine
