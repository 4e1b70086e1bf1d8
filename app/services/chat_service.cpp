// SPDX-License-Identifier: Apache-2.0
#include "app/services/chat_service.h"

#include "app/services/attempt.h"
#include "app/services/recovery.h"
#include "app/services/stream_writer.h"

#include <algorithm>

namespace tramontane {

ChatService::ChatService(OpenVault &vault, InferenceProvider &provider, ModelService &models, PolicySource &policy,
                         const Clock &clock, EnergyProbe *energy, QObject *parent)
    : QObject(parent), m_vault(vault), m_provider(provider), m_models(models), m_policy(policy), m_clock(clock),
      m_energy(energy), m_memory(vault.snapshots(), provider),
      m_writer(std::make_unique<StreamWriter>(vault.conversations(), clock))
{
    connect(m_writer.get(), &StreamWriter::waitingChanged, this, &ChatService::updateWaiting);
    connect(m_writer.get(), &StreamWriter::written, this, [this] {
        for (const auto &[id, attempt] : m_attempts)
            attempt->storeAgain();
    });
}

ChatService::~ChatService() = default;

Async<int> ChatService::recover()
{
    auto *recovery = new Recovery(m_vault, m_policy, m_clock, this);
    const Async<int> closed = recovery->run();
    whenReady(this, closed, [recovery](const Result<int> &) { recovery->deleteLater(); });
    return closed;
}

AttemptId ChatService::ask(ConversationId conversation, std::string text, AskOptions options)
{
    const auto id = AttemptId::make(m_clock.utcMs());
    return begin(std::make_unique<Attempt>(
        *this, id, AttemptQuestion{conversation, std::move(text), MessageId{}, std::move(options)}));
}

AttemptId ChatService::regenerate(ConversationId conversation, MessageId answer, AskOptions options)
{
    const auto id = AttemptId::make(m_clock.utcMs());
    return begin(std::make_unique<Attempt>(*this, id, AttemptQuestion{conversation, {}, answer, std::move(options)}));
}

AttemptId ChatService::begin(std::unique_ptr<Attempt> attempt)
{
    const AttemptId id = attempt->id();
    attempt->start();
    m_attempts.emplace(id, std::move(attempt));
    return id;
}

void ChatService::stop(AttemptId attempt)
{
    if (const auto found = m_attempts.find(attempt); found != m_attempts.end())
        found->second->stop();
}

Async<void> ChatService::shutdown()
{
    m_closing = true;
    if (m_attempts.empty())
        return m_memory.flush();
    Async<void> ended = whenAllEnded();
    std::vector<AttemptId> running;
    for (const auto &[id, attempt] : m_attempts)
        running.push_back(id);
    for (const AttemptId id : running)
        stop(id);
    return ended;
}

Async<void> ChatService::cutOff(const Error &why)
{
    m_closing = true;
    m_cutOff = true;
    m_memory.drop();
    if (m_attempts.empty())
        return ready<void>({});
    Async<void> ended = whenAllEnded();
    std::vector<AttemptId> running;
    for (const auto &[id, attempt] : m_attempts)
        running.push_back(id);
    for (const AttemptId id : running) {
        if (const auto found = m_attempts.find(id); found != m_attempts.end())
            found->second->cutOff(why);
    }
    return ended;
}

Async<void> ChatService::whenAllEnded()
{
    Deferred<void> done;
    m_shutdowns.push_back(done);
    return done.future();
}

Async<void> ChatService::leave(std::vector<ConversationId> conversations)
{
    m_left.insert(conversations.begin(), conversations.end());
    std::vector<AttemptId> running;
    for (const auto &[id, attempt] : m_attempts) {
        if (std::ranges::find(conversations, attempt->conversation()) != conversations.end())
            running.push_back(id);
    }
    const Leaving leaving{std::move(conversations), {}};
    m_leaving.push_back(leaving);
    for (const AttemptId id : running)
        stop(id);
    finishLeaving();
    return leaving.left.future();
}

void ChatService::comeBack(const std::vector<ConversationId> &conversations)
{
    for (const ConversationId id : conversations) {
        if (const auto found = m_left.find(id); found != m_left.end())
            m_left.erase(found);
    }
}

void ChatService::finishLeaving()
{
    for (Leaving &leaving : std::exchange(m_leaving, {})) {
        const bool busy = std::ranges::any_of(m_attempts, [&](const auto &entry) {
            return std::ranges::find(leaving.conversations, entry.second->conversation())
                   != leaving.conversations.end();
        });
        if (busy) {
            m_leaving.push_back(std::move(leaving));
            continue;
        }
        for (const ConversationId id : leaving.conversations)
            forget(id);
        leaving.left.resolve({});
    }
}

void ChatService::forget(ConversationId conversation)
{
    m_memory.forget(conversation);
    for (const ModelStatus &status : m_models.models()) {
        if (status.state == ModelLoadState::Ready)
            (void)m_provider.forgetState(status.model.id, conversation);
    }
}

bool ChatService::isRunning() const
{
    return !m_attempts.empty();
}

bool ChatService::isBusy(ConversationId conversation, AttemptId besides) const
{
    return std::any_of(m_attempts.begin(), m_attempts.end(), [&](const auto &entry) {
        return entry.first != besides && entry.second->hasBegun() && entry.second->conversation() == conversation;
    });
}

void ChatService::recorded(const AuditHead &head)
{
    m_vault.conversations().acknowledge(head);
    for (const AttemptId attempt : std::exchange(m_unsettled, {}))
        m_vault.conversations().settle(attempt, head);
    for (Unrecorded &late : std::exchange(m_unrecorded, {})) {
        whenReady(this, m_vault.audit().append(late.event), [this, late](const Result<AuditHead> &written) {
            if (!written)
                m_unrecorded.push_back(late);
            else if (late.answerStored)
                m_vault.conversations().settle(late.attempt, *written);
        });
    }
}

void ChatService::updateWaiting()
{
    const bool waiting = m_writer->isWaiting()
                         || std::any_of(m_attempts.begin(), m_attempts.end(),
                                        [](const auto &entry) { return entry.second->waitsForDisk(); });
    if (std::exchange(m_waiting, waiting) != waiting)
        Q_EMIT diskWaiting(waiting);
}

void ChatService::ended(AttemptId attempt)
{
    auto node = m_attempts.extract(attempt);
    if (node.empty())
        return;
    // It is still on the stack.
    node.mapped().release()->deleteLater();
    updateWaiting();
    finishLeaving();
    if (m_attempts.empty()) {
        for (const Deferred<void> &waiting : std::exchange(m_shutdowns, {})) {
            if (m_cutOff)
                waiting.resolve({});
            else
                whenReady(this, m_memory.flush(), [waiting](const Status &) { waiting.resolve({}); });
        }
    }
}

} // namespace tramontane
