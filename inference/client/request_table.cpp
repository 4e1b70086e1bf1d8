// SPDX-License-Identifier: Apache-2.0
#include "inference/client/request_table.h"

#include "inference/client/worker_errors.h"

#include <QPointer>
#include <QTimer>

#include <algorithm>
#include <utility>
#include <vector>

namespace tramontane {

namespace {

// Frames for requests that have already ended. A few may cross with their end; more is a worker gone wild.
constexpr int kLateFramesAllowed = 1000;

} // namespace

RequestTable::RequestTable(Send send, QObject *parent) : QObject(parent), m_send(std::move(send)) {}

std::uint64_t RequestTable::add(std::shared_ptr<WorkerRequest> request)
{
    const std::uint64_t id = m_nextId++;
    m_entries[id].request = std::move(request);
    QTimer::singleShot(0, this, &RequestTable::flush);
    return id;
}

void RequestTable::open()
{
    m_open = true;
    m_lateFrames = 0;
    QTimer::singleShot(0, this, &RequestTable::flush);
}

void RequestTable::close()
{
    m_open = false;
}

void RequestTable::cancel(std::uint64_t id)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end() || std::exchange(found->second.cancelled, true))
        return;
    if (found->second.sent)
        return sendCancel(id);
    QTimer::singleShot(0, this, [this, id] { sendCancel(id); });
}

bool RequestTable::isRunning(std::uint64_t id) const
{
    const auto found = m_entries.find(id);
    return found != m_entries.end() && found->second.sent;
}

bool RequestTable::hasSent() const
{
    return std::any_of(m_entries.begin(), m_entries.end(), [](const auto &entry) { return entry.second.sent; });
}

Status RequestTable::receive(std::uint64_t id, const protocol::Payload &message)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end() || !found->second.sent)
        return receiveLate(id);
    const QPointer<RequestTable> self = this;
    const auto request = found->second.request;
    const auto ended = request->receive(message, replyFor(id));
    if (!ended)
        return ended.error();
    if (self && ended.value())
        m_entries.erase(id);
    return {};
}

/// Says nothing once the request has ended or its worker is gone.
WorkerRequest::Reply RequestTable::replyFor(std::uint64_t id)
{
    return [self = QPointer<RequestTable>(this), id](const protocol::Payload &message) {
        if (self && self->m_open && self->isRunning(id))
            (void)self->m_send(id, message);
    };
}

RequestTable::Requests RequestTable::takeSent()
{
    Requests taken;
    for (const auto &[id, entry] : m_entries) {
        if (entry.sent)
            taken.emplace(id, entry.request);
    }
    for (const auto &[id, request] : taken)
        m_entries.erase(id);
    return taken;
}

RequestTable::Requests RequestTable::takeAll()
{
    Requests taken;
    for (const auto &[id, entry] : std::exchange(m_entries, {}))
        taken.emplace(id, entry.request);
    return taken;
}

void RequestTable::fail(const Requests &requests, const Error &error)
{
    for (const auto &[id, request] : requests)
        request->fail(error);
}

void RequestTable::flush()
{
    std::vector<std::uint64_t> ids;
    for (const auto &[id, entry] : m_entries) {
        if (!entry.sent && !entry.cancelled)
            ids.push_back(id);
    }
    const QPointer<RequestTable> self = this;
    for (const std::uint64_t id : ids) {
        if (self && m_open)
            sendOne(id);
    }
}

void RequestTable::sendOne(std::uint64_t id)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end())
        return;
    const auto request = found->second.request;
    const Status sent = m_send(id, request->begin());
    if (sent) {
        found->second.sent = true;
        return request->begun(replyFor(id));
    }
    m_entries.erase(found);
    request->fail(sent.error());
}

void RequestTable::sendCancel(std::uint64_t id)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end())
        return;
    if (found->second.sent) {
        (void)m_send(id, protocol::Cancel{});
        Q_EMIT cancelSent(id);
        return;
    }
    // The worker never heard of it, so its answer is given here.
    const auto request = found->second.request;
    m_entries.erase(found);
    (void)request->receive(protocol::Done{MessageState::Stopped, "cancelled"}, {});
}

Status RequestTable::receiveLate(std::uint64_t id)
{
    if (id < kFirstId || id >= m_nextId)
        return worker_errors::protocol("a frame for a request that nobody made");
    if (++m_lateFrames > kLateFramesAllowed)
        return worker_errors::protocol("too many frames for requests that have ended");
    return {};
}

} // namespace tramontane
