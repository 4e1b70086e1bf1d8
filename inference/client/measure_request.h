// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/inference_provider.h"
#include "inference/client/worker_request.h"

#include <functional>

namespace tramontane {

/// How many tokens a prompt has.
class MeasureRequest final : public WorkerRequest {
public:
    using Done = std::function<void(Result<PromptSize> size)>;

    MeasureRequest(std::vector<ChatTurn> turns, AnswerShape shape, Done done);

    [[nodiscard]] protocol::Payload begin() override;
    [[nodiscard]] Result<bool> receive(const protocol::Payload &message, const Reply &reply) override;
    void fail(const Error &error) override;

private:
    protocol::Measure m_message;
    Done m_done;
};

} // namespace tramontane
