// SPDX-License-Identifier: Apache-2.0
#include "engine_process.h"

#include "inference/protocol/bulk.h"

#include <QDeadlineTimer>

namespace tramontane {

EngineProcess::EngineProcess(QStringList arguments)
    : m_process(std::make_unique<QProcess>()), m_arguments(std::move(arguments))
{
}

EngineProcess::~EngineProcess()
{
    m_process->kill();
    m_process->waitForFinished();
}

void EngineProcess::start()
{
    m_process->start(QStringLiteral(TRAMONTANE_BIN_DIR "/tramontane-engine"), m_arguments);
    m_process->waitForStarted();
}

void EngineProcess::send(std::uint64_t id, protocol::Payload payload)
{
    sendBytes(protocol::encodeFrame({id, std::move(payload)}).value());
}

void EngineProcess::sendBytes(const std::string &bytes)
{
    m_process->write(bytes.data(), static_cast<qint64>(bytes.size()));
    while (m_process->bytesToWrite() > 0 && m_process->waitForBytesWritten())
        continue;
}

std::optional<protocol::Frame> EngineProcess::receive(int timeoutMs)
{
    const QDeadlineTimer deadline(timeoutMs);
    for (;;) {
        auto frame = m_reader.next();
        if (!frame || *frame)
            return frame ? std::move(*frame) : std::nullopt;
        if (m_process->bytesAvailable() == 0 && !m_process->waitForReadyRead(static_cast<int>(deadline.remainingTime()))
            && m_process->bytesAvailable() == 0)
            return std::nullopt;
        const QByteArray bytes = m_process->readAllStandardOutput();
        m_reader.feed({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    }
}

int EngineProcess::waitForEnd()
{
    if (m_process->state() != QProcess::NotRunning && !m_process->waitForFinished())
        return -1;
    return m_process->exitStatus() == QProcess::NormalExit ? m_process->exitCode() : -1;
}

std::optional<Error> EngineProcess::load(const std::string &modelName, protocol::Load request)
{
    start();
    const auto hello = receive();
    if (!hello || !std::holds_alternative<protocol::Hello>(hello->payload))
        return Error{ErrorCode::Internal, "no hello", {}};
    request.path = modelPath(modelName.c_str());
    // One thread unless a test says otherwise: the threads of ggml wait for each other without giving way.
    if (request.options.threads == 0)
        request.options.threads = 1;
    send(0, protocol::Hello{protocol::kProtocolVersion, "test"});
    send(1, request);
    while (const auto frame = receive()) {
        if (const auto *progress = std::get_if<protocol::LoadProgress>(&frame->payload))
            m_loadProgress.push_back(progress->fraction);
        if (const auto *failure = std::get_if<protocol::Failure>(&frame->payload))
            return failure->error;
        if (const auto *loaded = std::get_if<protocol::Loaded>(&frame->payload)) {
            m_model = loaded->model;
            return std::nullopt;
        }
    }
    return Error{ErrorCode::EngineStopped, "the worker ended", {}};
}

std::uint64_t EngineProcess::ask(protocol::Payload payload)
{
    send(++m_lastId, std::move(payload));
    return m_lastId;
}

void EngineProcess::sendBulk(std::uint64_t id, std::string bytes)
{
    protocol::BulkSender sender(std::move(bytes));
    while (!sender.finished()) {
        while (auto piece = sender.next())
            send(id, std::move(*piece));
        const auto frame = sender.finished() ? std::nullopt : receive();
        const auto *credit = frame ? std::get_if<protocol::Credit>(&frame->payload) : nullptr;
        if (credit == nullptr || !sender.addCredit(*credit))
            return;
    }
}

void EngineProcess::waitForText()
{
    while (const auto frame = receive()) {
        if (std::holds_alternative<protocol::Text>(frame->payload))
            return;
    }
}

Answer EngineProcess::finish(std::uint64_t id)
{
    Answer answer;
    while (auto frame = receive()) {
        if (frame->id != id)
            continue;
        if (const auto *text = std::get_if<protocol::Text>(&frame->payload))
            answer.text += text->text;
        else if (const auto *reasoning = std::get_if<protocol::Reasoning>(&frame->payload))
            answer.reasoning += reasoning->text;
        else if (const auto *progress = std::get_if<protocol::PromptProgress>(&frame->payload))
            answer.progress.push_back(*progress);
        else if (const auto *chances = std::get_if<protocol::Logprobs>(&frame->payload))
            answer.logprobs.insert(answer.logprobs.end(), chances->tokens.begin(), chances->tokens.end());
        else if (auto *done = std::get_if<protocol::Done>(&frame->payload))
            answer.done = std::move(*done);
        else if (const auto *failure = std::get_if<protocol::Failure>(&frame->payload))
            answer.error = failure->error;
        if (answer.done || answer.error)
            return answer;
    }
    answer.error = Error{ErrorCode::EngineStopped, "the worker ended", {}};
    return answer;
}

protocol::Generate question(const std::string &text, int maxTokens)
{
    protocol::Generate request;
    request.turns = {{Role::User, text}};
    request.sampling.temperature = 0;
    request.sampling.maxTokens = maxTokens;
    request.reportTokenIds = true;
    return request;
}

std::string modelPath(const char *name)
{
    return name[0] == '/' ? std::string(name) : std::string(TRAMONTANE_MODEL_DIR "/") + name;
}

} // namespace tramontane
