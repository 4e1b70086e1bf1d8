// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/prompt/control_words.h"

#include <llama.h>

#include <optional>
#include <string>
#include <string_view>

namespace tramontane::engine {

/// Puts a query and a document together for a reranker, as llama-server does it (tools/server/server-common.cpp,
/// format_prompt_rerank): with the model's own template "rerank" where it has one, else as BOS query EOS SEP document
/// EOS, of which a vocabulary may lack some. Unlike there, control words in query and document stay text, and a query
/// that says "{document}" is not filled in. Any thread.
class RerankPrompt {
public:
    /// `model` must outlive the object.
    explicit RerankPrompt(const llama_model *model);

    [[nodiscard]] TokenIds make(std::string_view query, std::string_view document) const;

private:
    [[nodiscard]] TokenIds fromTemplate(std::string_view query, std::string_view document) const;

    const llama_vocab *m_vocab;
    std::string m_template; // empty: none
    std::optional<ControlWords> m_words;
};

} // namespace tramontane::engine
