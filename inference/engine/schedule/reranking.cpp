// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/reranking.h"

#include "inference/engine/schedule/pooled_text.h"

#include <utility>

namespace tramontane::engine {

RerankJob::RerankJob(LoadedEngine &engine, protocol::Rerank asked) : m_engine(engine), m_asked(std::move(asked)) {}

Status RerankJob::check() const
{
    if (m_engine.rerankPrompt() == nullptr)
        return otherKindOfModel(m_engine.kind(), ModelKind::Reranker);
    const std::size_t count = m_asked.documents.size();
    if (count == 0)
        return Error{ErrorCode::InvalidArgument, "There is no document to rank.", "no documents"};
    if (count > kMostRanked) {
        return Error{ErrorCode::InvalidArgument, "There are too many documents to rank at a time.",
                     std::to_string(count) + " documents"};
    }
    return {};
}

Error RerankJob::tooLong(std::size_t tokens, std::size_t most) const
{
    const std::string counts = ": " + std::to_string(tokens) + " of " + std::to_string(most) + " tokens";
    if (m_engine.rerankPrompt()->make(m_asked.query, {}).size() >= most) {
        return {ErrorCode::ContextFull,
                "The query alone is longer than the model's context. Shorten it, or load the model with a larger "
                "context.",
                "query" + counts};
    }
    const std::string number = std::to_string(static_cast<std::size_t>(m_asked.first) + m_next);
    return {ErrorCode::ContextFull,
            "Document " + number
                + " (counted from 0) and the query together are longer than the model's context. Cut the document into "
                  "smaller pieces.",
            "document " + number + counts};
}

Result<bool> RerankJob::step()
{
    if (const auto checked = check(); !checked)
        return checked.error();
    const TokenIds tokens = m_engine.rerankPrompt()->make(m_asked.query, m_asked.documents[m_next]);
    const std::size_t most = mostTokens(m_engine);
    if (tokens.size() > most)
        return tooLong(tokens.size(), most);
    const auto scores = pooled(m_engine, tokens);
    if (!scores)
        return scores.error();
    m_scores.push_back(static_cast<double>(scores->front()));
    return ++m_next == m_asked.documents.size();
}

TextJob::Answer RerankJob::take()
{
    return {protocol::Ranked{std::move(m_scores)}, {}};
}

} // namespace tramontane::engine
