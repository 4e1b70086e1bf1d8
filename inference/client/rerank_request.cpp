// SPDX-License-Identifier: Apache-2.0
#include "inference/client/rerank_request.h"

#include "inference/client/untrusted_text.h"
#include "inference/client/worker_errors.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tramontane {

RerankRequest::RerankRequest(protocol::Rerank message, Done done)
    : m_message(std::move(message)), m_count(m_message.documents.size()), m_done(std::move(done))
{
}

protocol::Payload RerankRequest::begin()
{
    return std::move(m_message);
}

Result<bool> RerankRequest::receive(const protocol::Payload &message, const Reply &)
{
    if (const auto *failure = std::get_if<protocol::Failure>(&message)) {
        fail(madePlain(failure->error));
        return true;
    }
    const auto *ranked = std::get_if<protocol::Ranked>(&message);
    if (ranked == nullptr)
        return worker_errors::protocol(std::string(protocol::typeName(message)) + " in a ranking");
    if (ranked->scores.size() != m_count)
        return worker_errors::protocol("as many scores as documents were expected");
    std::vector<float> scores;
    std::transform(ranked->scores.begin(), ranked->scores.end(), std::back_inserter(scores),
                   [](double score) { return static_cast<float>(score); });
    if (!std::all_of(scores.begin(), scores.end(), [](float score) { return std::isfinite(score); }))
        return worker_errors::protocol("scores that are out of range");
    if (const Done done = std::exchange(m_done, nullptr))
        done(std::move(scores));
    return true;
}

void RerankRequest::fail(const Error &error)
{
    if (const Done done = std::exchange(m_done, nullptr))
        done(error);
}

} // namespace tramontane
