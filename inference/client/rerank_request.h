// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "inference/client/worker_request.h"

#include <functional>
#include <vector>

namespace tramontane {

/// A query and documents to scores: one Ranked frame.
class RerankRequest final : public WorkerRequest {
public:
    using Done = std::function<void(Result<std::vector<float>> scores)>;

    /// As many scores as documents are expected.
    RerankRequest(protocol::Rerank message, Done done);

    [[nodiscard]] protocol::Payload begin() override;
    [[nodiscard]] Result<bool> receive(const protocol::Payload &message, const Reply &reply) override;
    void fail(const Error &error) override;

private:
    protocol::Rerank m_message;
    std::size_t m_count = 0;
    Done m_done;
};

} // namespace tramontane
