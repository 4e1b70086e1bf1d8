// SPDX-License-Identifier: Apache-2.0
#include "app/services/reranking_service.h"

namespace tramontane {

RerankingService::RerankingService(OpenVault &vault, InferenceProvider &provider, ModelService &models,
                                   PolicySource &policy, const Clock &clock, QObject *parent)
    : QObject(parent), m_provider(provider), m_requests(this, vault, models, policy, clock)
{
}

Async<std::vector<float>> RerankingService::rerank(ModelId model, std::string query, std::vector<std::string> documents)
{
    using Scores = std::vector<float>;
    const auto refused = [](std::string why) {
        return ready<Scores>(Error{ErrorCode::InvalidArgument, "Nothing was run: " + std::move(why), {}});
    };
    if (query.empty())
        return refused("the query is empty.");
    if (documents.empty())
        return refused("there is no document to rank.");
    if (documents.size() > kMostRanked)
        return refused("at most " + std::to_string(kMostRanked) + " documents are ranked at a time.");
    return m_requests.run<Scores>(model, ModelKind::Reranker, {},
                                  [this, model, query = std::move(query), documents = std::move(documents)] {
                                      return m_provider.rerank(model, query, documents);
                                  });
}

} // namespace tramontane
