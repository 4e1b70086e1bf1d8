// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/model/llama_handles.h"
#include "inference/engine/model/model_file.h"
#include "inference/engine/prompt/prompt_tokens.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct common_speculative;

namespace tramontane::engine {

/// A smaller model of the same vocabulary that guesses how an answer goes on (llama.cpp's common/speculative.h,
/// draft-simple). It follows by itself what the large model's sequences hold. The thread that owns the context.
class DraftModel {
public:
    /// A guess is at most so long: later tokens are seldom right.
    static constexpr std::size_t kMost = 8;

    /// `target` outlives the object; so does `threads`, where it is not null. `sha256`: what the file must have; empty:
    /// not checked. `flashAttention`: as the large model has it. Errors: as for a model file (ModelNotFound, ModelNotGguf, ModelTruncated, ModelChanged,
    /// ModelLoadFailed); ModelUnsupported when the vocabularies differ.
    [[nodiscard]] static Result<std::unique_ptr<DraftModel>> load(const std::string &path, const std::string &sha256,
                                                                  llama_context *target, ggml_threadpool *threads,
                                                                  bool flashAttention);
    ~DraftModel();
    DraftModel(const DraftModel &) = delete;
    DraftModel &operator=(const DraftModel &) = delete;

    /// At most `most` tokens that may follow `tokens` (not empty), in a sequence of this number. Reads what it has not
    /// seen, at most kPiece tokens a call; until it has seen all, and whenever anything fails, there is no guess.
    [[nodiscard]] TokenIds guess(llama_seq_id sequence, const TokenIds &tokens, std::size_t most);

private:
    static constexpr std::size_t kPiece = 128;

    explicit DraftModel(ModelFile file) : m_file(std::move(file)) {}
    [[nodiscard]] bool follow(llama_seq_id sequence, const TokenIds &tokens);
    [[nodiscard]] bool read(llama_seq_id sequence, std::span<const llama_token> tokens);
    void forgetAll();

    struct Deleter {
        void operator()(common_speculative *speculative) const noexcept;
    };

    ModelFile m_file; // stays open: parts of a mapped model may be read later
    ModelHandle m_model;
    ContextHandle m_context;
    std::unique_ptr<common_speculative, Deleter> m_speculative;
    std::vector<TokenIds> m_seen; // by sequence
};

} // namespace tramontane::engine
