// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/model/draft_model.h"

#include "inference/engine/model/model_errors.h"
#include "inference/engine/schedule/batch_builder.h"

#include <speculative.h>

#include <algorithm>
#include <exception>
#include <span>

namespace tramontane::engine {

namespace {

constexpr float kSureEnough = 0.5F; // a token that the small model itself doubts is not worth checking

llama_context_params contextLike(const llama_context *target, bool flashAttention)
{
    llama_context_params parameters = llama_context_default_params();
    parameters.n_ctx = llama_n_ctx(target);
    parameters.n_batch = llama_n_batch(target);
    parameters.n_ubatch = llama_n_ubatch(target);
    parameters.n_seq_max = llama_n_seq_max(target);
    parameters.n_outputs_max = parameters.n_seq_max;
    parameters.kv_unified = true;
    parameters.flash_attn_type = flashAttention ? LLAMA_FLASH_ATTN_TYPE_ENABLED : LLAMA_FLASH_ATTN_TYPE_DISABLED;
    parameters.n_threads = llama_n_threads(const_cast<llama_context *>(target));
    parameters.n_threads_batch = parameters.n_threads;
    parameters.no_perf = true;
    return parameters;
}

Status checkHash(const ModelFile &file, const std::string &expected)
{
    if (expected.empty())
        return {};
    const auto found = file.sha256([](double) { return true; });
    if (!found)
        return found.error();
    if (*found != expected)
        return modelChanged("the draft model has another SHA-256");
    return {};
}

} // namespace

void DraftModel::Deleter::operator()(common_speculative *speculative) const noexcept
{
    common_speculative_free(speculative);
}

DraftModel::~DraftModel() = default;

Result<std::unique_ptr<DraftModel>> DraftModel::load(const std::string &path, const std::string &sha256,
                                                     llama_context *target, ggml_threadpool *threads,
                                                     bool flashAttention)
{
    auto file = ModelFile::open(path);
    if (!file)
        return file.error();
    if (const auto checked = checkHash(*file, sha256); !checked)
        return checked.error();
    if (const auto description = file->describe(); !description)
        return description.error();
    std::unique_ptr<DraftModel> draft(new DraftModel(std::move(*file)));
    llama_model_params parameters = llama_model_default_params();
    parameters.load_mode = LLAMA_LOAD_MODE_MMAP;
    draft->m_model = draft->m_file.load(parameters);
    if (!draft->m_model)
        return modelLoadFailed("llama.cpp refused the draft model's file");
    draft->m_context.reset(llama_init_from_model(draft->m_model.get(), contextLike(target, flashAttention)));
    if (!draft->m_context)
        return modelLoadFailed("no context for the draft model; is there enough memory?");
    if (threads != nullptr)
        llama_attach_threadpool(draft->m_context.get(), threads, nullptr);
    common_params_speculative speculative;
    speculative.types = {COMMON_SPECULATIVE_TYPE_DRAFT_SIMPLE};
    speculative.draft.n_max = static_cast<std::int32_t>(kMost);
    speculative.draft.p_min = kSureEnough;
    speculative.draft.backend_sampling = false;
    speculative.draft.ctx_tgt = target;
    speculative.draft.ctx_dft = draft->m_context.get();
    try {
        draft->m_speculative.reset(common_speculative_init(speculative, llama_n_seq_max(target)));
    } catch (const std::exception &) {
        draft->m_speculative.reset();
    }
    if (!draft->m_speculative)
        return modelUnsupported("the draft model has another vocabulary");
    draft->m_seen.resize(llama_n_seq_max(target));
    return draft;
}

TokenIds DraftModel::guess(llama_seq_id sequence, const TokenIds &tokens, std::size_t most)
{
    if (most == 0 || !follow(sequence, tokens))
        return {};
    TokenIds guess;
    auto &parameters = common_speculative_get_draft_params(m_speculative.get(), sequence);
    parameters.drafting = true;
    parameters.n_max = static_cast<std::int32_t>(std::min(most, kMost));
    parameters.pos0 = static_cast<llama_pos>(tokens.size() - 1);
    parameters.id_last = tokens.back();
    parameters.prompt = &tokens;
    parameters.result = &guess;
    try {
        common_speculative_draft(m_speculative.get());
    } catch (const std::exception &) {
        guess.clear();
    }
    parameters = {};
    // What it has read of its own guess is taken back, so that it holds what was really said.
    llama_memory_seq_rm(llama_get_memory(m_context.get()), sequence, static_cast<llama_pos>(tokens.size() - 1), -1);
    return guess;
}

/// Brings the small model to where it has read all but the last token.
bool DraftModel::follow(llama_seq_id sequence, const TokenIds &tokens)
{
    TokenIds &seen = m_seen[static_cast<std::size_t>(sequence)];
    const auto shorter = static_cast<std::ptrdiff_t>(std::min(seen.size(), tokens.size() - 1));
    const auto same = std::mismatch(seen.begin(), seen.begin() + shorter, tokens.begin()).first - seen.begin();
    if (!llama_memory_seq_rm(llama_get_memory(m_context.get()), sequence, static_cast<llama_pos>(same), -1)) {
        forgetAll();
        return false;
    }
    seen.resize(static_cast<std::size_t>(same));
    const std::size_t open = tokens.size() - 1 - seen.size();
    const auto piece = std::span(tokens).subspan(seen.size(), std::min(open, kPiece));
    if (!piece.empty() && !read(sequence, piece)) {
        forgetAll();
        return false;
    }
    return open <= kPiece;
}

bool DraftModel::read(llama_seq_id sequence, std::span<const llama_token> tokens)
{
    TokenIds &seen = m_seen[static_cast<std::size_t>(sequence)];
    const std::size_t step = llama_n_batch(m_context.get());
    while (!tokens.empty()) {
        const auto now = tokens.first(std::min(step, tokens.size()));
        BatchBuilder batch(now.size());
        batch.add(sequence, seen.size(), now, 0);
        if (llama_decode(m_context.get(), batch.batch()) != 0)
            return false;
        seen.insert(seen.end(), now.begin(), now.end());
        tokens = tokens.subspan(now.size());
    }
    return true;
}

/// Its memory is full or cannot be cut: it is only a help, and begins anew.
void DraftModel::forgetAll()
{
    llama_memory_clear(llama_get_memory(m_context.get()), false);
    for (TokenIds &seen : m_seen)
        seen.clear();
}

} // namespace tramontane::engine
