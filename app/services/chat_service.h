// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/inference_provider.h"
#include "app/contracts/policy_source.h"
#include "app/contracts/vault_store.h"
#include "app/contracts/when_ready.h"
#include "app/core/clock.h"
#include "app/services/answer_adapters.h"
#include "app/services/conversation_memory.h"
#include "app/services/energy_shares.h"
#include "app/services/image_blocks.h"
#include "app/services/model_service.h"

#include <QObject>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace tramontane {

class StreamWriter;
class Attempt;

struct AskOptions {
    ModelId model;
    SamplingParameters sampling;
    std::string systemPrompt; // for a new conversation; an existing one keeps its own
    LoadOptions load;
    ModelId draft; // guesses for `model` (LoadOptions::draftPath comes from here); null: none
    bool deterministic = false;
    AnswerShape shape{};
    /// For this answer, at most 16 (LoadOptions::adapters comes from here). Each file is read in the sandbox first, and
    /// policy must allow it as it would a model.
    std::vector<AdapterWish> adapters{};
    std::string beginning; // the answer begins with this text, and the model goes on; empty: nothing is given
    /// What the question shows, and what earlier messages of the conversation show: those are not shown again.
    Images images{};
    std::optional<ModelRef> projector{}; // lets `model` see: a file of kind Projector as an inspection described it
};

/// The way of one question (design.md section 3), from policy to the closing record. The order of its six steps is
/// fixed; a step that fails stops the attempt and nothing later runs. Calls and signals: the owning thread.
class ChatService : public QObject {
    Q_OBJECT
public:
    /// `energy` outlives the service; null: nothing is measured.
    ChatService(OpenVault &vault, InferenceProvider &provider, ModelService &models, PolicySource &policy,
                const Clock &clock, EnergyProbe *energy = nullptr, QObject *parent = nullptr);
    ~ChatService() override;

    /// Closes what a crash left behind; call once after opening, before the first ask. The answer is the number of
    /// attempts that were closed (as interrupted, or as recovered when the answer was there).
    [[nodiscard]] Async<int> recover();
    /// Asks in `conversation` below its shown leaf; null makes a new conversation. Everything else comes by signals
    /// that carry the attempt, from the event loop, never before this call has returned.
    AttemptId ask(ConversationId conversation, std::string text, AskOptions options);
    /// A new version of this answer. Otherwise as ask().
    AttemptId regenerate(ConversationId conversation, MessageId answer, AskOptions options);
    /// The text so far is kept and the answer marked Stopped. An answer that waits for the disk (answerNotStored) is
    /// tried once more and then given up. Unknown or finished attempts are ignored.
    void stop(AttemptId attempt);
    /// Stops all and resolves when everything, also what models remember, is on disk or, where the disk does not take an answer, attemptFailed was
    /// emitted; afterwards ask() fails with Cancelled.
    [[nodiscard]] Async<void> shutdown();
    /// For locking: as shutdown(), but no model is waited for and nothing of what models remember is kept. Each answer
    /// ends at once with the text so far, is marked CutOff (Failed where there is none) and says `why`.
    [[nodiscard]] Async<void> cutOff(const Error &why);
    [[nodiscard]] bool isRunning() const;
    /// Stops the answers of these conversations, lets none begin there before comeBack(), and drops what models remember
    /// of them. Ready when the last one has ended; always succeeds. For whoever deletes them.
    [[nodiscard]] Async<void> leave(std::vector<ConversationId> conversations);
    /// Once for each leave().
    void comeBack(const std::vector<ConversationId> &conversations);

Q_SIGNALS:
    /// Step 1 is durable: the question will not be lost. `question` is absent when an answer is made again.
    void questionStored(tramontane::AttemptId attempt, const tramontane::Conversation &conversation,
                        const std::optional<tramontane::Message> &question, tramontane::MessageId answer);
    /// The model reads the prompt, then writes.
    void promptProgress(tramontane::AttemptId attempt, int done, int total);
    void answerText(tramontane::AttemptId attempt, tramontane::MessageId answer, const std::string &text);
    /// The same for what a reasoning model thinks before it answers.
    void answerReasoning(tramontane::AttemptId attempt, tramontane::MessageId answer, const std::string &text);
    /// The model asks for a tool. It is a block of the answer; nothing runs it.
    void answerToolCall(tramontane::AttemptId attempt, tramontane::MessageId answer, const tramontane::ToolCall &call);
    /// How likely each token of the answer was, if that was asked for. Comes before answerFinished and is not stored.
    void answerLogprobs(tramontane::AttemptId attempt, const std::vector<tramontane::TokenLogprob> &logprobs);
    /// Stored (step 4) and recorded (step 5). The message may hold an Error block when something failed on the way.
    void answerFinished(tramontane::AttemptId attempt, const tramontane::Message &answer,
                        const std::optional<tramontane::Provenance> &provenance);
    /// Nothing was run, or nothing could be stored. Emitted instead of answerFinished.
    void attemptFailed(tramontane::AttemptId attempt, const tramontane::Error &error);
    /// The answer is complete, but the disk does not take it. It is tried again until it is stored (answerFinished) or
    /// until stop(), shutdown() or an error that does not pass ends it (attemptFailed). Emitted once for an answer.
    void answerNotStored(tramontane::AttemptId attempt, const tramontane::Error &error);
    /// True while text older than 1 s, or a complete answer, waits for the disk; painting waits then. When an answer
    /// is given up, attemptFailed comes before the false.
    void diskWaiting(bool waiting);
    /// A record could not be written: before the model was asked (attemptFailed follows) or after the answer was stored
    /// (answerFinished follows; the record is written when the log works again). Reading still works.
    void auditProblem(const tramontane::Error &error);

private:
    friend class Attempt;
    /// A closing record that could not be written when its answer ended.
    struct Unrecorded {
        AttemptId attempt;
        AuditEvent event;
        bool answerStored = true;
    };

    /// Conversations that are being left, as long as answers of them run.
    struct Leaving {
        std::vector<ConversationId> conversations;
        Deferred<void> left;
    };

    AttemptId begin(std::unique_ptr<Attempt> attempt);
    void ended(AttemptId attempt);
    void updateWaiting();
    /// A record is durable, so the log works (again): what waited for it is recorded and settled now.
    void recorded(const AuditHead &head);
    /// Tells whoever waits in leave() and whose answers have all ended.
    void finishLeaving();
    void forget(ConversationId conversation);
    [[nodiscard]] bool isBusy(ConversationId conversation, AttemptId besides) const;
    [[nodiscard]] Async<void> whenAllEnded();

    OpenVault &m_vault;
    InferenceProvider &m_provider;
    ModelService &m_models;
    PolicySource &m_policy;
    const Clock &m_clock;
    EnergyShares m_energy;
    ConversationMemory m_memory;
    std::unique_ptr<StreamWriter> m_writer;
    std::map<AttemptId, std::unique_ptr<Attempt>> m_attempts;
    std::vector<AttemptId> m_unsettled;
    std::vector<Unrecorded> m_unrecorded;
    std::vector<Deferred<void>> m_shutdowns;
    std::multiset<ConversationId> m_left; // nothing is asked there
    std::vector<Leaving> m_leaving;
    bool m_closing = false;
    bool m_cutOff = false;
    bool m_waiting = false; // as last told
};

} // namespace tramontane
