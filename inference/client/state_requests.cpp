// SPDX-License-Identifier: Apache-2.0
#include "inference/client/state_requests.h"

#include "inference/client/untrusted_numbers.h"
#include "inference/client/untrusted_text.h"
#include "inference/client/worker_errors.h"

#include <utility>

namespace tramontane {

namespace {

static_assert(kMaxStatePiece == protocol::kMaxBulkBytes);

Error unwanted()
{
    return {ErrorCode::Cancelled, "What the model remembers was not kept.", "no more was wanted"};
}

/// The two ways in which a request with a number for an answer ends. False: another message.
bool settle(const protocol::Payload &message, const Deferred<int> &answer)
{
    if (const auto *restored = std::get_if<protocol::Restored>(&message); restored && isTokenCount(restored->tokens)) {
        answer.resolve(restored->tokens);
        return true;
    }
    if (const auto *failure = std::get_if<protocol::Failure>(&message)) {
        answer.resolve(madePlain(failure->error));
        return true;
    }
    return false;
}

} // namespace

Result<bool> StateQuery::receive(const protocol::Payload &message, const Reply &)
{
    if (settle(message, m_answer))
        return true;
    return worker_errors::protocol(std::string(protocol::typeName(message)) + " about a state");
}

Result<bool> SaveStateRequest::receive(const protocol::Payload &message, const Reply &reply)
{
    if (const auto *failure = std::get_if<protocol::Failure>(&message)) {
        fail(madePlain(failure->error));
        return true;
    }
    if (const auto *state = std::get_if<protocol::State>(&message); state && !m_receiver) {
        if (const Status fits = expect(*state); !fits)
            return fits.error();
        m_wanted = m_sink->begin(state->tokens, state->bytes);
        return false;
    }
    if (const auto *bulk = std::get_if<protocol::Bulk>(&message); bulk && m_receiver)
        return takeBulk(*bulk, reply);
    return worker_errors::protocol(std::string(protocol::typeName(message)) + " in a state");
}

Status SaveStateRequest::expect(const protocol::State &state)
{
    if (state.tokens.empty() || state.tokens.size() > static_cast<std::size_t>(kMaxWorkerTokens) || state.bytes == 0
        || state.bytes > protocol::kMaxStateBytes)
        return worker_errors::protocol("a state of impossible size");
    m_missing = state.bytes;
    m_receiver.emplace(state.bytes);
    return {};
}

Result<bool> SaveStateRequest::takeBulk(const protocol::Bulk &bulk, const Reply &reply)
{
    if (bulk.data.empty())
        return worker_errors::protocol("a bulk piece without data");
    if (const Status accepted = m_receiver->accept(bulk); !accepted)
        return accepted.error();
    m_missing -= bulk.data.size();
    m_waiting.push_back(m_receiver->take());
    const bool complete = m_receiver->complete();
    if (complete && m_missing > 0)
        return worker_errors::protocol("a part of the state is missing");
    pass(reply);
    return complete;
}

/// One piece after the other; credit when all that has come is with the sink.
void SaveStateRequest::pass(const Reply &reply)
{
    if (m_passing)
        return;
    if (!m_wanted)
        m_waiting.clear();
    if (m_waiting.empty()) {
        if (m_receiver->complete())
            return m_answer.resolve(m_wanted ? Result<void>() : Result<void>(unwanted()));
        if (const auto credit = m_receiver->grant())
            reply(*credit);
        return;
    }
    m_passing = true;
    std::string piece = std::move(m_waiting.front());
    m_waiting.pop_front();
    whenReady(m_context, m_sink->take(std::move(piece)),
              [self = shared_from_this(), reply](const Result<bool> &wanted) {
                  self->m_passing = false;
                  self->m_wanted = self->m_wanted && wanted && *wanted;
                  self->pass(reply);
              });
}

Result<bool> RestoreStateRequest::receive(const protocol::Payload &message, const Reply &reply)
{
    if (const auto *credit = std::get_if<protocol::Credit>(&message)) {
        if (credit->bytes > m_inFlight)
            return worker_errors::protocol("credit for bytes that were not sent");
        m_inFlight -= credit->bytes;
        pump(reply);
        return false;
    }
    m_ended = true;
    if (settle(message, m_answer))
        return true;
    if (std::holds_alternative<protocol::Done>(message)) { // the answer to a Cancel
        fail(m_problem.value_or(unwanted()));
        return true;
    }
    return worker_errors::protocol(std::string(protocol::typeName(message)) + " while a state was sent");
}

void RestoreStateRequest::pump(const Reply &reply)
{
    const bool room = m_inFlight + kMaxStatePiece <= protocol::kBulkWindow;
    if (m_asking || m_ended || m_problem || m_sent == m_bytes || !room)
        return;
    m_asking = true;
    whenReady(m_context, m_source->next(), [self = shared_from_this(), reply](Result<std::string> piece) {
        self->m_asking = false;
        if (!self->m_ended)
            self->send(std::move(piece), reply);
    });
}

void RestoreStateRequest::send(Result<std::string> piece, const Reply &reply)
{
    if (!piece)
        return giveUp(piece.error(), reply);
    if (piece->empty() || piece->size() > kMaxStatePiece || piece->size() > m_bytes - m_sent)
        return giveUp({ErrorCode::Internal, "What was kept of the conversation has another size.", "piece"}, reply);
    m_sent += piece->size();
    m_inFlight += piece->size();
    reply(protocol::Bulk{m_seq++, m_sent == m_bytes, std::move(*piece)});
    pump(reply);
}

void RestoreStateRequest::giveUp(const Error &error, const Reply &reply)
{
    m_problem = error;
    reply(protocol::Cancel{});
}

} // namespace tramontane
