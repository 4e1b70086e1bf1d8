// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/worker/frame_output.h"

#include <cstdlib>
#include <utility>

namespace tramontane::engine {

namespace {

/// What can be said instead of a frame that cannot be written, which no request can bring about.
std::string encoded(std::uint64_t id, protocol::Payload payload)
{
    auto bytes = protocol::encodeFrame({id, std::move(payload)});
    if (!bytes)
        bytes = protocol::encodeFrame({id, protocol::Failure{{ErrorCode::Internal, "The answer cannot be sent.", {}}}});
    return bytes ? std::move(*bytes) : std::string();
}

} // namespace

FrameOutput::FrameOutput(process::StandardPipes &pipes) : m_pipes(pipes), m_thread([this] { writeLoop(); }) {}

FrameOutput::~FrameOutput()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

void FrameOutput::send(std::uint64_t id, protocol::Payload payload)
{
    const std::string bytes = encoded(id, std::move(payload));
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_waiting.size() < kMostWaiting; });
        m_waiting += bytes;
    }
    m_changed.notify_all();
}

void FrameOutput::sendBulk(std::uint64_t id, std::string bytes)
{
    const std::lock_guard lock(m_bulkMutex);
    m_bulk.insert_or_assign(id, protocol::BulkSender(std::move(bytes)));
    sendPieces(id);
}

Status FrameOutput::addCredit(std::uint64_t id, const protocol::Credit &credit)
{
    const std::lock_guard lock(m_bulkMutex);
    const auto found = m_bulk.find(id);
    if (found == m_bulk.end())
        return {};
    if (const auto added = found->second.addCredit(credit); !added)
        return added;
    sendPieces(id);
    return {};
}

void FrameOutput::sendPieces(std::uint64_t id)
{
    auto &sender = m_bulk.at(id);
    while (auto piece = sender.next())
        send(id, std::move(*piece));
    if (sender.finished())
        m_bulk.erase(id);
}

void FrameOutput::flush()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_waiting.empty() && !m_writing; });
}

void FrameOutput::writeLoop()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return !m_waiting.empty() || m_ending; });
        if (m_waiting.empty())
            return;
        const std::string bytes = std::exchange(m_waiting, {});
        m_writing = true;
        lock.unlock();
        // Without a reader there is nobody to work for.
        if (!m_pipes.write(bytes))
            std::_Exit(EXIT_FAILURE);
        lock.lock();
        m_writing = false;
        m_changed.notify_all();
    }
}

} // namespace tramontane::engine
