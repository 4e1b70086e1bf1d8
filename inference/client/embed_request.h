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

    EmbedRequest(std::vector<std::string> texts, Done done);

    [[nodiscard]] protocol::Payload begin() override;
    [[nodiscard]] Result<bool> receive(const protocol::Payload &message, const Reply &reply) override;
    void fail(const Error &error) override;

private:
    [[nodiscard]] Status expect(const protocol::Embedded &embedded);
    [[nodiscard]] Result<bool> takeBulk(const protocol::Bulk &bulk, const Reply &reply);

    std::vector<std::string> m_texts;
    std::size_t m_count = 0;
    Done m_done;
    protocol::Embedded m_shape;
    std::optional<protocol::BulkReceiver> m_receiver; // once the shape is known
    std::string m_bytes;
};

/// Cuts `texts` into groups that fit well into one frame each, in order. A text longer than that is a group of its own.
[[nodiscard]] std::vector<std::vector<std::string>> embedGroups(std::vector<std::string> texts);

} // namespace tramontane
