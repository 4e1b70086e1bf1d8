// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/protocol/frame.h"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

namespace tramontane::engine {

/// A request on its way. `cancelled` is shared with whoever may cancel it.
struct Request {
    std::uint64_t id = 0;
    protocol::Payload payload;
    std::shared_ptr<std::atomic<bool>> cancelled = std::make_shared<std::atomic<bool>>(false);
};

/// Requests wait here in the order of their coming. Any thread.
class RequestQueue {
public:
    /// How many may wait; the running one does not count.
    static constexpr std::size_t kCapacity = 64;

    enum class Added { Yes, Full, IdInUse };
    enum class Cancelled { Running, Waiting, Unknown };

    [[nodiscard]] Added add(Request request);
    /// Waits for the next request, which is then the running one, and ends the one before.
    [[nodiscard]] Request take();
    /// A running request is asked to end; a waiting one is taken out: the caller answers it.
    [[nodiscard]] Cancelled cancel(std::uint64_t id);

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Request> m_waiting;
    std::optional<std::uint64_t> m_runningId;
    std::shared_ptr<std::atomic<bool>> m_runningCancelled;
};

} // namespace tramontane::engine
