// SPDX-License-Identifier: Apache-2.0
#include "app/services/recovery.h"

#include "app/services/audit_records.h"

namespace tramontane {
namespace {

constexpr auto kInterrupted = "interrupted";
constexpr auto kRecovered = "recovered";

Message interruptedAnswer(const Leftover &leftover, std::int64_t nowMs)
{
    Message message;
    message.id = leftover.answer;
    message.conversation = leftover.conversation;
    message.parent = leftover.answerParent;
    message.role = Role::Assistant;
    message.state = leftover.text.empty() ? MessageState::Failed : MessageState::CutOff;
    message.createdMs = nowMs;
    if (!leftover.text.empty())
        message.blocks.push_back({BlockKind::Text, leftover.text, {}});
    message.blocks.push_back(
        {BlockKind::Notice,
         leftover.text.empty() ? "The application ended before this question was answered. Your question is saved."
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
        next();
    });
    return m_done.future();
}

void Recovery::next()
{
    if (m_leftovers.empty())
        return m_done.resolve(m_closed);
    const Leftover leftover = m_leftovers.front();
    m_leftovers.pop_front();
    if (leftover.stage == PendingStage::Asked)
        storeInterrupted(leftover);
    else
        findState(leftover);
}

void Recovery::storeInterrupted(const Leftover &leftover)
{
    const Message answer = interruptedAnswer(leftover, m_clock.utcMs());
    whenReady(this, m_vault.conversations().storeAnswer({leftover.attempt, answer, std::nullopt}),
              [this, leftover, state = answer.state](const Status &stored) {
                  if (!stored)
                      return next();
                  closeRecord(leftover, state, kInterrupted);
              });
}

void Recovery::findState(const Leftover &leftover)
{
    const auto thread = m_vault.conversations().thread(leftover.conversation, leftover.answer);
    whenReady(this, thread, [this, leftover](const Result<std::vector<Message>> &messages) {
        const bool found = messages && !messages->empty() && messages->back().id == leftover.answer;
        if (!found)
            return next();
        const Message &answer = messages->back();
        // An earlier opening may have stored the cut-off answer and then found the log unwritable.
        const bool interrupted = !answer.blocks.empty() && answer.blocks.back().kind == BlockKind::Notice
                                 && answer.blocks.back().detail == kInterrupted;
        closeRecord(leftover, answer.state, interrupted ? kInterrupted : kRecovered);
    });
}

void Recovery::closeRecord(const Leftover &leftover, MessageState state, const std::string &flag)
{
    whenReady(this, m_vault.audit().hasOutcome(leftover.attempt.text()),
              [this, leftover, state, flag](const Result<bool> &known) {
                  if (!known)
                      return next();
                  if (!*known)
                      return appendOutcome(leftover, state, flag);
                  whenReady(this, m_vault.audit().head(), [this, leftover](const Result<AuditHead> &head) {
                      if (head)
                          settle(leftover, *head);
                      next();
                  });
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

} // namespace tramontane
