// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/model/context_shape.h"

#include "inference/engine/device/gpu_device.h"
#include "inference/engine/model/cache_types.h"
#include "inference/engine/model/model_kind.h"
#include "inference/engine/schedule/guess_policy.h"
#include "inference/engine/schedule/sequence_table.h"

#include <common.h>

#include <algorithm>
#include <cstdint>

namespace tramontane::engine {

namespace {

constexpr int kDefaultContext = 8192; // when nobody asks: enough for long conversations, affordable in memory
constexpr int kMostContext = 1 << 24;
constexpr int kMostThreads = 512;
constexpr int kMostBatch = 1 << 16;
constexpr int kMostParallel = 64;
constexpr int kDefaultParallel = 4;
// Sequences beyond those of the answers keep the beginnings of conversations that wait. They cost nothing where all
// share one KV cache; a recurrent model has a state for each.
constexpr int kKeptConversations = 28;
constexpr int kTextsAtOnce = 1; // what a text gives must not depend, not in one bit, on what else was asked for

int sequencesFor(const llama_model *model, ModelKind kind, int parallel)
{
    if (kind != ModelKind::Chat)
        return kTextsAtOnce;
    return prefixReuse(model) == PrefixReuse::Any ? parallel + kKeptConversations : parallel + 1;
}

// What the matrix of scores may take, which a CPU needs without flash attention: tokens of the context x tokens of a
// physical batch x heads, in float32.
constexpr std::int64_t kMostScoreBytes = std::int64_t{256} << 20;
// A smaller physical batch makes the matrix smaller, and reading slower: at this size by a twentieth.
constexpr int kLeastUbatch = 128;

std::int64_t scoreBytes(const llama_model *model, const ContextShape &shape, int ubatchTokens)
{
    const std::int64_t heads = llama_model_n_head(model);
    return heads * shape.contextTokens * ubatchTokens * static_cast<std::int64_t>(sizeof(float));
}

/// On a CPU, ggml's flash attention works in tiles from 64 tokens on; fewer, as in every step that writes, it computes
/// one score at a time. Without it, writing is 1.6 times as fast after 1,000 tokens and 2.5 times after 4,000, for a
/// tenth of the speed of reading and writing the first few hundred (measured with SmolLM2-135M, tests/bench).
void decideFlashAttention(const llama_model *model, FlashAttention asked, ContextShape &shape)
{
    shape.flashAttention = asked != FlashAttention::Off;
    // Texts for vectors have a context of their own where they are short (LoadedEngine::contextFor).
    const bool writes = shape.kind == ModelKind::Chat;
    if (asked != FlashAttention::Auto || !writes || ggml_is_quantized(shape.typeV) || firstGpu() != nullptr)
        return;
    int ubatch = shape.ubatchTokens;
    while (ubatch > kLeastUbatch && scoreBytes(model, shape, ubatch) > kMostScoreBytes)
        ubatch = std::max(ubatch / 2, kLeastUbatch);
    if (scoreBytes(model, shape, ubatch) > kMostScoreBytes)
        return;
    shape.flashAttention = false;
    shape.ubatchTokens = ubatch;
}

} // namespace

Status checkOptions(const LoadOptions &options)
{
    const bool good = options.contextTokens >= 0 && options.contextTokens <= kMostContext && options.threads >= 0
                      && options.threads <= kMostThreads && options.batchTokens >= 0
                      && options.batchTokens <= kMostBatch && options.ubatchTokens >= 0
                      && options.ubatchTokens <= kMostBatch && options.parallel >= 0
                      && options.parallel <= kMostParallel;
    if (!good)
        return Error{ErrorCode::InvalidArgument, "The options for loading the model are out of range.", "load options"};
    const auto typeK = cacheType(options.kvTypeK);
    const auto typeV = cacheType(options.kvTypeV);
    if (!typeK || !typeV)
        return Error{ErrorCode::InvalidArgument, "There is no such type for the KV cache.", "KV types"};
    if (ggml_is_quantized(*typeV) && options.flashAttention == FlashAttention::Off) {
        return Error{ErrorCode::InvalidArgument,
                     "A quantised type for the values of the KV cache needs flash attention.", "KV types"};
    }
    return {};
}

ContextShape shapeFor(const llama_model *model, ModelKind kind, const LoadOptions &options)
{
    const LoadOptions ours;
    const int trained = llama_model_n_ctx_train(model);
    ContextShape shape;
    shape.kind = kind;
    shape.contextTokens = options.contextTokens > 0 ? options.contextTokens : std::min(trained, kDefaultContext);
    if (kind != ModelKind::Chat)
        shape.contextTokens = std::min(shape.contextTokens, trained);
    shape.threads = options.threads > 0 ? options.threads : std::max(1, common_cpu_get_num_math());
    // One token of every answer and some guesses must fit, whatever was asked for.
    shape.batchTokens = std::max(options.batchTokens > 0 ? options.batchTokens : ours.batchTokens,
                                 kMostParallel + static_cast<int>(kMostGuessed));
    shape.ubatchTokens = options.ubatchTokens > 0 ? options.ubatchTokens : ours.ubatchTokens;
    shape.parallel = options.parallel > 0 ? options.parallel : kDefaultParallel;
    shape.sequences = sequencesFor(model, kind, shape.parallel);
    shape.typeK = cacheType(options.kvTypeK).value_or(shape.typeK);
    shape.typeV = cacheType(options.kvTypeV).value_or(shape.typeV);
    decideFlashAttention(model, options.flashAttention, shape);
    shape.pooling = poolingType(kind, options.pooling);
    return shape;
}

llama_context_params contextParameters(const ContextShape &shape)
{
    const bool pools = shape.kind != ModelKind::Chat;
    llama_context_params context = llama_context_default_params();
    context.n_ctx = static_cast<std::uint32_t>(shape.contextTokens);
    // An encoder sees a text as a whole: it must fit into one piece of work.
    context.n_batch = static_cast<std::uint32_t>(pools ? shape.contextTokens : shape.batchTokens);
    context.n_ubatch = static_cast<std::uint32_t>(pools ? shape.contextTokens : shape.ubatchTokens);
    context.n_threads = shape.threads;
    context.n_threads_batch = shape.threads;
    context.flash_attn_type = shape.flashAttention ? LLAMA_FLASH_ATTN_TYPE_ENABLED : LLAMA_FLASH_ATTN_TYPE_DISABLED;
    context.embeddings = pools;
    context.pooling_type = shape.pooling;
    context.no_perf = true;
    context.type_k = shape.typeK;
    context.type_v = shape.typeV;
    // One cache for all: a conversation may fill it, and a beginning that two have in common lies there once. Apart,
    // each sequence would own an equal share of n_ctx (llama-context.cpp: n_ctx_seq = n_ctx / n_seq_max), and copying
    // a beginning would copy whole buffers.
    context.kv_unified = true;
    // Layers with a sliding window get cells for their windows, not for the whole context; where that is not enough to
    // go back, there are checkpoints.
    context.swa_full = false;
    context.n_seq_max = static_cast<std::uint32_t>(shape.sequences);
    // Tokens with logits in one batch: at least one per sequence (llama.cpp's own minimum), and those that are guessed;
    // else there would be room for the logits of a whole batch.
    if (!pools)
        context.n_outputs_max = static_cast<std::uint32_t>(shape.sequences) + static_cast<std::uint32_t>(kMostGuessed);
    return context;
}

} // namespace tramontane::engine
