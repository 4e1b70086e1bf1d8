// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/client/worker_request.h"

#include <QObject>

#include <cstdint>
#include <map>
#include <memory>

namespace tramontane {

/// The requests to one model: those that wait for a worker and those that a worker has. Outlives workers; ids are
/// never used twice. Calls: the thread that owns the object. Whoever is told of an end may call back or destroy it.
class RequestTable final : public QObject {
    Q_OBJECT
public:
    /// Sends one frame to the worker that runs. Errors: InvalidArgument, and then nothing was sent.
    using Send = std::function<Status(std::uint64_t id, const protocol::Payload &message)>;
    using Requests = std::map<std::uint64_t, std::shared_ptr<WorkerRequest>>;

    /// Below this, ids belong to the connection and the load.
    static constexpr std::uint64_t kFirstId = 2;

    RequestTable(Send send, QObject *parent);

    /// Takes a request and returns its id. It is sent by the next flush().
    std::uint64_t add(std::shared_ptr<WorkerRequest> request);
    /// A new worker runs and is told of all waiting requests, from the event loop.
    void open();
    /// No worker runs; requests wait.
    void close();
    /// Ends an answer as cancelled: asks the worker, or answers from the event loop if the worker never heard of it.
    /// Unknown ids are ignored: the request may just have ended.
    void cancel(std::uint64_t id);
    /// Whether the worker still owes the end of this request.
    [[nodiscard]] bool isRunning(std::uint64_t id) const;
    /// Whether the worker owes the end of any request.
    [[nodiscard]] bool hasSent() const;
    /// A frame of the worker. Frames for requests that have just ended are tolerated. Errors: EngineProtocol.
    [[nodiscard]] Status receive(std::uint64_t id, const protocol::Payload &message);

    /// Removes and returns what the worker has seen, or everything.
    [[nodiscard]] Requests takeSent();
    [[nodiscard]] Requests takeAll();
    static void fail(const Requests &requests, const Error &error);

Q_SIGNALS:
    /// The worker was asked to end this request.
    void cancelSent(quint64 id);

private:
    struct Entry {
        std::shared_ptr<WorkerRequest> request;
        bool sent = false;
        bool cancelled = false;
    };

    [[nodiscard]] WorkerRequest::Reply replyFor(std::uint64_t id);
    void flush();
    void sendOne(std::uint64_t id);
    void sendCancel(std::uint64_t id);
    [[nodiscard]] Status receiveLate(std::uint64_t id);

    Send m_send;
    std::map<std::uint64_t, Entry> m_entries;
    std::uint64_t m_nextId = kFirstId;
    bool m_open = false;
    int m_lateFrames = 0;
};

} // namespace tramontane
