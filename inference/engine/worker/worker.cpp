// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/worker/worker.h"

#include "inference/engine/schedule/scheduler.h"
#include "inference/engine/schedule/text_scheduler.h"
#include "inference/engine/worker/request_desk.h"

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
           || std::holds_alternative<protocol::Tokenize>(payload) || std::holds_alternative<protocol::Embed>(payload)
           || std::holds_alternative<protocol::Rerank>(payload) || std::holds_alternative<protocol::SaveState>(payload)
           || std::holds_alternative<protocol::FindState>(payload)
           || std::holds_alternative<protocol::ForgetState>(payload);
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
    if (std::holds_alternative<protocol::Ping>(frame.payload)) {
        m_output.send(frame.id, protocol::Pong{});
        return {};
    }
    if (const auto *credit = std::get_if<protocol::Credit>(&frame.payload))
        return m_output.addCredit(frame.id, *credit);
    const auto *asked = std::get_if<protocol::Generate>(&frame.payload);
    if (std::holds_alternative<protocol::RestoreState>(frame.payload)
        || std::holds_alternative<protocol::Bulk>(frame.payload)
        || (asked != nullptr && !distinctImages(asked->turns).empty()))
        return receiveUpload(std::move(frame));
    if (isRequest(frame.payload)) {
        Request request;
        request.id = frame.id;
        request.background = asked != nullptr && asked->background;
        request.payload = std::move(frame.payload);
        return enqueue(std::move(request));
    }
    return protocolError(std::string("unexpected ") + protocol::typeName(frame.payload));
}

Status Worker::receiveUpload(protocol::Frame frame)
{
    if (!std::holds_alternative<protocol::Bulk>(frame.payload)) {
        if (frame.id == 0 || m_uploads.contains(frame.id))
            return protocolError("request with an id that cannot be used");
        auto *state = std::get_if<protocol::RestoreState>(&frame.payload);
        const Status begun = state != nullptr
                                 ? m_uploads.begin(frame.id, std::move(*state))
                                 : m_uploads.begin(frame.id, std::move(std::get<protocol::Generate>(frame.payload)));
        if (!begun)
            m_output.send(frame.id, protocol::Failure{begun.error()});
        return {};
    }
    // What was refused or cancelled may still be on its way.
    if (!m_uploads.contains(frame.id))
        return {};
    auto progress = m_uploads.accept(frame.id, std::move(std::get<protocol::Bulk>(frame.payload)));
    if (!progress)
        return progress.error();
    if (progress->credit)
        m_output.send(frame.id, *progress->credit);
    return progress->complete ? enqueue(std::move(*progress->complete)) : Status();
}

Status Worker::enqueue(Request request)
{
    const std::uint64_t id = request.id;
    if (id == 0 || m_uploads.contains(id))
        return protocolError("request with an id that cannot be used");
    switch (m_queue.add(std::move(request))) {
    case RequestQueue::Added::Yes: return {};
    case RequestQueue::Added::IdInUse: return protocolError("request id used twice");
    case RequestQueue::Added::Full: break;
    }
    m_output.send(
        id, protocol::Failure{{ErrorCode::EngineBusy, "The model has too many requests waiting. Try again in a moment.",
                               std::to_string(RequestQueue::kCapacity) + " waiting"}});
    return {};
}

void Worker::cancel(std::uint64_t id)
{
    const bool uploading = m_uploads.contains(id);
    m_uploads.cancel(id);
    if (!uploading && m_queue.cancel(id) != RequestQueue::Cancelled::Waiting)
        return;
    protocol::Done done;
    done.state = MessageState::Stopped;
    done.stopReason = "cancelled";
    m_output.send(id, std::move(done));
}

void Worker::run(LoadedEngine &engine)
{
    const Send send = [this](std::uint64_t id, protocol::Payload payload) { m_output.send(id, std::move(payload)); };
    std::thread([&engine, send, this] { RequestDesk(engine, m_queue, send).run(); }).detach();
    const SendBulk sendBulk = [this](std::uint64_t id, std::string bytes) { m_output.sendBulk(id, std::move(bytes)); };
    if (engine.kind() == ModelKind::Chat)
        Scheduler(engine, m_queue, send, sendBulk).run();
    TextScheduler(engine, m_queue, send, sendBulk).run();
}

} // namespace tramontane::engine
