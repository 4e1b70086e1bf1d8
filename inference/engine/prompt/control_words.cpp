// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/prompt/control_words.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>

namespace tramontane::engine {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kMark = "\xEF\xB7\x90";        // U+FDD0
constexpr std::string_view kMarkEscaped = "\\ufdd0";      // as some templates write JSON
constexpr std::string_view kReplacement = "\xEF\xBF\xBD"; // U+FFFD
constexpr std::string_view kSpacePiece = "\xE2\x96\x81";  // U+2581, SentencePiece's space
constexpr std::string_view kWhite = " \t\n\v\f\r";

std::string lowered(std::string_view text)
{
    std::string low(text);
    std::transform(low.begin(), low.end(), low.begin(), [](unsigned char c) { return std::tolower(c); });
    return low;
}

void replaceAll(std::string &text, std::string_view what, std::string_view with)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

std::size_t sizeOfCharacter(std::string_view text)
{
    std::size_t size = 1;
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
        ++size;
    return size;
}

/// "<|start|>", and as DeepSeek writes them.
bool looksLikeControl(std::string_view text)
{
    return (text.starts_with("<|") && text.ends_with("|>"))
           || (text.starts_with("<\xEF\xBD\x9C") && text.ends_with(">"));
}

bool isEscaped(std::string_view text, std::size_t at)
{
    std::size_t slashes = 0;
    while (slashes < at && text[at - 1 - slashes] == '\\')
        ++slashes;
    return slashes % 2 == 1;
}

/// Shields what stands between quotes. `json` is valid and has no \u escapes, in which a control word could hide.
std::string shieldLiterals(const ControlWords &words, std::string_view json)
{
    std::string out;
    for (std::size_t at = 0; at < json.size();) {
        const std::size_t open = json.find('"', at);
        out += json.substr(at, open - at);
        if (open == std::string_view::npos)
            break;
        std::size_t close = json.find('"', open + 1);
        while (isEscaped(json, close))
            close = json.find('"', close + 1);
        out += '"' + words.shield(json.substr(open + 1, close - open - 1)) + '"';
        at = close + 1;
    }
    return out;
}

void shieldStrings(const ControlWords &words, Json &value)
{
    if (value.is_string()) {
        value = words.shield(value.get_ref<const std::string &>());
    } else if (value.is_array()) {
        for (Json &item : value)
            shieldStrings(words, item);
    } else if (value.is_object()) {
        Json shielded = Json::object();
        for (auto &[key, item] : value.items()) {
            shieldStrings(words, item);
            shielded[words.shield(key)] = item;
        }
        value = std::move(shielded);
    }
}

} // namespace

bool isControl(const llama_vocab *vocab, llama_token token)
{
    return (llama_vocab_get_attr(vocab, token) & (LLAMA_TOKEN_ATTR_CONTROL | LLAMA_TOKEN_ATTR_UNKNOWN)) != 0;
}

TokenIds tokenizeText(const llama_vocab *vocab, std::string_view text, bool special)
{
    const auto length = static_cast<std::int32_t>(text.size());
    TokenIds tokens(text.size() + 8);
    auto count = llama_tokenize(vocab, text.data(), length, tokens.data(), static_cast<std::int32_t>(tokens.size()),
                                false, special);
    if (count < 0) {
        tokens.resize(static_cast<std::size_t>(-count));
        count = llama_tokenize(vocab, text.data(), length, tokens.data(), -count, false, special);
    }
    tokens.resize(static_cast<std::size_t>(std::max(count, 0)));
    return tokens;
}

std::string unshielded(std::string_view text)
{
    std::string bare(text);
    replaceAll(bare, kMark, "");
    for (auto at = bare.find(kMarkEscaped); at != std::string::npos; at = bare.find(kMarkEscaped, at)) {
        if (isEscaped(bare, at))
            at += kMarkEscaped.size();
        else
            bare.erase(at, kMarkEscaped.size());
    }
    return bare;
}

ControlWords::ControlWords(const llama_vocab *vocab, std::string_view source) : m_vocab(vocab)
{
    for (llama_token token = 0; token < llama_vocab_n_tokens(vocab); ++token) {
        const std::string text = llama_vocab_get_text(vocab, token);
        const bool userDefined = (llama_vocab_get_attr(vocab, token) & LLAMA_TOKEN_ATTR_USER_DEFINED) != 0;
        const bool said = userDefined && text.find_first_not_of(kWhite) != std::string::npos
                          && (looksLikeControl(text) || source.find(text) != std::string_view::npos);
        if (!text.empty() && (isControl(vocab, token) || said))
            add(token, text);
    }
    learnPieces();
    for (auto &words : m_byFirst)
        std::stable_sort(words.begin(), words.end(),
                         [](const Word &a, const Word &b) { return a.text.size() > b.text.size(); });
}

void ControlWords::add(llama_token token, const std::string &text)
{
    const auto attributes = llama_vocab_get_attr(m_vocab, token);
    const auto first = static_cast<unsigned char>(text.front());
    m_tokens.insert(token);
    m_words.push_back(text);
    m_lowWords.push_back(lowered(text));
    m_byFirst[first].push_back({text, token, (attributes & LLAMA_TOKEN_ATTR_LSTRIP) != 0,
                                (attributes & LLAMA_TOKEN_ATTR_RSTRIP) != 0,
                                (attributes & LLAMA_TOKEN_ATTR_USER_DEFINED) != 0});
    m_longest = std::max(m_longest, text.size());
    if (std::ispunct(first) != 0)
        m_marksAlways[first] = true;
    else
        m_letterWords.push_back(lowered(text));
}

/// Short texts only: could this be the middle of a control word whose ends the template says?
bool ControlWords::isPartOfWord(std::string_view text) const
{
    return text.size() < m_longest && std::any_of(m_lowWords.begin(), m_lowWords.end(), [=](const std::string &word) {
               return word.size() > text.size() && word.find(text) != std::string::npos;
           });
}

bool ControlWords::maySpliceBefore(std::string_view text) const
{
    return std::any_of(m_lowWords.begin(), m_lowWords.end(), [=](const std::string &word) {
        for (std::size_t from = 1; from < word.size(); ++from) {
            if (text.starts_with(std::string_view(word).substr(from)))
                return true;
        }
        return false;
    });
}

bool ControlWords::maySpliceAfter(std::string_view text) const
{
    return std::any_of(m_lowWords.begin(), m_lowWords.end(), [=](const std::string &word) {
        for (std::size_t size = 1; size < word.size(); ++size) {
            if (text.ends_with(std::string_view(word).substr(0, size)))
                return true;
        }
        return false;
    });
}

std::size_t ControlWords::lengthOfLetterWord(std::string_view text) const
{
    const auto first = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
    for (const std::string &word : m_letterWords) {
        if (word.front() == first && lowered(text.substr(0, word.size())) == word)
            return word.size();
    }
    return 0;
}

std::string ControlWords::shield(std::string_view given) const
{
    std::string text(given);
    replaceAll(text, kMark, kReplacement);
    replaceAll(text, kImageMark, kReplacement);
    if (text.empty())
        return text;
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    const std::string low = lowered(text); // templates change the case of letters
    if (maySpliceBefore(low) || isPartOfWord(low))
        out += kMark;
    const std::string_view view = text;
    for (std::size_t at = 0; at < view.size();) {
        const auto first = static_cast<unsigned char>(view[at]);
        const std::size_t size = sizeOfCharacter(view.substr(at));
        out += view.substr(at, size);
        if (m_marksAlways[first] || (!m_letterWords.empty() && lengthOfLetterWord(view.substr(at)) > 0))
            out += kMark;
        at += size;
    }
    if (!out.ends_with(kMark) && maySpliceAfter(low))
        out += kMark;
    return out;
}

std::string ControlWords::shieldJson(const std::string &json) const
{
    Json value = Json::parse(json);
    if (json.find("\\u") == std::string::npos && !m_marksAlways['\\'] && !m_marksAlways['"'])
        return shieldLiterals(*this, json);
    shieldStrings(*this, value);
    return value.dump();
}

const ControlWords::Word *ControlWords::wordAt(std::string_view text, std::size_t at) const
{
    for (const Word &word : m_byFirst[static_cast<unsigned char>(text[at])]) {
        if (text.substr(at).starts_with(word.text))
            return &word;
    }
    return nullptr;
}

void ControlWords::learnPieces()
{
    const TokenIds tokens = tokenizeText(m_vocab, "a", false);
    if (tokens.empty() || !std::string_view(llama_vocab_get_text(m_vocab, tokens.front())).starts_with(kSpacePiece))
        return;
    for (llama_token token = 0; token < llama_vocab_n_tokens(m_vocab); ++token)
        m_pieces.emplace(llama_vocab_get_text(m_vocab, token), token);
}

/// SentencePiece puts a space before each text that it is given. In the middle of a text it is taken off again.
void ControlWords::dropSpacePrefix(TokenIds &tokens) const
{
    const std::string first = m_pieces.empty() || tokens.empty() ? "" : llama_vocab_get_text(m_vocab, tokens.front());
    if (!first.starts_with(kSpacePiece))
        return;
    const std::string rest = first.substr(kSpacePiece.size());
    tokens.erase(tokens.begin());
    if (const auto whole = m_pieces.find(rest); !rest.empty() && whole != m_pieces.end()) {
        tokens.insert(tokens.begin(), whole->second);
        return;
    }
    TokenIds bytes;
    for (const unsigned char byte : rest) {
        constexpr const char *kDigits = "0123456789ABCDEF";
        const std::string name = std::string("<0x") + kDigits[byte >> 4] + kDigits[byte & 0xF] + ">";
        if (const auto found = m_pieces.find(name); found != m_pieces.end())
            bytes.push_back(found->second);
    }
    tokens.insert(tokens.begin(), bytes.begin(), bytes.end());
}

/// Text as a whole; only where it holds a user-defined word, which llama_tokenize would find, it is cut in the word.
TokenIds ControlWords::textTokens(std::string_view shielded) const
{
    const std::string bare = unshielded(shielded);
    TokenIds tokens;
    std::size_t begin = 0;
    const auto addUpTo = [&](std::size_t end) {
        if (end == begin)
            return;
        TokenIds more = tokenizeText(m_vocab, std::string_view(bare).substr(begin, end - begin), false);
        if (begin > 0)
            dropSpacePrefix(more);
        tokens.insert(tokens.end(), more.begin(), more.end());
        begin = end;
    };
    for (std::size_t at = 0; at < bare.size(); ++at) {
        const Word *word = wordAt(bare, at);
        if (word != nullptr && word->userDefined)
            addUpTo(at + sizeOfCharacter(std::string_view(bare).substr(at)));
    }
    addUpTo(bare.size());
    return tokens;
}

TokenIds ControlWords::tokenize(std::string_view shielded) const
{
    TokenIds tokens;
    const auto addText = [&](std::string_view text) {
        const TokenIds more = textTokens(text);
        tokens.insert(tokens.end(), more.begin(), more.end());
    };
    std::size_t begin = 0;
    for (std::size_t at = 0; at < shielded.size();) {
        const Word *word = wordAt(shielded, at);
        if (word == nullptr) {
            ++at;
            continue;
        }
        std::string_view before = shielded.substr(begin, at - begin);
        if (word->stripsLeft)
            before = before.substr(0, before.find_last_not_of(kWhite) + 1);
        addText(before);
        tokens.push_back(word->token);
        at += word->text.size();
        if (word->stripsRight)
            at = std::min(shielded.find_first_not_of(kWhite, at), shielded.size());
        begin = at;
    }
    addText(shielded.substr(begin));
    return tokens;
}

} // namespace tramontane::engine
