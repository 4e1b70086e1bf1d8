// SPDX-License-Identifier: Apache-2.0
#include "inference/client/local_generation.h"

#include "inference/client/untrusted_text.h"
#include "inference/client/worker_errors.h"

#include <algorithm>
#include <utility>

namespace tramontane {

namespace {

// The longest tokens of today's vocabularies are runs of a few hundred blanks.
constexpr std::int64_t kBytesPerToken = 1024;
constexpr std::int64_t kBytesPerAnswer = 64 * 1024;
constexpr int kMostCalls = 128;

} // namespace

LocalGeneration::~LocalGeneration()
{
    cancel();
}

void LocalGeneration::cancel()
{
    if (!m_ended)
        Q_EMIT cancelRequested();
}

void LocalGeneration::end(const GenerationResult &result)
{
    if (!std::exchange(m_ended, true))
        Q_EMIT finished(result);
}

void LocalGeneration::endWith(const Error &error)
{
    if (!std::exchange(m_ended, true))
        Q_EMIT failed(error);
}

GenerateRequest::GenerateRequest(LocalGeneration *generation, protocol::Generate message)
    : m_generation(generation), m_message(std::move(message))
{
    m_bytesLeft = kBytesPerAnswer + kBytesPerToken * std::max(m_message.sampling.maxTokens, 1);
}

protocol::Payload GenerateRequest::begin()
{
    return std::move(m_message); // nobody needs the prompt again
}

Result<bool> GenerateRequest::receive(const protocol::Payload &message, const Reply &)
{
    if (const auto *text = std::get_if<protocol::Text>(&message)) {
        if (const Status counted = count(text->text); !counted)
            return counted.error();
        if (m_generation)
            Q_EMIT m_generation->textReceived(text->text);
    } else if (const auto *reasoning = std::get_if<protocol::Reasoning>(&message)) {
        if (const Status counted = count(reasoning->text); !counted)
            return counted.error();
        if (m_generation)
            Q_EMIT m_generation->reasoningReceived(reasoning->text);
    } else if (const auto *called = std::get_if<protocol::ToolCalled>(&message)) {
        if (const Status received = receiveCall(called->call); !received)
            return received.error();
    } else if (const auto *progress = std::get_if<protocol::PromptProgress>(&message)) {
        if (m_generation)
            Q_EMIT m_generation->promptProgress(progress->done, progress->total);
    } else if (const auto *done = std::get_if<protocol::Done>(&message)) {
        finish(*done);
        return true;
    } else if (const auto *failure = std::get_if<protocol::Failure>(&message)) {
        fail(madePlain(failure->error));
        return true;
    } else {
        return worker_errors::protocol(std::string(protocol::typeName(message)) + " in an answer");
    }
    return false;
}

void GenerateRequest::fail(const Error &error)
{
    if (m_generation)
        m_generation->endWith(error);
}

Status GenerateRequest::count(const std::string &text)
{
    m_bytesLeft -= static_cast<std::int64_t>(text.size());
    if (m_bytesLeft < 0)
        return worker_errors::protocol("an answer longer than its limit of tokens allows");
    return {};
}

Status GenerateRequest::receiveCall(const ToolCall &call)
{
    if (call.id.empty() || call.name.empty() || ++m_calls > kMostCalls)
        return worker_errors::protocol("a tool call without id or name, or too many");
    if (const Status counted = count(call.id + call.name + call.arguments); !counted)
        return counted;
    if (m_generation)
        Q_EMIT m_generation->toolCalled(call);
    return {};
}

void GenerateRequest::finish(const protocol::Done &done)
{
    if (!m_generation)
        return;
    GenerationResult result;
    result.state = done.state;
    result.usage = done.usage;
    result.seed = done.seed;
    result.stopReason = done.stopReason;
    result.promptTokenIds = done.promptTokenIds.value_or(std::vector<std::int32_t>{});
    result.answerTokenIds = done.answerTokenIds.value_or(std::vector<std::int32_t>{});
    m_generation->end(result);
}

} // namespace tramontane
