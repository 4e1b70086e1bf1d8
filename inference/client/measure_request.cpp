// SPDX-License-Identifier: Apache-2.0
#include "inference/client/measure_request.h"

#include "inference/client/untrusted_numbers.h"
#include "inference/client/untrusted_text.h"
#include "inference/client/worker_errors.h"

#include <utility>

namespace tramontane {

MeasureRequest::MeasureRequest(std::vector<ChatTurn> turns, AnswerShape shape, Done done)
    : m_message{std::move(turns), std::move(shape)}, m_done(std::move(done))
{
}

protocol::Payload MeasureRequest::begin()
{
    return std::move(m_message);
}

Result<bool> MeasureRequest::receive(const protocol::Payload &message, const Reply &)
{
    if (const auto *failure = std::get_if<protocol::Failure>(&message)) {
        fail(madePlain(failure->error));
        return true;
    }
    const auto *measured = std::get_if<protocol::Measured>(&message);
    if (measured == nullptr)
        return worker_errors::protocol(std::string(protocol::typeName(message)) + " in a measurement");
    const bool sane =
        isTokenCount(measured->promptTokens) && isTokenCount(measured->contextTokens) && measured->contextTokens > 0;
    if (!sane)
        return worker_errors::protocol("a measurement with impossible numbers");
    if (const Done done = std::exchange(m_done, nullptr))
        done(PromptSize{measured->promptTokens, measured->contextTokens});
    return true;
}

void MeasureRequest::fail(const Error &error)
{
    if (const Done done = std::exchange(m_done, nullptr))
        done(error);
}

} // namespace tramontane
