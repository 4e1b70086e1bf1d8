// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/schedule/request_queue.h"
#include "inference/protocol/bulk.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>

namespace tramontane::engine {

/// Collects the bytes that follow a request: of a RestoreState its state, of a Generate the pixels of its images.
/// The thread that reads frames.
class Uploads {
public:
    /// Each of them is held in memory as a whole.
    static constexpr std::size_t kMostAtOnce = 2;
    /// Of the pixels of all requests that are on their way, wait or run.
    static constexpr std::uint64_t kMostImageBytes = 512 << 20;

    [[nodiscard]] bool contains(std::uint64_t id) const { return m_uploads.contains(id); }
    /// Errors: EngineBusy, InvalidArgument (size, key; images: checkImages()). Then its bytes must be ignored.
    [[nodiscard]] Status begin(std::uint64_t id, protocol::RestoreState request);
    [[nodiscard]] Status begin(std::uint64_t id, protocol::Generate request);

    struct Progress {
        std::optional<protocol::Credit> credit; // to be sent
        std::optional<Request> complete;        // to be run; the upload is over
    };
    /// A piece for an id that contains(). Errors: EngineProtocol.
    [[nodiscard]] Result<Progress> accept(std::uint64_t id, protocol::Bulk piece);
    /// Drops it.
    void cancel(std::uint64_t id) { m_uploads.erase(id); }

private:
    struct Upload {
        Request request;
        protocol::BulkReceiver receiver;
    };
    Status add(std::uint64_t id, Request request, std::uint64_t bytes);

    std::map<std::uint64_t, Upload> m_uploads;
    std::shared_ptr<std::atomic<std::uint64_t>> m_imageBytes = std::make_shared<std::atomic<std::uint64_t>>(0);
};

} // namespace tramontane::engine
