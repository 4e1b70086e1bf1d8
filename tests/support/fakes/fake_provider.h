// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/inference_provider.h"
#include "tests/support/fakes/script.h"

#include <QTimer>

#include <deque>
#include <map>
#include <optional>

namespace tramontane::test {

/// What one generation does: pieces of text, one per event-loop turn (or per `pauseMs`), then the end.
struct ScriptedAnswer {
    std::vector<std::string> pieces{"Hello", " world", "."};
    std::string reasoning; // given first, in one piece
    int pauseMs = 0;
    std::optional<Error> error; // after the pieces, instead of finishing
    MessageState state = MessageState::Complete;
    bool endless = false; // begins again with the first piece until cancelled
};

class FakeGeneration final : public Generation {
    Q_OBJECT
public:
    explicit FakeGeneration(ScriptedAnswer answer, std::uint32_t seed);
    void cancel() override { m_cancelled = true; }

private:
    void step();
    ScriptedAnswer m_answer;
    std::uint32_t m_seed;
    std::size_t m_next = 0;
    int m_given = 0;
    bool m_cancelled = false;
    QTimer m_timer;
};

/// A provider without an engine. Calls: "provider.load", "provider.unload", "provider.halt", "provider.measure", "provider.generate",
/// "provider.embed", "provider.rerank", "provider.findState", "provider.saveState", "provider.restoreState", "provider.forgetState". A prompt
/// has as many tokens as it has words.
class FakeProvider final : public InferenceProvider {
    Q_OBJECT
public:
    explicit FakeProvider(Script &script, QObject *parent = nullptr) : InferenceProvider(parent), m_script(script) {}
    [[nodiscard]] Capabilities capabilities() const override { return {true, true, true, true}; }
    [[nodiscard]] Async<LoadedModel> load(const ModelRef &model, const LoadOptions &options) override;
    void unload(ModelId model) override;
    [[nodiscard]] Async<void> halt() override;
    [[nodiscard]] Async<PromptSize> measure(ModelId model, std::vector<ChatTurn> turns, AnswerShape shape) override;
    [[nodiscard]] std::unique_ptr<Generation> generate(ModelId model, GenerationRequest request) override;
    [[nodiscard]] Async<std::vector<std::vector<float>>> embed(ModelId model, std::vector<std::string> texts,
                                                               Normalisation normalisation) override;
    /// The score of a document is its length.
    [[nodiscard]] Async<std::vector<float>> rerank(ModelId model, std::string query,
                                                   std::vector<std::string> documents) override;

    [[nodiscard]] Async<int> findState(ModelId model, StateKey key) override;
    [[nodiscard]] Async<void> saveState(ModelId model, StateKey key, std::shared_ptr<StateSink> sink) override;
    [[nodiscard]] Async<int> restoreState(ModelId model, StateKey key, std::vector<std::int32_t> tokens,
                                          std::uint64_t bytes, std::shared_ptr<StateSource> source) override;
    [[nodiscard]] Async<int> forgetState(ModelId model, ConversationId conversation) override;

    struct State {
        std::vector<std::int32_t> tokens;
        std::string bytes;
        std::vector<AdapterScale> adapters{}; // that it was computed with
        bool operator==(const State &) const = default;
    };
    std::map<ConversationId, State> states; // what lies in memory
    std::deque<ScriptedAnswer> answers;     // one is used per generation; the standard one when none is left
    std::vector<GenerationRequest> requests;
    std::vector<LoadOptions> loads;
    std::vector<Normalisation> normalisations; // of embed()
    int contextTokens = 2048;
    std::optional<ModelDescription> described; // what load() says of the file instead of the truth

private:
    void give(const std::shared_ptr<StateSink> &sink, std::string rest, const Deferred<void> &done);
    [[nodiscard]] bool holds(const StateKey &key) const;
    void take(const std::shared_ptr<StateSource> &source, State state, std::uint64_t bytes, ConversationId conversation,
              const Deferred<int> &done);

    Script &m_script;
};

/// Describes every path that ends in ".gguf", as an adapter where the name begins with "adapter"; a plan takes a GiB and a MiB a token. Calls: "inspect", "plan".
class FakeInspector final : public ModelInspector {
public:
    explicit FakeInspector(Script &script) : m_script(script) {}
    [[nodiscard]] Async<ModelDescription> inspect(std::string path) override;
    [[nodiscard]] Async<MemoryPlan> plan(std::string path, PlanRequest request) override;
    [[nodiscard]] Async<std::string> devices() override;

private:
    Script &m_script;
};

/// A catalogue entry as an import would have made it. `name` also decides the SHA-256.
[[nodiscard]] ModelRef catalogued(const std::string &name, ModelKind kind = ModelKind::Chat);

} // namespace tramontane::test
