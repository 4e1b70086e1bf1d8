// SPDX-License-Identifier: Apache-2.0
#include "app/services/embedding_service.h"

namespace tramontane {

EmbeddingService::EmbeddingService(OpenVault &vault, InferenceProvider &provider, ModelService &models,
                                   PolicySource &policy, const Clock &clock, QObject *parent)
    : QObject(parent), m_provider(provider), m_requests(this, vault, models, policy, clock)
{
}

Async<std::vector<std::vector<float>>> EmbeddingService::embed(ModelId model, std::vector<std::string> texts,
                                                               EmbeddingOptions options)
{
    using Vectors = std::vector<std::vector<float>>;
    if (texts.empty())
        return ready<Vectors>(Error{ErrorCode::InvalidArgument, "Nothing was run: there is no text.", {}});
    if (!isInRange(options.normalisation)) {
        return ready<Vectors>(
            Error{ErrorCode::InvalidArgument,
                  "Nothing was run: there is no such norm. p is 1 to " + std::to_string(kLargestNorm) + ".",
                  {}});
    }
    LoadOptions load;
    load.pooling = options.pooling;
    return m_requests.run<Vectors>(model, ModelKind::Embedding, load, [this, model, texts = std::move(texts), options] {
        return m_provider.embed(model, texts, options.normalisation);
    });
}

} // namespace tramontane
