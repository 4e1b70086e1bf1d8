// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/services/recorded_request.h"

#include <QObject>

namespace tramontane {

/// Ranks documents by how well they answer a query, with a reranking model. Like a question, it runs only after its
/// attempt is recorded. Calls: the owning thread; nothing blocks.
class RerankingService : public QObject {
    Q_OBJECT
public:
    RerankingService(OpenVault &vault, InferenceProvider &provider, ModelService &models, PolicySource &policy,
                     const Clock &clock, QObject *parent = nullptr);

    /// The score of each document, in the order of the documents; more is better. Errors: InvalidArgument (no query, no
    /// document, too many), those of RecordedRequests::run and InferenceProvider::rerank.
    [[nodiscard]] Async<std::vector<float>> rerank(ModelId model, std::string query,
                                                   std::vector<std::string> documents);

private:
    InferenceProvider &m_provider;
    RecordedRequests m_requests;
};

} // namespace tramontane
