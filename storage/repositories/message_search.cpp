// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/message_search.h"

#include "storage/repositories/storable_text.h"

namespace tramontane {

namespace {

constexpr int kTerms = 32;
constexpr int kDefaultLimit = 50;
constexpr std::string_view kSpaces = " \t\r\n\f\v";

struct Term {
    std::string_view text;
    bool prefix = false;
};

/// Takes the next term off the front of `rest`.
Term nextTerm(std::string_view &rest)
{
    if (rest.front() == '"') {
        rest.remove_prefix(1);
        const auto end = rest.find('"');
        const Term phrase{rest.substr(0, end)};
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        return phrase;
    }
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

Result<std::vector<SearchHit>> searchMessages(sqlite::Connection &connection, std::string_view query, int limit)
{
    const std::string expression = ftsExpression(query);
    std::vector<SearchHit> hits;
    if (expression.empty())
        return hits;
    auto select = connection.prepare(
        "SELECT m.conversation, m.id, c.title, snippet(message_fts, 0, char(2), char(3), '…', 24), m.created_ms "
        "FROM message_fts JOIN message m ON m.seq = message_fts.rowid JOIN conversation c ON c.id = m.conversation "
        "WHERE message_fts MATCH ?1 AND c.deleted_ms IS NULL ORDER BY message_fts.rank LIMIT ?2");
    if (!select)
        return select.error();
    select->bind(expression, limit > 0 ? limit : kDefaultLimit);
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return hits;
        hits.push_back({ConversationId(select->uuid(0)), MessageId(select->uuid(1)), std::string(select->text(2)),
                        std::string(select->text(3)), select->integer(4)});
    }
}

} // namespace tramontane
