// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/client/worker_request.h"
#include "inference/protocol/bulk.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tramontane {

using Vectors = std::vector<std::vector<float>>;

/// Texts to vectors: an Embedded frame, then bulk data with credit.
class EmbedRequest final : public WorkerRequest {
public:
    using Done = std::function<void(Result<Vectors> vectors)>;

    /// As many vectors as texts are expected.
    EmbedRequest(protocol::Embed message, Done done);

    [[nodiscard]] protocol::Payload begin() override;
    [[nodiscard]] Result<bool> receive(const protocol::Payload &message, const Reply &reply) override;
    void fail(const Error &error) override;

private:
    [[nodiscard]] Status expect(const protocol::Embedded &embedded);
    [[nodiscard]] Result<bool> takeBulk(const protocol::Bulk &bulk, const Reply &reply);

    protocol::Embed m_message;
    std::size_t m_count = 0;
    Done m_done;
    protocol::Embedded m_shape;
    std::optional<protocol::BulkReceiver> m_receiver; // once the shape is known
    std::string m_bytes;
};

} // namespace tramontane
