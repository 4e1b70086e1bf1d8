// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "inference/engine/image/image_keys.h"
#include "inference/engine/image/projector.h"
#include "inference/engine/model/adapters.h"
#include "inference/engine/model/context_shape.h"
#include "inference/engine/model/draft_model.h"
#include "inference/engine/model/llama_handles.h"
#include "inference/engine/model/model_file.h"
#include "inference/engine/prompt/chat_template.h"
#include "inference/engine/prompt/prompt_tokens.h"
#include "inference/engine/prompt/rerank_prompt.h"
#include "inference/protocol/messages.h"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

namespace tramontane::engine {

/// A model in memory with everything that a request needs: context, threads, template, tokenizer. One thread owns it.
class LoadedEngine {
public:
    /// Gets 0-1; false ends the loading.
    using Progress = std::function<bool(double)>;

    /// Checks the file (size, SHA-256 where expected), loads it and makes a context. Errors: ModelNotFound,
    /// ModelNotGguf, ModelTruncated, ModelUnsupported (also: no chat template, another kind of model), ModelChanged, ModelLoadFailed (memory;
    /// what llama.cpp said is left to the log), InvalidArgument (options out of range), Cancelled, IoFailed,
    /// EngineUnavailable; for adapters and draft model those of Adapters::load and DraftModel::load.
    [[nodiscard]] static Result<std::unique_ptr<LoadedEngine>> load(const protocol::Load &request,
                                                                    const Progress &progress);

    [[nodiscard]] const LoadedModel &info() const noexcept { return m_info; }
    [[nodiscard]] ModelKind kind() const noexcept { return m_kind; }
    [[nodiscard]] llama_model *model() const noexcept { return m_model.get(); }
    [[nodiscard]] llama_context *context() const noexcept { return m_context.get(); }
    [[nodiscard]] const llama_vocab *vocab() const noexcept { return llama_model_get_vocab(m_model.get()); }
    /// The context for a text of so many tokens that goes through the model as a whole.
    [[nodiscard]] llama_context *contextFor(std::size_t tokens) const noexcept;
    /// Null for all but chat models.
    [[nodiscard]] const ChatTemplate *chat() const noexcept { return m_chat ? &*m_chat : nullptr; }
    [[nodiscard]] const PromptTokens *prompts() const noexcept { return m_prompts ? &*m_prompts : nullptr; }
    /// Null for all but rerankers.
    [[nodiscard]] const RerankPrompt *rerankPrompt() const noexcept { return m_rerank ? &*m_rerank : nullptr; }

    /// Whether tokens are guessed and then checked: asked for, and the memory of this model can take back a guess.
    [[nodiscard]] bool guesses() const noexcept { return m_guesses; }
    /// Those that answers may use.
    [[nodiscard]] const Adapters &adapters() const noexcept { return m_adapters; }
    /// Null: there is none.
    [[nodiscard]] DraftModel *draft() const noexcept { return m_draft.get(); }
    /// Null: the model sees no images.
    [[nodiscard]] Projector *projector() const noexcept { return m_projector.get(); }
    [[nodiscard]] const ImageKeys &imageKeys() const noexcept { return m_imageKeys; }
    /// Whether a computation can be aborted in the middle: only where everything is computed by the CPU.
    [[nodiscard]] bool canAbort() const noexcept { return m_info.layersOnDevice == 0; }
    /// While set, llama.cpp asks this flag between two pieces of work and gives up when it is true. Null: never.
    void watch(const std::atomic<bool> *cancelled);

private:
    explicit LoadedEngine(ModelFile file) : m_file(std::move(file)) {}
    Status loadModel(const protocol::Load &request, const Progress &progress);
    Status makeContext(const LoadOptions &options);
    Status makeShortContext(const ContextShape &shape);
    Status preparePrompts();
    Status loadAdapters(const LoadOptions &options);
    Status loadDraft(const LoadOptions &options);
    Status loadProjector(const LoadOptions &options);
    void startThreads(int threads);

    ModelFile m_file; // stays open: parts of a mapped model may be read later
    ModelKind m_kind = ModelKind::Chat;
    LoadedModel m_info;
    bool m_guesses = false;
    ModelHandle m_model;
    Adapters m_adapters;
    ThreadpoolHandle m_threads; // outlives the context that uses it
    ContextHandle m_context;
    ContextHandle m_shortContext; // for short texts; null: m_context takes all
    std::unique_ptr<DraftModel> m_draft;
    std::unique_ptr<Projector> m_projector;
    ImageKeys m_imageKeys;
    std::optional<ChatTemplate> m_chat;
    std::optional<PromptTokens> m_prompts;
    std::optional<RerankPrompt> m_rerank;
    std::atomic<const std::atomic<bool> *> m_watched{nullptr};
};

} // namespace tramontane::engine
