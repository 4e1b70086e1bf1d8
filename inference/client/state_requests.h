// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/conversation_state.h"
#include "app/contracts/when_ready.h"
#include "inference/client/worker_request.h"
#include "inference/protocol/bulk.h"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// Requests about what a model remembers of a conversation.
namespace tramontane {

/// FindState or ForgetState: a question with a number for an answer.
class StateQuery final : public WorkerRequest {
public:
    explicit StateQuery(protocol::Payload question) : m_question(std::move(question)) {}

    [[nodiscard]] Async<int> answer() const { return m_answer.future(); }
    [[nodiscard]] protocol::Payload begin() override { return m_question; }
    [[nodiscard]] Result<bool> receive(const protocol::Payload &message, const Reply &reply) override;
    void fail(const Error &error) override { m_answer.resolve(error); }

private:
    protocol::Payload m_question;
    Deferred<int> m_answer;
};

/// SaveState: a State frame, then bulk data, of which no more is on the way than the sink has taken. When the sink
/// wants no more, the rest is taken and dropped: a worker cannot take back what it has read out of its memory.
class SaveStateRequest final : public WorkerRequest, public std::enable_shared_from_this<SaveStateRequest> {
public:
    /// `context`: when it dies, nothing more happens.
    SaveStateRequest(protocol::SaveState message, std::shared_ptr<StateSink> sink, QObject *context)
        : m_message(std::move(message)), m_sink(std::move(sink)), m_context(context)
    {
    }

    [[nodiscard]] Async<void> answer() const { return m_answer.future(); }
    [[nodiscard]] protocol::Payload begin() override { return m_message; }
    [[nodiscard]] Result<bool> receive(const protocol::Payload &message, const Reply &reply) override;
    void fail(const Error &error) override { m_answer.resolve(error); }

private:
    [[nodiscard]] Status expect(const protocol::State &state);
    [[nodiscard]] Result<bool> takeBulk(const protocol::Bulk &bulk, const Reply &reply);
    void pass(const Reply &reply);

    protocol::SaveState m_message;
    std::shared_ptr<StateSink> m_sink;
    QObject *m_context;
    std::optional<protocol::BulkReceiver> m_receiver; // once the size is known
    std::uint64_t m_missing = 0;
    std::deque<std::string> m_waiting; // for the sink
    bool m_passing = false;            // the sink has a piece
    bool m_wanted = true;
    Deferred<void> m_answer;
};

/// RestoreState, followed by bulk data as fast as credit and source allow.
class RestoreStateRequest final : public WorkerRequest, public std::enable_shared_from_this<RestoreStateRequest> {
public:
    /// As SaveStateRequest.
    RestoreStateRequest(protocol::RestoreState message, std::shared_ptr<StateSource> source, QObject *context)
        : m_message(std::move(message)), m_bytes(m_message.state.bytes), m_source(std::move(source)), m_context(context)
    {
    }

    [[nodiscard]] Async<int> answer() const { return m_answer.future(); }
    [[nodiscard]] protocol::Payload begin() override { return std::move(m_message); }
    void begun(const Reply &reply) override { pump(reply); }
    [[nodiscard]] Result<bool> receive(const protocol::Payload &message, const Reply &reply) override;
    void fail(const Error &error) override { m_answer.resolve(error); }

private:
    void pump(const Reply &reply);
    void send(Result<std::string> piece, const Reply &reply);
    void giveUp(const Error &error, const Reply &reply);

    protocol::RestoreState m_message;
    std::uint64_t m_bytes;
    std::shared_ptr<StateSource> m_source;
    QObject *m_context;
    std::uint64_t m_sent = 0;
    std::uint64_t m_inFlight = 0;
    std::uint64_t m_seq = 0;
    bool m_asking = false; // the source was asked for a piece
    bool m_ended = false;
    std::optional<Error> m_problem; // why it was given up
    Deferred<int> m_answer;
};

} // namespace tramontane
