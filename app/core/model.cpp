// SPDX-License-Identifier: Apache-2.0
#include "app/core/model.h"

#include "app/core/names.h"

#include <utility>

namespace tramontane {
namespace {

constexpr Names<ModelKind, 5> kKinds{{{ModelKind::Chat, "chat"},
                                      {ModelKind::Embedding, "embedding"},
                                      {ModelKind::Reranker, "reranker"},
                                      {ModelKind::Adapter, "adapter"},
                                      {ModelKind::Projector, "projector"}}};
constexpr Names<Pooling, 4> kPoolings{
    {{Pooling::Model, "model"}, {Pooling::Mean, "mean"}, {Pooling::Cls, "cls"}, {Pooling::Last, "last"}}};
constexpr Names<Normalisation::Method, 3> kMethods{{{Normalisation::Method::None, "none"},
                                                    {Normalisation::Method::MaxAbs, "maxAbs"},
                                                    {Normalisation::Method::PNorm, "pNorm"}}};

} // namespace

std::string_view modelKindName(ModelKind kind) noexcept
{
    return nameOf(kKinds, kind);
}

std::optional<ModelKind> modelKindFromName(std::string_view name) noexcept
{
    return valueOf(kKinds, name);
}

Error otherKindOfModel(ModelKind is, ModelKind wanted)
{
    std::string message = is == ModelKind::Chat        ? "This model holds conversations."
                          : is == ModelKind::Embedding ? "This model makes vectors of texts."
                          : is == ModelKind::Reranker  ? "This model ranks documents by a query."
                          : is == ModelKind::Projector ? "This is a projector, which only lets a model see."
                                                       : "This is an adapter, which only changes a model.";
    message += wanted == ModelKind::Chat        ? " Choose a chat model for conversations."
               : wanted == ModelKind::Embedding ? " Choose an embedding model."
                                                : " Choose a reranker.";
    return {ErrorCode::ModelUnsupported, std::move(message), std::string(modelKindName(is)) + " model"};
}

std::string_view poolingName(Pooling pooling) noexcept
{
    return nameOf(kPoolings, pooling);
}

std::optional<Pooling> poolingFromName(std::string_view name) noexcept
{
    return valueOf(kPoolings, name);
}

std::string_view normalisationMethodName(Normalisation::Method method) noexcept
{
    return nameOf(kMethods, method);
}

std::optional<Normalisation::Method> normalisationMethodFromName(std::string_view name) noexcept
{
    return valueOf(kMethods, name);
}

bool isInRange(const Normalisation &normalisation) noexcept
{
    return normalisation.method != Normalisation::Method::PNorm
           || (normalisation.p >= 1 && normalisation.p <= kLargestNorm);
}

} // namespace tramontane
