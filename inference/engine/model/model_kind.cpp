// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/model/model_kind.h"

#include <string_view>

namespace tramontane::engine {

namespace {

/// Qwen3's rerankers answer "yes" or "no": two classes, and the first one's probability is the score.
std::uint32_t scoresOf(const llama_model *model)
{
    char architecture[64] = "";
    const auto length = llama_model_meta_val_str(model, "general.architecture", architecture, sizeof architecture);
    return length > 0 && std::string_view(architecture).starts_with("qwen3") ? 2 : 1;
}

} // namespace

Status checkKind(const protocol::Load &request, const ModelDescription &found)
{
    const bool ranks = found.kind == ModelKind::Reranker;
    if (ranks != (request.kind == ModelKind::Reranker))
        return otherKindOfModel(found.kind, request.kind);
    if (request.options.pooling != Pooling::Model && request.kind != ModelKind::Embedding) {
        return Error{ErrorCode::InvalidArgument, "Only an embedding model can be told how to pool.",
                     "pooling of a " + std::string(modelKindName(request.kind)) + " model"};
    }
    return {};
}

Status checkPooling(ModelKind kind, const llama_model *model, const llama_context *context)
{
    if (kind == ModelKind::Embedding && llama_pooling_type(context) == LLAMA_POOLING_TYPE_NONE) {
        return Error{ErrorCode::ModelUnsupported,
                     "The model's file does not say how to make one vector of a text. Choose a pooling: mean, cls or "
                     "last.",
                     "no pooling"};
    }
    const std::uint32_t scores = kind == ModelKind::Reranker ? llama_model_n_cls_out(model) : 1;
    if (scores != 1 && scores != scoresOf(model)) {
        return Error{ErrorCode::ModelUnsupported,
                     "This model sorts texts into classes. Choose a reranker, which gives a score.",
                     std::to_string(scores) + " classes"};
    }
    return {};
}

enum llama_pooling_type poolingType(ModelKind kind, Pooling pooling)
{
    if (kind == ModelKind::Reranker)
        return LLAMA_POOLING_TYPE_RANK;
    switch (pooling) {
    case Pooling::Mean: return LLAMA_POOLING_TYPE_MEAN;
    case Pooling::Cls: return LLAMA_POOLING_TYPE_CLS;
    case Pooling::Last: return LLAMA_POOLING_TYPE_LAST;
    case Pooling::Model: break;
    }
    return LLAMA_POOLING_TYPE_UNSPECIFIED;
}

std::string poolingOf(const llama_context *context)
{
    switch (llama_pooling_type(context)) {
    case LLAMA_POOLING_TYPE_MEAN: return "mean";
    case LLAMA_POOLING_TYPE_CLS: return "cls";
    case LLAMA_POOLING_TYPE_LAST: return "last";
    case LLAMA_POOLING_TYPE_RANK: return "rank";
    default: return {};
    }
}

} // namespace tramontane::engine
