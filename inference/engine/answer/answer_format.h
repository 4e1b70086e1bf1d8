// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/prompt/chat_template.h"
#include "inference/engine/prompt/prompt_input.h"

#include <memory>
#include <string>
#include <vector>

struct common_chat_params;
struct common_params_sampling;

namespace tramontane::engine {

/// The form of an answer that may hold tool calls or must follow a JSON schema: the grammar that keeps the model to it and
/// the parser that takes it apart, both made by llama.cpp's common for the model's own template. Nothing here runs a
/// tool. Any thread, one at a time.
class AnswerFormat {
public:
    /// Errors: GrammarInvalid: a schema that is no JSON, over 64 KiB or 64 levels, beyond what can be made a grammar, or
    /// whose grammar is over 256 KiB; InvalidArgument: as checkPrompt() and ChatTemplate::render().
    [[nodiscard]] static Result<AnswerFormat> make(const ChatTemplate &chat, const PromptInput &prompt);
    ~AnswerFormat();
    AnswerFormat(AnswerFormat &&) noexcept;
    AnswerFormat &operator=(AnswerFormat &&) noexcept;

    /// Puts grammar and triggers into the parameters of a sampler for this vocabulary.
    void constrain(common_params_sampling &sampling, const llama_vocab *vocab) const;
    [[nodiscard]] bool hasGrammar() const;
    [[nodiscard]] const std::string &grammar() const;
    [[nodiscard]] const std::vector<std::string> &stops() const;
    /// Control words that must appear in the text, because the parser looks for them.
    [[nodiscard]] const std::vector<std::string> &preserved() const;

    struct Parts; // what common says, for AnswerParser
    [[nodiscard]] const Parts &parts() const { return *m_parts; }

private:
    explicit AnswerFormat(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

/// Whether a JSON schema can be made a grammar. Errors: GrammarInvalid.
[[nodiscard]] Status checkJsonSchema(const std::string &schema);

} // namespace tramontane::engine
