// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/protocol/messages.h"

#include <functional>

namespace tramontane {

/// One request to a worker, from its first frame to its end. Kept by LocalModel until it has finished or failed; one
/// thread. Exactly one of "receive() answered true" and fail() is its end.
class WorkerRequest {
public:
    /// Sends a frame with the id of this request.
    using Reply = std::function<void(const protocol::Payload &message)>;

    virtual ~WorkerRequest() = default;
    /// What starts it.
    [[nodiscard]] virtual protocol::Payload begin() = 0;
    /// The worker has been sent begin(). For requests that go on speaking by themselves.
    virtual void begun(const Reply &) {}
    /// A frame for it. True: it has ended. Errors: EngineProtocol when the frame has no place here; fail() follows.
    [[nodiscard]] virtual Result<bool> receive(const protocol::Payload &message, const Reply &reply) = 0;
    virtual void fail(const Error &error) = 0;
};

} // namespace tramontane
