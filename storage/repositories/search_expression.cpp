// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/search_expression.h"

#include "storage/repositories/storable_text.h"

namespace tramontane {

namespace {

constexpr int kTerms = 32;
constexpr std::string_view kSpaces = " \t\r\n\f\v";

struct Term {
    std::string_view text;
    bool prefix = false;
};

Term nextPhrase(std::string_view &rest)
{
    rest.remove_prefix(1);
    const auto end = rest.find('"');
    Term phrase{rest.substr(0, end)};
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    phrase.prefix = rest.starts_with('*');
    if (phrase.prefix)
        rest.remove_prefix(1);
    return phrase;
}

/// Takes the next term off the front of `rest`.
Term nextTerm(std::string_view &rest)
{
    if (rest.front() == '"')
        return nextPhrase(rest);
    const auto end = std::min(rest.find_first_of(kSpaces), rest.find('"'));
    std::string_view word = rest.substr(0, end);
    rest.remove_prefix(word.size());
    const bool prefix = word.size() > 1 && word.back() == '*';
    if (prefix)
        word.remove_suffix(1);
    return {word, prefix};
}

bool hasNoWord(const std::string &text)
{
    return text.find_first_not_of(" \t\r\n\f\v!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") == std::string::npos;
}

} // namespace

std::string ftsExpression(std::string_view query)
{
    const std::string clean = storableText(query);
    std::string_view rest = clean;
    std::string expression;
    for (int terms = 0; terms < kTerms;) {
        const auto start = rest.find_first_not_of(kSpaces);
        if (start == std::string_view::npos)
            break;
        rest.remove_prefix(start);
        const Term term = nextTerm(rest);
        const std::string text(term.text);
        if (hasNoWord(text)) // an empty phrase would make the whole expression match nothing
            continue;
        expression += (expression.empty() ? "\"" : " \"") + text + (term.prefix ? "\" *" : "\"");
        ++terms;
    }
    return expression;
}

} // namespace tramontane
