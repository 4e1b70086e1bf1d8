// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/platform/process/standard_pipes.h"
#include "inference/protocol/bulk.h"
#include "inference/protocol/frame.h"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace tramontane::engine {

/// Writes frames from a thread of its own, so that a reader that is slow for a moment does not hold up the model.
/// Any thread. The process ends when the reader is gone.
class FrameOutput {
public:
    explicit FrameOutput(process::StandardPipes &pipes);
    /// Writes what is left.
    ~FrameOutput();
    FrameOutput(const FrameOutput &) = delete;
    FrameOutput &operator=(const FrameOutput &) = delete;

    /// Waits only while kMostWaiting bytes are on the way.
    void send(std::uint64_t id, protocol::Payload payload);
    /// Sends `bytes` as bulk data of this request, piece by piece as credit comes.
    void sendBulk(std::uint64_t id, std::string bytes);
    /// Errors: EngineProtocol when the credit was not earned. Credit for a finished transfer is ignored.
    [[nodiscard]] Status addCredit(std::uint64_t id, const protocol::Credit &credit);
    /// Waits until everything is written.
    void flush();

private:
    static constexpr std::size_t kMostWaiting = std::size_t{64} << 20;

    void writeLoop();
    void sendPieces(std::uint64_t id);

    process::StandardPipes &m_pipes;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::string m_waiting;
    bool m_writing = false;
    bool m_ending = false;
    std::mutex m_bulkMutex; // before m_mutex
    std::map<std::uint64_t, protocol::BulkSender> m_bulk;
    std::thread m_thread;
};

} // namespace tramontane::engine
