// SPDX-License-Identifier: Apache-2.0
#include "app/services/recovery.h"

#include "app/services/audit_records.h"
#include "app/services/recording.h"

namespace tramontane {
namespace {

constexpr auto kInterrupted = "interrupted";
constexpr auto kRecovered = "recovered";
constexpr auto kNotAttempted = "not_attempted";

Message interruptedAnswer(const Leftover &leftover, std::int64_t nowMs)
{
    Message message;
    message.id = leftover.answer;
    message.conversation = leftover.conversation;
    message.parent = leftover.answerParent;
    message.role = Role::Assistant;
    message.state = leftover.blocks.empty() ? MessageState::Failed : MessageState::CutOff;
    message.createdMs = nowMs;
    message.blocks = leftover.blocks;
    message.blocks.push_back(
        {BlockKind::Notice,
         leftover.blocks.empty()
             ? "The application ended before this question was answered. Your question is saved."
             : "The application ended while this answer was being written. The text so far is kept.",
         kInterrupted});
    return message;
}

const char *eventName(MessageState state)
{
    switch (state) {
    case MessageState::Complete:
    case MessageState::Length: return "gen_ai.request.completed";
    case MessageState::Stopped: return "gen_ai.request.cancelled";
    case MessageState::CutOff:
    case MessageState::Failed: break;
    }
    return "gen_ai.request.failed";
}

} // namespace

Recovery::Recovery(OpenVault &vault, PolicySource &policy, const Clock &clock, QObject *parent)
    : QObject(parent), m_vault(vault), m_policy(policy), m_clock(clock)
{
}

Async<int> Recovery::run()
{
    whenReady(this, m_vault.conversations().leftovers(), [this](const Result<std::vector<Leftover>> &leftovers) {
        if (!leftovers)
            return m_done.resolve(leftovers.error());
        m_leftovers.assign(leftovers->begin(), leftovers->end());
        for (const Leftover &leftover : m_leftovers)
            m_inVault.insert(leftover.attempt.text());
        next();
    });
    return m_done.future();
}

void Recovery::next()
{
    if (m_leftovers.empty())
        return findOpenInLog();
    const Leftover leftover = m_leftovers.front();
    m_leftovers.pop_front();
    whenReady(this, m_vault.audit().findAttempt(leftover.attempt.text()),
              [this, leftover](const Recorded &recorded) { close(leftover, recorded); });
}

void Recovery::close(const Leftover &leftover, const Recorded &recorded)
{
    if (leftover.stage == PendingStage::Answered)
        return findState(leftover, recorded);
    // What was saved of an answer shows that the model ran, whatever the log still knows.
    if (!leftover.blocks.empty() || (recorded && recorded->opened))
        return storeInterrupted(leftover, recorded);
    if (recorded)
        return recordNothingRan(leftover);
    next();
}

void Recovery::recordNothingRan(const Leftover &leftover)
{
    AuditEvent event = records::event("audit.failure", Outcome::Failure, m_policy.current());
    event.corr = leftover.attempt.text();
    event.object = records::object("message", leftover.answerParent.text());
    event.flags = {kNotAttempted};
    whenReady(this, m_vault.audit().append(std::move(event)), [this, leftover](const Result<AuditHead> &head) {
        if (head)
            m_vault.conversations().settle(leftover.attempt, *head);
        next();
    });
}

void Recovery::storeInterrupted(const Leftover &leftover, const Recorded &recorded)
{
    const Message answer = interruptedAnswer(leftover, m_clock.utcMs());
    whenReady(this, m_vault.conversations().storeAnswer({leftover.attempt, answer, std::nullopt}),
              [this, leftover, recorded, state = answer.state](const Status &stored) {
                  if (!stored)
                      return next();
                  closeRecord(leftover, recorded, state, kInterrupted);
              });
}

void Recovery::findState(const Leftover &leftover, const Recorded &recorded)
{
    const auto thread = m_vault.conversations().thread(leftover.conversation, leftover.answer);
    whenReady(this, thread, [this, leftover, recorded](const Result<std::vector<Message>> &messages) {
        const bool found = messages && !messages->empty() && messages->back().id == leftover.answer;
        if (!found)
            return next();
        const Message &answer = messages->back();
        // An earlier opening may have stored the cut-off answer and then found the log unwritable.
        const bool interrupted = !answer.blocks.empty() && answer.blocks.back().kind == BlockKind::Notice
                                 && answer.blocks.back().detail == kInterrupted;
        closeRecord(leftover, recorded, answer.state, interrupted ? kInterrupted : kRecovered);
    });
}

void Recovery::closeRecord(const Leftover &leftover, const Recorded &recorded, MessageState state,
                           const std::string &flag)
{
    if (!recorded)
        return next();
    if (!recorded->closed)
        return appendOutcome(leftover, state, flag);
    whenReady(this, m_vault.audit().head(), [this, leftover](const Result<AuditHead> &head) {
        if (head)
            settle(leftover, *head);
        next();
    });
}

void Recovery::appendOutcome(const Leftover &leftover, MessageState state, const std::string &flag)
{
    const std::string name = eventName(state);
    const bool failed = name == "gen_ai.request.failed";
    AuditEvent event = records::event(name, failed ? Outcome::Failure : Outcome::Success, m_policy.current());
    event.corr = leftover.attempt.text();
    event.object = records::object("message", leftover.answer.text());
    event.flags = {flag};
    whenReady(this, m_vault.audit().append(std::move(event)), [this, leftover](const Result<AuditHead> &head) {
        if (head)
            settle(leftover, *head);
        next();
    });
}

void Recovery::settle(const Leftover &leftover, const AuditHead &head)
{
    m_vault.conversations().settle(leftover.attempt, head);
    ++m_closed;
}

void Recovery::findOpenInLog()
{
    whenReady(this, m_vault.audit().openAttempts(), [this](const Result<std::vector<std::string>> &open) {
        if (open)
            m_openInLog.assign(open->begin(), open->end());
        std::erase_if(m_openInLog, [this](const std::string &corr) { return m_inVault.contains(corr); });
        nextOpenInLog();
    });
}

void Recovery::nextOpenInLog()
{
    if (m_openInLog.empty())
        return m_done.resolve(m_closed);
    AuditEvent event = records::event("gen_ai.request.failed", Outcome::Failure, m_policy.current());
    event.corr = m_openInLog.front();
    event.flags = {kInterrupted};
    m_openInLog.pop_front();
    whenReady(this, appendRecord(this, m_vault, std::move(event)), [this](const Result<AuditHead> &head) {
        m_closed += head ? 1 : 0;
        nextOpenInLog();
    });
}

} // namespace tramontane
