// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/pooled_text.h"

#include "inference/engine/schedule/batch_builder.h"

#include <algorithm>
#include <cmath>
#include <exception>

namespace tramontane::engine {

namespace {

Error noNumbers(const char *detail)
{
    return {ErrorCode::Internal, "The model could not read a text.", detail};
}

} // namespace

Result<std::span<const float>> pooled(LoadedEngine &engine, std::span<const llama_token> tokens)
{
    if (tokens.empty())
        return noNumbers("no tokens");
    llama_context *context = engine.contextFor(tokens.size());
    try {
        BatchBuilder batch(tokens.size());
        batch.add(0, 0, tokens, tokens.size());
        if (auto *memory = llama_get_memory(context))
            llama_memory_clear(memory, true);
        if (llama_decode(context, batch.batch()) != 0)
            return noNumbers("llama_decode");
    } catch (const std::exception &) {
        return noNumbers("exception in the engine");
    }
    const float *numbers = llama_get_embeddings_seq(context, 0);
    if (numbers == nullptr)
        return noNumbers("no embedding");
    const bool scores = engine.kind() == ModelKind::Reranker;
    const std::span found(numbers, scores ? 1U : static_cast<std::size_t>(llama_model_n_embd_out(engine.model())));
    if (!std::all_of(found.begin(), found.end(), [](float value) { return std::isfinite(value); }))
        return noNumbers("values that are no numbers; the model may be damaged");
    return found;
}

std::size_t mostTokens(const LoadedEngine &engine)
{
    return llama_n_ubatch(engine.context());
}

} // namespace tramontane::engine
