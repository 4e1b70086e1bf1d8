// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/inference_provider.h"
#include "app/core/clock.h"
#include "inference/client/worker_settings.h"
#include "inference/protocol/messages.h"

#include <map>

namespace tramontane {

class LocalModel;

/// InferenceProvider for models on this machine: one `tramontane-engine --serve` process per loaded model.
///
/// A worker that ends by itself is started again at once with the same options. What it was working on fails with
/// EngineStopped; what it had not seen yet is answered by the next one. When it ends three times within a minute it is
/// not started again: workerStopped() then carries EngineUnavailable (or the reason why it could not load), and the
/// model counts as unloaded. load() of a loaded model with other options replaces the worker: running answers fail
/// with Cancelled. Destroying the provider kills the workers without waiting.
class LocalInferenceProvider final : public InferenceProvider {
    Q_OBJECT
public:
    /// `clock` outlives the provider. Nothing is started yet.
    LocalInferenceProvider(WorkerSettings settings, const Clock &clock, QObject *parent = nullptr);
    ~LocalInferenceProvider() override;

    [[nodiscard]] Capabilities capabilities() const override;
    [[nodiscard]] Async<LoadedModel> load(const ModelRef &model, const LoadOptions &options) override;
    void unload(ModelId model) override;
    [[nodiscard]] Async<void> halt() override;
    [[nodiscard]] Async<PromptSize> measure(ModelId model, std::vector<ChatTurn> turns, AnswerShape shape) override;
    [[nodiscard]] std::unique_ptr<Generation> generate(ModelId model, GenerationRequest request) override;
    /// Sent in groups, one after the other, so that answers and other texts get their turn in between.
    [[nodiscard]] Async<std::vector<std::vector<float>>> embed(ModelId model, std::vector<std::string> texts,
                                                               Normalisation normalisation) override;
    /// As embed().
    [[nodiscard]] Async<std::vector<float>> rerank(ModelId model, std::string query,
                                                   std::vector<std::string> documents) override;

    [[nodiscard]] Async<int> findState(ModelId model, StateKey key) override;
    [[nodiscard]] Async<void> saveState(ModelId model, StateKey key, std::shared_ptr<StateSink> sink) override;
    [[nodiscard]] Async<int> restoreState(ModelId model, StateKey key, std::vector<std::int32_t> tokens,
                                          std::uint64_t bytes, std::shared_ptr<StateSource> source) override;
    [[nodiscard]] Async<int> forgetState(ModelId model, ConversationId conversation) override;

    /// The process that serves the model, for `doctor` and tests; 0 when none runs.
    [[nodiscard]] qint64 workerProcessId(ModelId model) const;

private:
    [[nodiscard]] LocalModel *wanted(ModelId model) const;
    LocalModel *entry(ModelId model);
    [[nodiscard]] Async<int> askState(ModelId model, protocol::Payload question);

    WorkerSettings m_settings;
    const Clock &m_clock;
    std::map<ModelId, LocalModel *> m_models; // children
};

} // namespace tramontane
