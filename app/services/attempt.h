// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/services/chat_service.h"
#include "app/services/context_plan.h"

#include <QObject>
#include <QTimer>

namespace tramontane {

/// What is asked: a new question in a conversation (null: a new one), or another version of an answer.
struct AttemptQuestion {
    ConversationId conversation;
    std::string text; // empty when `again` is set
    MessageId again;  // the answer that is made again; null: a new question
    AskOptions options;
};

/// One question on its way through the six steps of design.md section 3. Each step is a function that begins it and one
/// that goes on when it is done; a step that fails leads to closeAnswer() once the attempt is recorded, and to fail()
/// before. Belongs to a ChatService, whose signals it emits. Calls: the owning thread.
class Attempt : public QObject {
    Q_OBJECT
public:
    /// An answer that could not be stored is tried again after this time, and after each commit of stream parts.
    static constexpr int kStoreAgainMs = 3000;

    Attempt(ChatService &chat, AttemptId id, AttemptQuestion question);
    ~Attempt() override;

    /// Begins from the event loop.
    void start();
    /// An answer that waits to be stored is tried once more; if that fails, the attempt ends with the reason.
    void stop();
    /// Ends now with the text so far and waits for no model; `why` is the error that the answer says.
    void cutOff(const Error &why);
    /// The disk has just taken something. Does nothing unless the answer waits to be stored.
    void storeAgain();
    /// The answer is complete and could not be stored so far.
    [[nodiscard]] bool waitsForDisk() const { return m_storeProblem.has_value(); }
    [[nodiscard]] AttemptId id() const { return m_id; }
    [[nodiscard]] ConversationId conversation() const { return m_question.conversation; }
    /// Whether it was let through; two questions to one conversation are not, whichever comes first wins.
    [[nodiscard]] bool hasBegun() const { return m_begun; }

private:
    enum class Step { Prepare, Store, Record, Model, Write, Close, StoreAnswer, Done };

    void prepare();
    [[nodiscard]] bool addDraft();
    void readAdapters(std::size_t next);
    void recordAdapters();
    [[nodiscard]] SnapshotConfiguration snapshot() const;
    [[nodiscard]] bool addProjector();
    [[nodiscard]] bool mayRead(const ModelRef &file);
    void readConversation();
    void useThread(std::vector<Message> thread);
    void storeQuestion();
    void recordAttempted(const StoredQuestion &stored);
    void loadModel();
    void recall();
    void measure();
    void generate(const PromptSize &size);
    void received(BlockKind kind, const std::string &text);
    void called(const ToolCall &call);
    void generated(const GenerationResult &result);
    void generationFailed(const Error &error);
    void closeStopped();
    void closeAnswer(MessageState state, const std::optional<Error> &error);
    void storeAnswer();
    void notStored(const Error &error);
    void recordOutcome(const std::optional<Error> &storeError);
    void finish(const Result<AuditHead> &head, const std::optional<Error> &storeError);
    void fail(const Error &error);
    void refuse(const PolicyDecision &decision);
    [[nodiscard]] std::optional<Provenance> provenance() const;
    [[nodiscard]] AuditEvent outcomeEvent(const std::optional<Error> &storeError) const;
    void end();

    ChatService &m_chat;
    const AttemptId m_id;
    AttemptQuestion m_question;
    EffectivePolicy m_policy; // as it was when the question came
    PolicyDecision m_decision;
    Step m_step = Step::Prepare;
    bool m_begun = false;
    bool m_isNew = false; // the question begins a conversation
    bool m_stopped = false;
    std::optional<Error> m_cutOff; // why it ends without waiting for the model

    ModelRef m_model;
    std::vector<AnswerAdapter> m_adapters;
    ModelUsage::Use m_modelUse;
    std::optional<EnergyShares::Id> m_energyShare; // while the model works
    EnergyUse m_energyUse;
    Conversation m_conversation;
    std::optional<Message> m_asked; // the stored question; absent when an answer is made again
    Message m_answer;
    ContextPlan m_plan;
    GenerationRequest m_request;
    PromptSize m_size;
    std::optional<LoadedModel> m_loaded;
    std::optional<GenerationResult> m_result;
    std::unique_ptr<Generation> m_generation;
    std::optional<Provenance> m_provenance;
    std::optional<Error> m_problem;
    std::optional<Error> m_storeProblem; // why the answer is not stored yet
    bool m_lastTry = false;              // a person gave up waiting for the disk
    QTimer m_storeTimer;
};

} // namespace tramontane
