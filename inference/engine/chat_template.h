// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "inference/engine/llama_handles.h"
#include "inference/engine/reasoning_splitter.h"
#include "inference/protocol/messages.h"

#include <memory>
#include <string>
#include <vector>

namespace tramontane::engine {

/// A piece of a rendered prompt and where it came from. Only text of the template may hold control words.
struct PromptPart {
    bool fromTemplate = false;
    std::string text;
    bool operator==(const PromptPart &) const = default;
};

/// A model's own chat template (Jinja, run by llama.cpp's common), rendered so that the mark of each piece is kept
/// (common/jinja/README.md, "Input Marking"): `common` itself flattens the marks. One thread at a time.
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

    /// The conversation with the beginning of the answer; neighbours have different origins. Text of the turns is never
    /// `fromTemplate` unless the template took it apart. Errors: InvalidArgument when the template refuses this order
    /// of turns, or there is none. `continueLast`: the last turn is the model's and has not ended; its text follows the
    /// beginning of the answer as it is.
    [[nodiscard]] Result<std::vector<PromptPart>> render(const std::vector<protocol::Turn> &turns,
                                                         bool continueLast = false) const;

    [[nodiscard]] const ReasoningMarks &reasoning() const noexcept { return m_reasoning; }
    /// Strings beyond the end-of-answer tokens that end an answer of this model.
    [[nodiscard]] const std::vector<std::string> &stops() const noexcept { return m_stops; }
    /// Tags that must appear in the text although they are control words.
    [[nodiscard]] const std::vector<std::string> &preserved() const noexcept { return m_preserved; }
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
