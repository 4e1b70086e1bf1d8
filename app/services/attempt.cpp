// SPDX-License-Identifier: Apache-2.0
#include "app/services/attempt.h"

#include "app/services/answer_provenance.h"
#include "app/services/audit_records.h"
#include "app/services/conversation_title.h"
#include "app/services/disk_room.h"
#include "app/services/model_quarantine.h"
#include "app/services/recording.h"
#include "app/services/sampling_limits.h"
#include "app/services/stream_writer.h"
#include "app/services/tool_blocks.h"

#include <QTimer>

#include <algorithm>

namespace tramontane {

Attempt::Attempt(ChatService &chat, AttemptId id, AttemptQuestion question)
    : QObject(&chat), m_chat(chat), m_id(id), m_question(std::move(question))
{
}

Attempt::~Attempt() = default;

void Attempt::start()
{
    QTimer::singleShot(0, this, &Attempt::prepare);
}

void Attempt::stop()
{
    if (m_storeProblem) {
        m_lastTry = true;
        return storeAgain();
    }
    if (std::exchange(m_stopped, true))
        return;
    if (m_generation)
        m_generation->cancel();
    else if (m_step == Step::Model)
        closeStopped();
}

void Attempt::cutOff(const Error &why)
{
    m_cutOff = why;
    if (m_storeProblem) {
        m_lastTry = true;
        return storeAgain();
    }
    m_stopped = true;
    if (m_step == Step::Model || m_step == Step::Write)
        closeStopped();
}

void Attempt::closeStopped()
{
    if (!m_cutOff)
        return closeAnswer(MessageState::Stopped, std::nullopt);
    closeAnswer(m_answer.blocks.empty() ? MessageState::Failed : MessageState::CutOff, m_cutOff);
}

// Before step 1: what can be refused without leaving anything behind.

void Attempt::prepare()
{
    if (m_chat.m_closing || m_stopped)
        return fail({ErrorCode::Cancelled, "Not sent: it was stopped before anything was stored.", {}});
    if (m_question.again.isNull() && m_question.text.find_first_not_of(" \t\r\n") == std::string::npos)
        return fail({ErrorCode::InvalidArgument, "Not sent: the question is empty.", {}});
    if (const Status valid = checkSampling(m_question.options.sampling); !valid)
        return fail(valid.error());
    if (const Status valid = checkWishes(m_question.options.adapters); !valid)
        return fail(valid.error());
    if (!m_question.conversation.isNull() && m_chat.isBusy(m_question.conversation, m_id))
        return fail({ErrorCode::EngineBusy,
                     "Not sent: an answer is still being written in this conversation. Wait for it, or stop it.",
                     {}});
    if (m_chat.m_left.contains(m_question.conversation))
        return fail({ErrorCode::NotFound, "Not sent: this conversation is being deleted.", {}});
    m_begun = true;
    const auto model = m_question.options.model.isNull() ? m_chat.m_models.defaultModel(ModelKind::Chat)
                                                         : m_chat.m_models.resolve(m_question.options.model.text());
    if (!model)
        return fail(model.error());
    if (model->description.kind != ModelKind::Chat)
        return fail(otherKindOfModel(model->description.kind, ModelKind::Chat));
    m_model = *model;
    m_policy = m_chat.m_policy.current();
    m_decision = mayUseModel(m_policy, m_model.description.sha256);
    if (!m_decision.allowed)
        return refuse(m_decision);
    if ((m_question.options.draft.isNull() || addDraft()) && (!m_question.options.projector || addProjector()))
        readAdapters(0);
}

/// A model that only guesses is a file that is read all the same: the same catalogue, the same policy. False: ended.
bool Attempt::addDraft()
{
    const auto draft = m_chat.m_models.resolve(m_question.options.draft.text());
    if (!draft) {
        fail(draft.error());
        return false;
    }
    if (!draft->quarantine.empty()) {
        fail(quarantined(*draft));
        return false;
    }
    if (!mayRead(*draft))
        return false;
    m_question.options.load.speculation = Speculation::Draft;
    m_question.options.load.draftPath = draft->path;
    m_question.options.load.draftSha256 = draft->description.sha256;
    return true;
}

/// The same policy holds for what lets a model see.
bool Attempt::addProjector()
{
    const ModelRef &projector = *m_question.options.projector;
    if (projector.description.kind != ModelKind::Projector) {
        fail({ErrorCode::ModelUnsupported,
              "Not sent: \"" + projector.description.name
                  + "\" is no projector. Choose the file that came with the model for images (mmproj-….gguf).",
              {}});
        return false;
    }
    if (!mayRead(projector))
        return false;
    m_question.options.load.projectorPath = projector.path;
    m_question.options.load.projectorSha256 = projector.description.sha256;
    m_question.options.load.projectorBytes = projector.description.fileBytes;
    return true;
}

/// False: policy does not allow it; the attempt has ended.
bool Attempt::mayRead(const ModelRef &file)
{
    const auto decision = mayUseModel(m_policy, file.description.sha256);
    if (decision.allowed)
        return true;
    m_model = file; // the record names the file that was refused
    refuse(decision);
    return false;
}

void Attempt::refuse(const PolicyDecision &decision)
{
    AuditEvent event = records::decided("gen_ai.request.denied", Outcome::Denied, m_policy, decision);
    event.corr = m_id.text();
    event.ai = records::localAi(m_model.description, m_question.options.sampling);
    whenReady(this, appendRecord(this, m_chat.m_vault, std::move(event)),
              [this, decision](const Result<AuditHead> &) { fail(records::denied(decision, "Not sent")); });
}

void Attempt::readConversation()
{
    const std::int64_t now = m_chat.m_clock.utcMs();
    m_answer.id = MessageId::make(now);
    m_answer.role = Role::Assistant;
    m_answer.createdMs = now;
    if (m_question.conversation.isNull()) {
        m_conversation.id = ConversationId::make(now);
        m_conversation.title = titleFromQuestion(m_question.text);
        m_conversation.systemPrompt = m_question.options.systemPrompt;
        m_conversation.createdMs = now;
        return useThread({});
    }
    auto &conversations = m_chat.m_vault.conversations();
    const auto thread =
        andThen(this, conversations.find(m_question.conversation), [this, &conversations](Conversation found) {
            m_conversation = std::move(found);
            return conversations.thread(m_conversation.id, m_question.again);
        });
    whenReady(this, thread, [this](Result<std::vector<Message>> messages) {
        if (!messages)
            return fail(messages.error());
        useThread(std::move(*messages));
    });
}

void Attempt::useThread(std::vector<Message> thread)
{
    if (!m_question.again.isNull()) {
        // The thread ends with the answer that is made again; the new one takes its place in the tree.
        if (thread.empty() || thread.back().id != m_question.again || thread.back().role != Role::Assistant)
            return fail({ErrorCode::NotFound, "Not made again: this answer is not in the conversation.", {}});
        thread.pop_back();
        m_answer.parent = thread.empty() ? MessageId{} : thread.back().id;
    } else {
        Message question;
        question.id = MessageId::make(m_chat.m_clock.utcMs());
        question.conversation = m_conversation.id;
        question.parent = thread.empty() ? MessageId{} : thread.back().id;
        question.createdMs = m_chat.m_clock.utcMs();
        for (const ImageRef &image : newImages(thread, m_question.options.images))
            question.blocks.push_back(imageBlock(image));
        question.blocks.push_back({BlockKind::Text, m_question.text, {}});
        m_answer.parent = question.id;
        thread.push_back(question);
        m_asked = std::move(question);
    }
    m_answer.conversation = m_conversation.id;
    m_conversation.updatedMs = m_chat.m_clock.utcMs();
    m_conversation.leaf = m_answer.parent;
    m_plan = planContext(m_conversation.systemPrompt, thread);
    if (const Status images = checkImagesAtHand(m_plan.turns, m_question.options.images); !images)
        return fail(images.error());
    if (!m_question.options.beginning.empty()) {
        ChatTurn begun{Role::Assistant, m_question.options.beginning};
        begun.prefix = true;
        m_plan.turns.push_back(std::move(begun));
    }
    storeQuestion();
}

// Steps 1 and 2: the question, then the record of the attempt. Nothing runs before both are on disk.

void Attempt::storeQuestion()
{
    if (m_stopped)
        return fail({ErrorCode::Cancelled, "Not sent: it was stopped before anything was stored.", {}});
    m_step = Step::Store;
    QuestionToStore store;
    store.attempt = m_id;
    store.conversation = m_conversation;
    m_isNew = m_question.conversation.isNull();
    store.newConversation = m_isNew;
    store.question = m_asked;
    store.answer = m_answer.id;
    store.answerParent = m_answer.parent;
    store.nowMs = m_conversation.updatedMs;
    m_question.conversation = m_conversation.id;
    whenReady(this, storeWhereRoom(this, m_chat.m_vault, std::move(store)),
              [this](const Result<StoredQuestion> &stored) {
                  if (!stored)
                      return fail(stored.error());
                  Q_EMIT m_chat.questionStored(m_id, m_conversation, m_asked, m_answer.id);
                  recordAttempted(*stored);
              });
}

void Attempt::recordAttempted(const StoredQuestion &stored)
{
    m_step = Step::Record;
    if (m_isNew) {
        // Ahead of the attempt in the log's queue; when this one cannot be written, that one cannot either.
        AuditEvent created = records::event("conversation.created", Outcome::Success, m_policy);
        created.corr = m_id.text();
        created.object = records::object("conversation", m_conversation.id.text());
        (void)appendRecord(this, m_chat.m_vault, std::move(created));
    }
    recordAdapters();
    AuditEvent event = records::decided("gen_ai.request.attempted", Outcome::Unknown, m_policy, m_decision);
    event.corr = m_id.text();
    event.ai = records::localAi(m_model.description, m_question.options.sampling);
    event.object = records::object("message", m_asked ? m_asked->id.text() : m_answer.parent.text());
    event.object->contentCommit = stored.contentCommit;
    event.object->bytes = stored.contentBytes;
    whenReady(this, appendRecord(this, m_chat.m_vault, std::move(event)), [this](const Result<AuditHead> &head) {
        if (!head) {
            m_chat.m_unsettled.push_back(m_id);
            const Error error{head.error().code,
                              "Your question is saved, but nothing was run, because the log cannot be written: "
                                  + head.error().message,
                              head.error().detail};
            Q_EMIT m_chat.auditProblem(error);
            return fail(error);
        }
        m_chat.recorded(*head);
        loadModel();
    });
}

// Step 3: the model. From here on every way out closes the record.

void Attempt::loadModel()
{
    m_step = Step::Model;
    if (m_stopped)
        return closeStopped();
    m_modelUse = m_chat.m_models.use(m_model.id);
    whenReady(this, m_chat.m_models.load(m_model.id, m_question.options.load),
              [this](const Result<LoadedModel> &loaded) {
                  if (m_step != Step::Model)
                      return;
                  if (!loaded)
                      return closeAnswer(MessageState::Failed, loaded.error());
                  m_loaded = *loaded;
                  recall();
              });
}

void Attempt::recall()
{
    if (m_isNew || m_question.options.deterministic)
        return measure();
    const StateKey key{m_conversation.id, adapterScales(m_adapters)};
    whenReady(this, m_chat.m_memory.recall(m_model.id, snapshot(), key), [this](const Result<int> &) {
        if (m_step == Step::Model)
            measure();
    });
}

void Attempt::measure()
{
    if (const Status length = checkLength(m_plan); !length)
        return closeAnswer(MessageState::Failed, length.error());
    whenReady(this, m_chat.m_provider.measure(m_model.id, m_plan.turns, m_question.options.shape),
              [this](const Result<PromptSize> &size) {
                  if (m_step != Step::Model)
                      return;
                  if (!size)
                      return closeAnswer(MessageState::Failed, size.error());
                  m_size = *size;
                  if (const Status fits = checkFits(m_size, m_question.options.sampling.maxTokens); !fits)
                      return closeAnswer(MessageState::Failed, fits.error());
                  generate(*size);
              });
}

void Attempt::generate(const PromptSize &size)
{
    m_step = Step::Write;
    m_request.turns = m_plan.turns;
    m_request.sampling = m_question.options.sampling;
    m_request.sampling.maxTokens = std::min(m_request.sampling.maxTokens, size.contextTokens - size.promptTokens);
    m_request.shape = m_question.options.shape;
    m_request.adapters = adapterScales(m_adapters);
    m_request.deterministic = m_question.options.deterministic;
    m_request.conversation = m_conversation.id;
    m_request.images = m_question.options.images;
    m_energyShare = m_chat.m_energy.begin();
    m_generation = m_chat.m_provider.generate(m_model.id, m_request);
    Generation *run = m_generation.get();
    connect(run, &Generation::promptProgress, this,
            [this](int done, int total) { Q_EMIT m_chat.promptProgress(m_id, done, total); });
    connect(run, &Generation::textReceived, this, [this](const std::string &text) { received(BlockKind::Text, text); });
    connect(run, &Generation::reasoningReceived, this,
            [this](const std::string &text) { received(BlockKind::Reasoning, text); });
    connect(run, &Generation::toolCalled, this, &Attempt::called);
    connect(run, &Generation::finished, this, &Attempt::generated);
    connect(run, &Generation::failed, this, &Attempt::generationFailed);
    received(BlockKind::Text, m_question.options.beginning);
}

void Attempt::received(BlockKind kind, const std::string &text)
{
    if (m_step != Step::Write || text.empty())
        return;
    if (m_answer.blocks.empty() || m_answer.blocks.back().kind != kind)
        m_answer.blocks.push_back({kind, {}, {}});
    m_answer.blocks.back().text += text;
    m_chat.m_writer->add(m_answer.id, kind, text);
    if (kind == BlockKind::ToolCall)
        return;
    if (kind == BlockKind::Reasoning)
        Q_EMIT m_chat.answerReasoning(m_id, m_answer.id, text);
    else
        Q_EMIT m_chat.answerText(m_id, m_answer.id, text);
}

/// Kept for the person and for whoever answers it; nothing runs it here.
void Attempt::called(const ToolCall &call)
{
    received(BlockKind::ToolCall, toolCallLine(call));
    if (m_step == Step::Write)
        Q_EMIT m_chat.answerToolCall(m_id, m_answer.id, call);
}

void Attempt::generated(const GenerationResult &result)
{
    if (m_step != Step::Write)
        return;
    m_result = result;
    if (!result.logprobs.empty())
        Q_EMIT m_chat.answerLogprobs(m_id, result.logprobs);
    closeAnswer(result.state, std::nullopt);
}

void Attempt::generationFailed(const Error &error)
{
    if (m_step != Step::Write)
        return;
    // Unloading the model is a person's act, like Stop.
    if (error.code == ErrorCode::Cancelled)
        return closeAnswer(MessageState::Stopped, std::nullopt);
    closeAnswer(m_answer.blocks.empty() ? MessageState::Failed : MessageState::CutOff, error);
}

} // namespace tramontane
