// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/schedule/request_queue.h"
#include "inference/protocol/bulk.h"

#include <cstdint>
#include <map>
#include <optional>

namespace tramontane::engine {

/// Collects the bytes that follow a RestoreState. The thread that reads frames.
class StateUploads {
public:
    /// Each of them is held in memory as a whole.
    static constexpr std::size_t kMostAtOnce = 2;

    [[nodiscard]] bool contains(std::uint64_t id) const { return m_uploads.contains(id); }
    /// Errors: EngineBusy, InvalidArgument (size, key). Then its bytes must be ignored.
    [[nodiscard]] Status begin(std::uint64_t id, protocol::RestoreState request);

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
        protocol::RestoreState request;
        protocol::BulkReceiver receiver;
        std::string bytes;
    };
    std::map<std::uint64_t, Upload> m_uploads;
};

} // namespace tramontane::engine
