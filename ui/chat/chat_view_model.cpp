// SPDX-License-Identifier: Apache-2.0
#include "ui/chat/chat_view_model.h"

#include "app/contracts/when_ready.h"

#include <algorithm>
#include <utility>

namespace tramontane::ui {

ChatViewModel::ChatViewModel(ChatService &chat, ConversationService &conversations, const Clock &clock, QObject *parent)
    : QObject(parent), m_chat(chat), m_conversations(conversations), m_clock(clock)
{
    m_frame.setSingleShot(true);
    m_frame.setInterval(kFrameMs);
    m_frame.setTimerType(Qt::PreciseTimer);
    connect(&m_frame, &QTimer::timeout, this, &ChatViewModel::flush);
    connect(&chat, &ChatService::questionStored, this, &ChatViewModel::onQuestionStored);
    connect(&chat, &ChatService::promptProgress, this, &ChatViewModel::onPromptProgress);
    connect(&chat, &ChatService::answerText, this, [this](AttemptId attempt, MessageId, const std::string &text) {
        onAnswerText(attempt, BlockKind::Text, text);
    });
    connect(&chat, &ChatService::answerFinished, this, &ChatViewModel::onAnswerFinished);
    connect(&chat, &ChatService::attemptFailed, this, &ChatViewModel::onAttemptFailed);
    connect(&chat, &ChatService::answerReasoning, this, [this](AttemptId attempt, MessageId, const std::string &text) {
        onAnswerText(attempt, BlockKind::Reasoning, text);
    });
    connect(&chat, &ChatService::auditProblem, this, [this](const Error &error) { setAuditProblem(error); });
    connect(&chat, &ChatService::diskWaiting, this, &ChatViewModel::onDiskWaiting);
}

void ChatViewModel::open(ConversationId id, MessageId at)
{
    if (id.isNull()) {
        startNew();
        return;
    }
    const auto opened = ++m_opened;
    m_readingPart = false;
    // Where an answer is being written the shown branch stays as it is.
    const bool move = !at.isNull() && !running().contains(id);
    const auto leaf = move ? m_conversations.showBranch(at) : ready<MessageId>(MessageId{});
    const auto found = andThen(this, leaf, [this, id](MessageId) { return m_conversations.find(id); });
    whenReady(this, found, [this, opened, at](const Result<Conversation> &conversation) {
        if (opened != m_opened)
            return;
        if (conversation)
            openThread(*conversation, at);
        else
            Q_EMIT failed(conversation.error());
    });
}

void ChatViewModel::openThread(const Conversation &conversation, MessageId at)
{
    const auto opened = m_opened;
    // An answer that is being written stands at the end, and the branch may not be the one with `at`.
    const MessageId anchor = running().contains(conversation.id) ? MessageId{} : at;
    const auto show = [this, opened, conversation, at](Result<ThreadPart> messages) {
        if (opened != m_opened)
            return;
        if (!messages) {
            Q_EMIT failed(messages.error());
            return;
        }
        m_conversation = conversation.id;
        m_title = QString::fromStdString(conversation.title);
        m_problem.reset();
        Q_EMIT conversationChanged();
        showThread(std::move(messages).value());
        Q_EMIT problemChanged();
        if (!at.isNull())
            Q_EMIT messageWanted(at);
    };
    whenReady(this, m_conversations.threadPart(conversation.id, {anchor, ThreadPlace::Side::Around, kPart}), show);
}

void ChatViewModel::startNew()
{
    ++m_opened;
    m_above = m_below = m_readingPart = false;
    m_conversation = {};
    m_title.clear();
    m_problem.reset();
    m_shown = {};
    m_thread.clear();
    setState(ChatState::Idle);
    Q_EMIT conversationChanged();
    Q_EMIT threadReplaced();
    Q_EMIT problemChanged();
}

void ChatViewModel::setTitle(const QString &title)
{
    m_title = title;
    Q_EMIT conversationChanged();
}

void ChatViewModel::showThread(ThreadPart part)
{
    m_thread.replace(std::move(part.messages));
    m_above = part.above;
    m_below = part.below;
    m_readingPart = false;
    const auto running = std::find_if(m_running.begin(), m_running.end(), [this](const auto &entry) {
        return entry.second.conversation == m_conversation;
    });
    m_shown = running == m_running.end() ? AttemptId{} : running->first;
    if (running != m_running.end() && !running->second.answer.isNull()) {
        Running &answer = running->second;
        takeFresh(answer);
        m_thread.startAnswer(answer.answer, answer.parent, answer.siblings, m_clock.utcMs());
        for (const Block &block : answer.text)
            m_thread.growAnswer(answer.answer, block.kind, block.text);
    }
    Q_EMIT threadReplaced();
    if (running != m_running.end())
        setState(running->second.state, running->second.reading);
    else
        setState(m_problem ? ChatState::Failed : ChatState::Idle);
    readProvenance(0, m_thread.entries().size());
}

void ChatViewModel::reload()
{
    if (m_conversation.isNull())
        return;
    const auto opened = ++m_opened;
    m_readingPart = false;
    whenReady(this, m_conversations.threadPart(m_conversation, {{}, ThreadPlace::Side::Around, kPart}),
              [this, opened](Result<ThreadPart> result) {
                  if (opened != m_opened)
                      return;
                  if (result)
                      showThread(std::move(result).value());
                  else
                      Q_EMIT failed(result.error());
              });
}

void ChatViewModel::readAbove()
{
    if (m_above && !m_thread.empty())
        readPart(m_thread.entries().front().message.id, ThreadPlace::Side::Above);
}

void ChatViewModel::readBelow()
{
    if (m_below && !busy() && !m_thread.empty())
        readPart(m_thread.entries().back().message.id, ThreadPlace::Side::Below);
}

void ChatViewModel::readPart(MessageId anchor, ThreadPlace::Side side)
{
    if (std::exchange(m_readingPart, true))
        return;
    whenReady(this, m_conversations.threadPart(m_conversation, {anchor, side, kPart}),
              [this, opened = m_opened, side](Result<ThreadPart> part) {
                  if (opened != m_opened)
                      return;
                  m_readingPart = false;
                  const bool above = side == ThreadPlace::Side::Above;
                  if (!part)
                      return Q_EMIT failed(part.error());
                  if (!above && busy())
                      return;
                  const std::size_t before = m_thread.entries().size();
                  (above ? m_above : m_below) = above ? part->above : part->below;
                  above ? m_thread.addAbove(std::move(part->messages)) : m_thread.addBelow(std::move(part->messages));
                  const std::size_t added = m_thread.entries().size() - before;
                  above ? Q_EMIT addedAbove(added) : Q_EMIT addedBelow(added);
                  readProvenance(above ? 0 : before, added);
              });
}

void ChatViewModel::readProvenance(std::size_t from, std::size_t count)
{
    std::vector<MessageId> answers;
    for (std::size_t i = from; i < from + count; ++i) {
        const ThreadEntry &entry = m_thread.entries()[i];
        if (entry.message.role == Role::Assistant && !entry.writing && !entry.provenance)
            answers.push_back(entry.message.id);
    }
    if (answers.empty())
        return;
    // An answer without provenance is one for which no model ran: nothing to add.
    whenReady(this, m_conversations.provenancesOf(std::move(answers)),
              [this](Result<std::map<MessageId, Provenance>> found) {
                  if (!found)
                      return;
                  for (auto &[id, provenance] : *found) {
                      if (m_thread.setProvenance(id, std::move(provenance)))
                          Q_EMIT provenanceKnown(*m_thread.find(id));
                  }
              });
}

bool ChatViewModel::busy() const
{
    return m_state == ChatState::Asking || m_state == ChatState::Reading || m_state == ChatState::Writing
           || m_state == ChatState::Stopping;
}

bool ChatViewModel::canAsk() const
{
    return !busy() && !m_auditProblem;
}

bool ChatViewModel::send(const QString &text)
{
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty() || !canAsk())
        return false;
    Running running;
    running.conversation = m_conversation;
    running.question = trimmed;
    begin(m_chat.ask(m_conversation, trimmed.toStdString(), m_options), running);
    return true;
}

bool ChatViewModel::askAgain()
{
    const ThreadEntry *answer = m_thread.lastAnswer();
    if (!answer || m_below || !canAsk())
        return false;
    Running running;
    running.conversation = m_conversation;
    running.parent = answer->message.parent;
    running.siblings = answer->message.versions;
    begin(m_chat.regenerate(m_conversation, answer->message.id, m_options), running);
    return true;
}

void ChatViewModel::begin(AttemptId attempt, Running running)
{
    m_running[attempt] = std::move(running);
    m_shown = attempt;
    dismissProblem();
    setState(ChatState::Asking);
    Q_EMIT runningChanged();
}

void ChatViewModel::stop()
{
    if (!busy() || m_state == ChatState::Stopping)
        return;
    if (Running *running = shownRunning())
        running->state = ChatState::Stopping;
    setState(ChatState::Stopping);
    m_chat.stop(m_shown);
}

void ChatViewModel::showVersion(MessageId message, int step)
{
    if (busy())
        return;
    whenReady(this, m_conversations.neighbourVersion(message, step), [this](Result<MessageId> neighbour) {
        // At the ends there is no neighbour: the buttons are off there, a key is simply ignored.
        if (!neighbour)
            return;
        whenReady(this, m_conversations.showBranch(*neighbour), [this](Result<MessageId> leaf) {
            if (leaf)
                reload();
            else
                Q_EMIT failed(leaf.error());
        });
    });
}

void ChatViewModel::onQuestionStored(AttemptId attempt, const Conversation &conversation,
                                     const std::optional<Message> &question, MessageId answer)
{
    const auto found = m_running.find(attempt);
    if (found == m_running.end())
        return;
    Running &running = found->second;
    running.conversation = conversation.id;
    running.answer = answer;
    if (question)
        running.parent = question->id;
    if (running.state == ChatState::Asking)
        running.state = ChatState::Reading;
    if (isShown(attempt)) {
        const bool another = m_conversation != conversation.id;
        m_conversation = conversation.id;
        m_title = QString::fromStdString(conversation.title);
        showAsked(question, running);
        if (question)
            Q_EMIT questionAccepted();
        // Only now: the draft that belonged to the new chat is gone.
        if (another)
            Q_EMIT conversationChanged();
        setState(running.state);
    }
    Q_EMIT runningChanged();
    Q_EMIT listChanged();
}

/// Question and answer at the end of the branch, which is read first where something else is shown.
void ChatViewModel::showAsked(const std::optional<Message> &question, const Running &running)
{
    if (m_below)
        return reload();
    if (question) {
        m_thread.addQuestion(*question);
        Q_EMIT messageAdded(m_thread.entries().back());
    }
    m_thread.startAnswer(running.answer, running.parent, running.siblings, m_clock.utcMs());
    if (question)
        Q_EMIT messageAdded(m_thread.entries().back());
    else
        Q_EMIT threadReplaced();
}

void ChatViewModel::onPromptProgress(AttemptId attempt, int done, int total)
{
    const auto found = m_running.find(attempt);
    if (found == m_running.end() || found->second.state != ChatState::Reading || total <= 0)
        return;
    found->second.reading = double(done) / total;
    if (isShown(attempt))
        setState(ChatState::Reading, found->second.reading);
}

void ChatViewModel::onAnswerText(AttemptId attempt, BlockKind kind, const std::string &text)
{
    const auto found = m_running.find(attempt);
    if (found == m_running.end())
        return;
    appendToBlocks(found->second.fresh, kind, text);
    if (found->second.state == ChatState::Reading)
        found->second.state = ChatState::Writing;
    if (!isShown(attempt))
        return;
    if (m_state == ChatState::Reading)
        setState(ChatState::Writing);
    if (!m_frame.isActive() && !m_diskWaiting)
        m_frame.start();
}

void ChatViewModel::flush()
{
    Running *running = shownRunning();
    if (!running)
        return;
    for (const Block &more : takeFresh(*running)) {
        if (m_thread.growAnswer(running->answer, more.kind, more.text))
            Q_EMIT answerGrew(running->answer, more.kind, more.text);
    }
}

std::vector<Block> ChatViewModel::takeFresh(Running &running)
{
    std::vector<Block> fresh = std::exchange(running.fresh, {});
    for (const Block &more : fresh)
        appendToBlocks(running.text, more.kind, more.text);
    return fresh;
}

void ChatViewModel::onAnswerFinished(AttemptId attempt, const Message &answer,
                                     const std::optional<Provenance> &provenance)
{
    const bool shown = isShown(attempt);
    if (shown)
        flush();
    m_running.erase(attempt);
    if (shown) {
        m_shown = {};
        m_frame.stop();
        if (m_thread.finishAnswer(answer, provenance))
            Q_EMIT answerFinished(*m_thread.find(answer.id));
        setState(ChatState::Idle);
    }
    Q_EMIT runningChanged();
    Q_EMIT listChanged();
}

void ChatViewModel::onAttemptFailed(AttemptId attempt, const Error &error)
{
    const auto found = m_running.find(attempt);
    if (found == m_running.end())
        return;
    const bool shown = isShown(attempt);
    const QString question = found->second.answer.isNull() ? QString() : found->second.question;
    m_running.erase(found);
    if (meansNoRecord(error.code))
        setAuditProblem(error);
    if (shown) {
        m_shown = {};
        m_frame.stop();
        if (!meansNoRecord(error.code))
            m_problem = error;
        setState(ChatState::Failed);
        Q_EMIT problemChanged();
        reload();
        if (!question.isEmpty())
            Q_EMIT draftReturned(question);
    }
    Q_EMIT runningChanged();
    Q_EMIT listChanged();
}

void ChatViewModel::onDiskWaiting(bool waiting)
{
    m_diskWaiting = waiting;
    if (!waiting)
        flush();
    Q_EMIT stateChanged();
}

void ChatViewModel::setAuditProblem(std::optional<Error> problem)
{
    m_auditProblem = std::move(problem);
    Q_EMIT problemChanged();
    Q_EMIT stateChanged();
}

void ChatViewModel::dismissProblem()
{
    if (!m_problem)
        return;
    m_problem.reset();
    Q_EMIT problemChanged();
}

std::set<ConversationId> ChatViewModel::running() const
{
    std::set<ConversationId> out;
    for (const auto &[attempt, running] : m_running) {
        if (!running.conversation.isNull())
            out.insert(running.conversation);
    }
    return out;
}

void ChatViewModel::setState(ChatState state, double reading)
{
    if (state == m_state && reading == m_reading)
        return;
    m_state = state;
    m_reading = reading;
    Q_EMIT stateChanged();
}

ChatViewModel::Running *ChatViewModel::shownRunning()
{
    const auto found = m_running.find(m_shown);
    return found == m_running.end() ? nullptr : &found->second;
}

bool ChatViewModel::isShown(AttemptId attempt) const
{
    return !m_shown.isNull() && m_shown == attempt;
}

} // namespace tramontane::ui
