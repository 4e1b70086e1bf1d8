// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/prompt/mistral_layout.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>

namespace tramontane::engine {

namespace {

using enum MistralVersion;

/// By what the template says. Nothing: no template of this family.
std::optional<MistralVersion> claimedVersion(const std::string &source, bool controlWords)
{
    const auto says = [&](const char *word) { return source.find(word) != std::string::npos; };
    if (!says("[INST]") || !says("[/INST]"))
        return std::nullopt;
    if (!controlWords)
        return V1;
    if (says("[MODEL_SETTINGS]"))
        return V15;
    if (says("[CALL_ID]"))
        return V11;
    if (says("[ARGS]"))
        return V13;
    if (says("[SYSTEM_PROMPT]"))
        return V7;
    return says("[TOOL_RESULTS]") && !says("call_id") ? V2 : V3;
}

bool isControlWord(const llama_vocab *vocab, std::string_view word)
{
    const TokenIds tokens = tokenizeText(vocab, word, true);
    return tokens.size() == 1 && isControl(vocab, tokens.front());
}

std::string withoutWhite(std::string text, std::initializer_list<std::string> words)
{
    for (const std::string &word : words) {
        for (auto at = text.find(word); !word.empty() && at != std::string::npos; at = text.find(word, at))
            text.erase(at, word.size());
    }
    std::erase_if(text, [](unsigned char c) { return std::isspace(c) != 0; });
    return text;
}

std::string flat(const std::vector<LayoutPiece> &pieces)
{
    std::string text;
    for (const LayoutPiece &piece : pieces)
        text += piece.text;
    return text;
}

} // namespace

std::optional<MistralVersion> mistralVersionOf(const llama_vocab *vocab, const ChatTemplate &chat)
{
    const auto version = claimedVersion(chat.source(), isControlWord(vocab, "[INST]"));
    if (!version)
        return std::nullopt;
    const ToolDefinition tool{"probe", "", "{}"};
    const PromptInput everything{{{Role::System, "s"},
                                  {Role::User, "u"},
                                  {Role::Assistant, "", "r", {{"abcDEF123", "probe", "{}"}}},
                                  {Role::Tool, "t", "", {}, "abcDEF123", "probe"},
                                  {Role::Assistant, "a"},
                                  {Role::User, "v"}},
                                 {{tool}}};
    if (const auto pieces = mistralLayout(*version, everything)) {
        const bool known = std::all_of(pieces->begin(), pieces->end(), [=](const LayoutPiece &piece) {
            return piece.kind != LayoutPiece::Kind::Control || isControlWord(vocab, piece.text);
        });
        if (!known)
            return std::nullopt;
    }
    const PromptInput plain{
        {{Role::System, "Alpha."}, {Role::User, "Beta?"}, {Role::Assistant, "Gamma."}, {Role::User, "Delta?"}}};
    const auto laidOut = mistralLayout(*version, plain);
    const auto rendered = chat.render(plain);
    if (!laidOut || !rendered)
        return std::nullopt;
    const auto same = withoutWhite(flat(*laidOut), {}) == withoutWhite(*rendered, {chat.bos(), chat.eos()});
    return same ? version : std::nullopt;
}

} // namespace tramontane::engine
