// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <llama.h>

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tramontane::engine {

using TokenIds = std::vector<llama_token>;

/// What a rendered prompt has around the number of an image (prompt_input.h): U+FDD1.
inline constexpr std::string_view kImageMark = "\xEF\xB7\x91";

/// Whether a token steers the model and stands for no text.
[[nodiscard]] bool isControl(const llama_vocab *vocab, llama_token token);

/// `special`: control words become control tokens. Nothing is added at the beginning or the end.
[[nodiscard]] TokenIds tokenizeText(const llama_vocab *vocab, std::string_view text, bool special);

/// The control words of a vocabulary ("<|im_end|>", "[INST]"), and how text from outside is kept apart from them.
///
/// The marks that llama.cpp's template engine keeps for input are lost in many templates (`tojson`, `split`, string
/// building, and `common` flattens them). So the mark is put into the text itself: wherever a control word could begin,
/// a noncharacter (U+FDD0, which Unicode reserves for such use) is slipped in behind its first character. Whatever a
/// template then does with the text, no control word can come out of it; what the template says itself has no marks.
/// tokenize() takes the marks out again. Any thread.
class ControlWords {
public:
    /// `vocab` must outlive the object. `source`: of the chat template. Tokens that a vocabulary calls user-defined
    /// ("<think>", "<|start|>" of gpt-oss) count as control words when the template says them or they look like some.
    explicit ControlWords(const llama_vocab *vocab, std::string_view source = {});

    /// Text from outside with its marks. U+FDD0 and U+FDD1 in it become U+FFFD.
    [[nodiscard]] std::string shield(std::string_view text) const;
    /// The same for the strings in a JSON text, whose form stays as it is unless it holds \u escapes. Throws nlohmann's
    /// exception when it is none. `json` is bounded (json_bounds.h).
    [[nodiscard]] std::string shieldJson(const std::string &json) const;
    /// A rendered prompt as tokens: control words without a mark become control tokens, everything between two of them
    /// is text as it was before shield(), tokenised as a whole as llama_tokenize does it.
    [[nodiscard]] TokenIds tokenize(std::string_view shielded) const;
    [[nodiscard]] const std::vector<std::string> &words() const noexcept { return m_words; }
    /// Whether the token stands for one of the words.
    [[nodiscard]] bool contains(llama_token token) const { return m_tokens.contains(token); }

private:
    struct Word {
        std::string text;
        llama_token token = LLAMA_TOKEN_NULL;
        bool stripsLeft = false;
        bool stripsRight = false;
        bool userDefined = false; // llama_tokenize finds it in any text
    };
    void add(llama_token token, const std::string &text);
    void learnPieces();
    [[nodiscard]] TokenIds textTokens(std::string_view shielded) const;
    void dropSpacePrefix(TokenIds &tokens) const;
    [[nodiscard]] const Word *wordAt(std::string_view text, std::size_t at) const;
    [[nodiscard]] bool isPartOfWord(std::string_view text) const;
    [[nodiscard]] bool maySpliceBefore(std::string_view text) const;
    [[nodiscard]] bool maySpliceAfter(std::string_view text) const;
    [[nodiscard]] std::size_t lengthOfLetterWord(std::string_view text) const;

    const llama_vocab *m_vocab;
    std::set<llama_token> m_tokens;
    std::vector<std::string> m_words;
    std::vector<std::string> m_lowWords;          // the same in lower case
    std::array<std::vector<Word>, 256> m_byFirst; // by first byte, longest first
    std::array<bool, 256> m_marksAlways{};        // punctuation that begins a control word
    std::vector<std::string> m_letterWords;       // lower case; those that begin otherwise
    std::size_t m_longest = 0;
    std::unordered_map<std::string, llama_token> m_pieces; // only where the tokenizer puts a space before a text
};

/// Without the marks of shield(), also where a template wrote them as a JSON escape.
[[nodiscard]] std::string unshielded(std::string_view text);

} // namespace tramontane::engine
