// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "app/contracts/conversation_state.h"
#include "app/core/chat_turn.h"
#include "app/core/conversation.h"
#include "app/core/memory_plan.h"
#include "app/core/model.h"
#include "app/core/sampling.h"

#include <QObject>

#include <memory>
#include <string>
#include <vector>

namespace tramontane {

struct GenerationRequest {
    std::vector<ChatTurn> turns;
    SamplingParameters sampling;
    bool deterministic = false; // alone, from the beginning, without guesses: repeats bit for bit
    bool background = false;    // waits behind what people ask
    /// Whose memory this is, for what is kept of it after the answer; null: nobody's.
    ConversationId conversation;
    AnswerShape shape{};
    /// Of those that the model was loaded with (LoadOptions::adapters).
    std::vector<AdapterScale> adapters{};
    /// The pixels of all images in `turns`, in any order, each at least once.
    std::vector<std::shared_ptr<const RawImage>> images{};
};

/// Whose memory, and with which adapters it was computed: with others it means something else.
struct StateKey {
    ConversationId conversation;
    std::vector<AdapterScale> adapters{};
};

/// The token count of a prompt, rendered with the model's own template and counted with its own tokenizer.
struct PromptSize {
    int promptTokens = 0;
    int contextTokens = 0;
};

struct GenerationResult {
    MessageState state = MessageState::Complete;
    Usage usage;
    std::uint32_t seed = 0;          // the one that was used
    std::string stopReason;          // "stop" | "length" | "cancelled"
    std::vector<int> promptTokenIds; // filled only when asked for by a test build of the client
    std::vector<int> answerTokenIds;
    std::vector<TokenLogprob> logprobs; // of each token of the answer, if asked for
};

/// One running answer. Lives in the thread that asked. Exactly one of finished() and failed() is emitted, last.
class Generation : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    /// Asks for the end; finished() with state Stopped follows within 250 ms of the next token. Any number of times.
    virtual void cancel() = 0;

Q_SIGNALS:
    /// The prompt has been read up to `done` of `total` tokens.
    void promptProgress(int done, int total);
    /// More text: complete UTF-8 only.
    void textReceived(const std::string &text);
    void reasoningReceived(const std::string &text);
    /// A whole call, in the order in which the model makes them. Nothing runs it.
    void toolCalled(const tramontane::ToolCall &call);
    void finished(const tramontane::GenerationResult &result);
    /// Text received before stays valid. Errors: EngineStopped, EngineBusy (too many wait), ContextFull, GrammarInvalid,
    /// InvalidArgument.
    void failed(const tramontane::Error &error);
};

/// What a provider can do: data, not a subclass.
struct Capabilities {
    bool local = true;
    bool grammar = false;
    bool embeddings = false;
    bool deterministic = false;
};

/// Models that answer. One implementation drives local workers; others follow. Calls and signals: the thread that owns
/// the object (its event loop is needed); nothing blocks.
class InferenceProvider : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] virtual Capabilities capabilities() const = 0;
    /// Starts a worker for the model, or answers at once if one is running with the same options.
    /// Errors, of the model as of its adapters and its draft: ModelNotFound, ModelNotGguf, ModelTruncated,
    /// ModelUnsupported, ModelChanged (the file's size or SHA-256 differs from the catalogue), ModelLoadFailed (memory;
    /// also: the worker was killed three times meanwhile), ModelCrashes (it crashed three times meanwhile),
    /// EngineUnavailable, EngineStopped, Cancelled.
    [[nodiscard]] virtual Async<LoadedModel> load(const ModelRef &model, const LoadOptions &options) = 0;
    /// Ends the worker and frees its memory; running answers fail with Cancelled.
    virtual void unload(ModelId model) = 0;
    /// For locking: ends every worker at once, whatever it is doing, and with it all that it remembers; nothing is loaded
    /// afterwards. What was asked fails with Cancelled. Ready when no process is left. Errors: EngineStopped when one
    /// does not go even after a kill.
    [[nodiscard]] virtual Async<void> halt() = 0;
    /// Tools in `shape` count, too. Errors: ModelNotFound when it is not loaded; EngineStopped.
    [[nodiscard]] virtual Async<PromptSize> measure(ModelId model, std::vector<ChatTurn> turns, AnswerShape shape) = 0;
    /// Several may run at a time; they share the model (LoadedModel::parallel), the others wait in the order of their
    /// coming. Never null. A model that is not loaded gives a Generation that fails with ModelNotFound from the event loop.
    [[nodiscard]] virtual std::unique_ptr<Generation> generate(ModelId model, GenerationRequest request) = 0;
    /// One vector per text, in their order. Errors: ModelNotFound, ModelUnsupported (no embedding model),
    /// InvalidArgument (a norm out of range), ContextFull (the message has the text's number, from 0), EngineStopped.
    [[nodiscard]] virtual Async<std::vector<std::vector<float>>> embed(ModelId model, std::vector<std::string> texts,
                                                                       Normalisation normalisation) = 0;
    /// How well each document answers the query, in the order of the documents; more is better, the range is the
    /// model's. Errors: ModelNotFound, ModelUnsupported (no reranker), InvalidArgument (no document, or more than
    /// kMostRanked), ContextFull (query and document together are too long; the message has the document's number, from
    /// 0), EngineStopped.
    [[nodiscard]] virtual Async<std::vector<float>> rerank(ModelId model, std::string query,
                                                           std::vector<std::string> documents) = 0;

    // What a model remembers of a conversation, between its answers. Errors of all: ModelNotFound when it is not
    // loaded, ModelUnsupported (not a chat model), EngineStopped.

    /// How many tokens of the conversation, computed with these adapters, lie in the model's memory; 0: none.
    [[nodiscard]] virtual Async<int> findState(ModelId model, StateKey key) = 0;
    /// Hands the state to `sink`. Errors: also NotFound (it is not in memory), Cancelled (the sink wanted no more).
    [[nodiscard]] virtual Async<void> saveState(ModelId model, StateKey key, std::shared_ptr<StateSink> sink) = 0;
    /// Takes a state back: `tokens` and `bytes` as StateSink::begin() got them, with the same model, the same options
    /// and the same build of the engine. Answers how many tokens are in memory. Errors: also InvalidArgument (the model
    /// cannot read it), ContextFull, EngineBusy, and what `source` gave up with; nothing of it is in memory then.
    [[nodiscard]] virtual Async<int> restoreState(ModelId model, StateKey key, std::vector<std::int32_t> tokens,
                                                  std::uint64_t bytes, std::shared_ptr<StateSource> source) = 0;
    /// Empties it; answers how many tokens there were.
    [[nodiscard]] virtual Async<int> forgetState(ModelId model, ConversationId conversation) = 0;

Q_SIGNALS:
    /// 0-1 while a model is being loaded.
    void loadProgress(tramontane::ModelId model, double fraction);
    /// The worker of this model ended by itself. EngineStopped: it is being started again; workerReady follows when it
    /// can answer. Any other code: it is not started again, and the model counts as unloaded until the next load().
    void workerStopped(tramontane::ModelId model, const tramontane::Error &error);
    void workerReady(tramontane::ModelId model, const tramontane::LoadedModel &loaded);
};

/// Reads model files in a sandboxed process and reports the machine. Threading as InferenceProvider.
class ModelInspector {
public:
    virtual ~ModelInspector() = default;
    /// Errors: ModelNotFound, ModelNotGguf, ModelTruncated, ModelUnsupported, EngineUnavailable, EngineStopped.
    [[nodiscard]] virtual Async<ModelDescription> inspect(std::string path) = 0;
    /// What the model would take, against what is free now. Errors: as inspect(), ModelTooLarge (the message has the
    /// figures), InvalidArgument.
    [[nodiscard]] virtual Async<MemoryPlan> plan(std::string path, PlanRequest request) = 0;
    /// JSON with devices, CPU features, engine build and the sandbox layers that are active in a worker.
    [[nodiscard]] virtual Async<std::string> devices() = 0;
};

} // namespace tramontane
