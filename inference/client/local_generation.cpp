// SPDX-License-Identifier: Apache-2.0
#include "inference/client/local_generation.h"

#include "inference/client/untrusted_numbers.h"
#include "inference/client/untrusted_text.h"
#include "inference/client/worker_errors.h"
#include "inference/protocol/bulk.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tramontane {

namespace {

// The longest tokens of today's vocabularies are runs of a few hundred blanks.
constexpr std::int64_t kBytesPerToken = 1024;
constexpr std::int64_t kBytesPerAnswer = 64 * 1024;
constexpr int kMostCalls = 128;
// A token may end a thought, begin the answer and carry its chances; a prompt has at most one token a byte besides its template.
constexpr std::int64_t kFramesPerToken = 3;
constexpr std::int64_t kFramesPerAnswer = 4096;
constexpr std::int64_t kMaxMs = std::int64_t{1} << 40; // 34 years

std::int64_t promptBytes(const protocol::Generate &message)
{
    auto bytes = static_cast<std::int64_t>(message.promptTokenIds ? message.promptTokenIds->size() : 0);
    for (const protocol::Turn &turn : message.turns)
        bytes += static_cast<std::int64_t>(turn.text.size());
    return bytes;
}

bool isSane(const Usage &usage)
{
    const auto time = [](std::int64_t ms) { return ms >= 0 && ms <= kMaxMs; };
    return isTokenCount(usage.promptTokens) && isTokenCount(usage.answerTokens) && time(usage.firstTokenMs)
           && time(usage.totalMs) && std::isfinite(usage.tokensPerSecond) && usage.tokensPerSecond >= 0;
}

std::shared_ptr<const RawImage> find(const GenerateRequest::Images &images, const ImageRef &wanted)
{
    const auto found = std::find_if(images.begin(), images.end(), [&](const auto &image) {
        return image->about == wanted && image->rgb.size() == imageBytes(wanted);
    });
    return found == images.end() ? nullptr : *found;
}

} // namespace

std::optional<ImageRef> missingImage(const std::vector<ChatTurn> &turns, const GenerateRequest::Images &images)
{
    for (const ImageRef &image : distinctImages(turns)) {
        if (find(images, image) == nullptr)
            return image;
    }
    return std::nullopt;
}

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

GenerateRequest::GenerateRequest(LocalGeneration *generation, protocol::Generate message, const Images &images)
    : m_generation(generation), m_message(std::move(message))
{
    const std::int64_t tokens = std::max(m_message.sampling.maxTokens, 1);
    m_bytesLeft = kBytesPerAnswer + kBytesPerToken * tokens;
    m_framesLeft = kFramesPerAnswer + kFramesPerToken * tokens + promptBytes(m_message);
    m_mostAlternatives = m_message.sampling.logprobs;
    m_mostTokens = static_cast<std::size_t>(tokens);
    for (const ImageRef &image : distinctImages(m_message.turns))
        m_images.push_back(find(images, image));
}

protocol::Payload GenerateRequest::begin()
{
    return std::move(m_message); // nobody needs the prompt again
}

void GenerateRequest::begun(const Reply &reply)
{
    sendPixels(reply);
}

/// As much as the worker takes; it says when it takes more.
void GenerateRequest::sendPixels(const Reply &reply)
{
    while (m_image < m_images.size() && m_inFlight + protocol::kMaxBulkBytes <= protocol::kBulkWindow) {
        const std::string &rgb = m_images[m_image]->rgb;
        const std::size_t size = std::min(rgb.size() - m_sent, protocol::kMaxBulkBytes);
        const bool ends = m_sent + size == rgb.size();
        reply(protocol::Bulk{m_seq++, ends && m_image + 1 == m_images.size(), rgb.substr(m_sent, size)});
        m_inFlight += size;
        m_sent = ends ? 0 : m_sent + size;
        if (ends)
            m_images[m_image++].reset();
    }
}

Result<bool> GenerateRequest::receive(const protocol::Payload &message, const Reply &reply)
{
    if (const auto *credit = std::get_if<protocol::Credit>(&message)) {
        if (credit->bytes == 0 || credit->bytes > m_inFlight)
            return worker_errors::protocol("credit for bytes that were not sent");
        m_inFlight -= credit->bytes;
        sendPixels(reply);
        return false;
    }
    if (const Status counted = countFrame(); !counted)
        return counted.error();
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
    } else if (const auto *chances = std::get_if<protocol::Logprobs>(&message)) {
        if (const Status noted = note(*chances); !noted)
            return noted.error();
    } else if (const auto *done = std::get_if<protocol::Done>(&message)) {
        if (!isSane(done->usage))
            return worker_errors::protocol("an answer with impossible statistics");
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

Status GenerateRequest::countFrame()
{
    if (--m_framesLeft < 0)
        return worker_errors::protocol("an answer in more frames than its tokens allow");
    return {};
}

Status GenerateRequest::count(const std::string &text)
{
    m_bytesLeft -= static_cast<std::int64_t>(text.size());
    if (m_bytesLeft < 0)
        return worker_errors::protocol("an answer longer than its limit of tokens allows");
    return {};
}

Status GenerateRequest::note(const protocol::Logprobs &chances)
{
    const auto wanted = static_cast<std::size_t>(std::max(m_mostAlternatives, 0));
    const bool good = m_mostAlternatives >= 0 && m_logprobs.size() + chances.tokens.size() <= m_mostTokens
                      && std::all_of(chances.tokens.begin(), chances.tokens.end(),
                                     [=](const TokenLogprob &token) { return token.alternatives.size() <= wanted; });
    if (!good)
        return worker_errors::protocol("probabilities that nobody asked for");
    m_logprobs.insert(m_logprobs.end(), chances.tokens.begin(), chances.tokens.end());
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
    result.logprobs = std::move(m_logprobs);
    m_generation->end(result);
}

} // namespace tramontane
