// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/services/recorded_request.h"

#include <QObject>

namespace tramontane {

/// How vectors are made of texts.
struct EmbeddingOptions {
    Pooling pooling = Pooling::Model;
    Normalisation normalisation{};
};

/// Turns texts into vectors with an embedding model. Like a question, it runs only after its attempt is recorded.
/// Calls: the owning thread; nothing blocks.
class EmbeddingService : public QObject {
    Q_OBJECT
public:
    EmbeddingService(OpenVault &vault, InferenceProvider &provider, ModelService &models, PolicySource &policy,
                     const Clock &clock, QObject *parent = nullptr);

    /// One vector per text, in order. Another pooling than the model was loaded with loads it again. Errors:
    /// InvalidArgument (no text; no such norm), those of RecordedRequests::run and InferenceProvider::embed.
    [[nodiscard]] Async<std::vector<std::vector<float>>> embed(ModelId model, std::vector<std::string> texts,
                                                               EmbeddingOptions options = {});

private:
    InferenceProvider &m_provider;
    RecordedRequests m_requests;
};

} // namespace tramontane
