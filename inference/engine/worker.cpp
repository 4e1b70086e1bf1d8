// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/worker.h"

#include "inference/engine/embedding.h"
#include "inference/engine/generation.h"

#include <cstdlib>
#include <thread>

namespace tramontane::engine {

namespace {

Error protocolError(std::string detail)
{
    return {ErrorCode::EngineProtocol, "The engine and the application did not understand each other.",
            std::move(detail)};
}

bool isRequest(const protocol::Payload &payload)
{
    return std::holds_alternative<protocol::Generate>(payload) || std::holds_alternative<protocol::Measure>(payload)
           || std::holds_alternative<protocol::Tokenize>(payload) || std::holds_alternative<protocol::Embed>(payload);
}

template <class T>
protocol::Payload payloadOf(Result<T> result)
{
    if (!result)
        return protocol::Failure{result.error()};
    return std::move(*result);
}

} // namespace

void Worker::startReading()
{
    std::thread([this] { readLoop(); }).detach();
}

void Worker::readLoop()
{
    for (;;) {
        auto frame = m_input.next();
        if (frame && (!*frame || std::holds_alternative<protocol::Quit>((*frame)->payload)))
            std::_Exit(EXIT_SUCCESS);
        const Status received = frame ? receive(std::move(**frame)) : Status(frame.error());
        if (!received) {
            m_output.send(0, protocol::Failure{received.error()});
            m_output.flush();
            std::_Exit(EXIT_FAILURE);
        }
    }
}

Status Worker::receive(protocol::Frame frame)
{
    if (std::holds_alternative<protocol::Cancel>(frame.payload)) {
        cancel(frame.id);
        return {};
    }
    if (const auto *credit = std::get_if<protocol::Credit>(&frame.payload))
        return m_output.addCredit(frame.id, *credit);
    if (isRequest(frame.payload))
        return enqueue(std::move(frame));
    return protocolError(std::string("unexpected ") + protocol::typeName(frame.payload));
}

Status Worker::enqueue(protocol::Frame frame)
{
    if (frame.id == 0)
        return protocolError("request with id 0");
    Request request;
    request.id = frame.id;
    request.payload = std::move(frame.payload);
    switch (m_queue.add(std::move(request))) {
    case RequestQueue::Added::Yes: return {};
    case RequestQueue::Added::IdInUse: return protocolError("request id used twice");
    case RequestQueue::Added::Full: break;
    }
    m_output.send(frame.id, protocol::Failure{{ErrorCode::EngineBusy,
                                               "The model has too many requests waiting. Try again in a moment.",
                                               std::to_string(RequestQueue::kCapacity) + " waiting"}});
    return {};
}

void Worker::cancel(std::uint64_t id)
{
    if (m_queue.cancel(id) != RequestQueue::Cancelled::Waiting)
        return;
    protocol::Done done;
    done.state = MessageState::Stopped;
    done.stopReason = "cancelled";
    m_output.send(id, std::move(done));
}

void Worker::run(LoadedEngine &engine)
{
    for (;;)
        answer(engine, m_queue.take());
}

void Worker::answer(LoadedEngine &engine, const Request &request)
{
    if (const auto *generateRequest = std::get_if<protocol::Generate>(&request.payload)) {
        const Emit emit = [&](protocol::Payload payload) { m_output.send(request.id, std::move(payload)); };
        m_output.send(request.id, payloadOf(generate(engine, *generateRequest, *request.cancelled, emit)));
    } else if (const auto *measureRequest = std::get_if<protocol::Measure>(&request.payload)) {
        m_output.send(request.id, payloadOf(measure(engine, *measureRequest)));
    } else if (const auto *tokenizeRequest = std::get_if<protocol::Tokenize>(&request.payload)) {
        const TokenIds ids = tokenizeText(engine.vocab(), tokenizeRequest->text, tokenizeRequest->parseSpecial);
        m_output.send(request.id, protocol::Tokens{{ids.begin(), ids.end()}});
    } else if (const auto *embedRequest = std::get_if<protocol::Embed>(&request.payload)) {
        const auto vectors = embed(engine, embedRequest->texts, *request.cancelled);
        if (!vectors)
            return m_output.send(request.id, protocol::Failure{vectors.error()});
        m_output.send(request.id, protocol::Embedded{vectors->rows, vectors->dims});
        m_output.sendBulk(request.id, vectors->bytes());
    }
}

} // namespace tramontane::engine
