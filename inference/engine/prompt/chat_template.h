// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "inference/engine/answer/reasoning_splitter.h"
#include "inference/engine/model/llama_handles.h"
#include "inference/engine/prompt/prompt_input.h"

#include <memory>
#include <string>
#include <vector>

struct common_chat_params;

namespace tramontane::engine {

/// A model's own chat template (Jinja, run by llama.cpp's common). One thread at a time.
class ChatTemplate {
public:
    /// Errors: ModelUnsupported when the model has no template or one that cannot be parsed.
    [[nodiscard]] static Result<ChatTemplate> ofModel(const llama_model *model);
    /// For tests: a template without a model.
    [[nodiscard]] static Result<ChatTemplate> ofSource(const std::string &source, const std::string &bos,
                                                       const std::string &eos);
    ~ChatTemplate();
    ChatTemplate(ChatTemplate &&) noexcept;
    ChatTemplate &operator=(ChatTemplate &&) noexcept;

    /// The conversation with the beginning of the answer, as common_chat_templates_apply renders it; without the tokens
    /// that the tokenizer adds itself. Errors: InvalidArgument when the template refuses this conversation or
    /// there is none.
    [[nodiscard]] Result<std::string> render(const PromptInput &prompt) const;
    /// What common knows of the answer, too: its grammar and its parser. Takes some milliseconds. Errors as render().
    [[nodiscard]] Result<common_chat_params> apply(const PromptInput &prompt) const;

    [[nodiscard]] const ReasoningMarks &reasoning() const noexcept { return m_reasoning; }
    /// Strings beyond the end-of-answer tokens that end an answer of this model.
    [[nodiscard]] const std::vector<std::string> &stops() const noexcept { return m_stops; }
    /// Tags that must appear in the text although they are control words.
    [[nodiscard]] const std::vector<std::string> &preserved() const noexcept { return m_preserved; }
    [[nodiscard]] const std::string &source() const;
    [[nodiscard]] const std::string &bos() const;
    [[nodiscard]] const std::string &eos() const;
    /// Lower-case hex SHA-256 of the template's source.
    [[nodiscard]] std::string sha256() const;

private:
    struct Parsed;
    explicit ChatTemplate(std::unique_ptr<Parsed> parsed);
    static Result<ChatTemplate> make(const llama_model *model, const std::string &source, const std::string &bos,
                                     const std::string &eos);
    void learnReasoning();

    std::unique_ptr<Parsed> m_parsed;
    ReasoningMarks m_reasoning;
    std::vector<std::string> m_stops;
    std::vector<std::string> m_preserved;
};

} // namespace tramontane::engine
