// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/highlight.h"

#include <QHash>
#include <QSet>
#include <QStringList>

#include <array>

namespace tramontane::ui {
namespace {

// What the scanner needs to know of a family of languages.
struct Family {
    QSet<QString> keywords;
    QStringList lineComments;
    QString blockOpen;
    QString blockClose;
    bool ignoresCase = false;
    bool tripleQuotes = false;
    QString quotes = QStringLiteral("\"'");
};

QSet<QString> words(const char *list)
{
    const QStringList parts = QString::fromLatin1(list).split(u' ', Qt::SkipEmptyParts);
    return {parts.begin(), parts.end()};
}

constexpr const char *kCWords =
    "alignas auto bool break case catch char class const constexpr continue default delete do double else enum "
    "explicit export extern false final float for friend goto if import inline int long namespace new noexcept "
    "nullptr operator override private protected public return short signed sizeof static struct switch template "
    "this throw true try typedef typename union unsigned using virtual void volatile while abstract async await "
    "extends finally fn func function implements in instanceof interface let match mod mut null package pub range "
    "self super trait type typeof undefined use var where yield chan defer go impl int32 int64 string boolean";
constexpr const char *kPythonWords =
    "False None True and as assert async await break class continue def del elif else except finally for from "
    "global if import in is lambda nonlocal not or pass raise return try while with yield match case self";
constexpr const char *kSqlWords =
    "add all alter and any as asc begin between by case check column commit constraint create cross default delete "
    "desc distinct drop else end exists false foreign from full group having if in index inner insert into is join "
    "key left like limit not null offset on or order outer over partition primary references returning right "
    "rollback select set table then true union unique update using values view when where with recursive";
constexpr const char *kShellWords =
    "if then else elif fi for while do done case esac function in return local export readonly set unset exit echo "
    "cd source trap shift";

const Family &family(const QString &language)
{
    static const Family kC{words(kCWords), {QStringLiteral("//")}, QStringLiteral("/*"), QStringLiteral("*/"), false,
                           false,          QStringLiteral("\"'`")};
    static const Family kPython{words(kPythonWords), {QStringLiteral("#")}, {}, {}, false, true, QStringLiteral("\"'")};
    static const Family kSql{
        words(kSqlWords),     {QStringLiteral("--")}, QStringLiteral("/*"), QStringLiteral("*/"), true, false,
        QStringLiteral("\"'")};
    static const Family kShell{words(kShellWords), {QStringLiteral("#")}, {}, {}, false, false, QStringLiteral("\"'")};
    static const Family kData{words("true false null yes no"),
                              {QStringLiteral("#"), QStringLiteral("//")},
                              {},
                              {},
                              false,
                              false,
                              QStringLiteral("\"'")};
    static const Family kPlain{{}, {}, {}, {}, false, false, QStringLiteral("\"")};
    static const QHash<QString, const Family *> kByName = [] {
        QHash<QString, const Family *> table;
        const auto add = [&table](const char *names, const Family &value) {
            for (const QString &name : words(names))
                table.insert(name, &value);
        };
        add("c cc cpp c++ cxx h hpp objc java javascript js jsx typescript ts tsx csharp cs c# go rust rs swift kotlin "
            "kt scala php dart cuda zig",
            kC);
        add("python py python3 ruby rb gdscript", kPython);
        add("sql postgres postgresql mysql sqlite plsql tsql", kSql);
        add("sh bash zsh shell fish make makefile cmake dockerfile powershell", kShell);
        add("json jsonc yaml yml toml ini conf cfg properties", kData);
        return table;
    }();
    return *kByName.value(language.toLower(), &kPlain);
}

class Scanner {
public:
    Scanner(const QString &code, const Family &family) : m_code(code), m_family(family) {}

    std::vector<CodeSpan> scan()
    {
        while (m_at < m_code.size()) {
            if (!comment() && !string() && !number() && !word())
                ++m_at;
        }
        return std::move(m_spans);
    }

private:
    void add(qsizetype from, qsizetype to, CodeToken token)
    {
        m_spans.push_back({static_cast<int>(from), static_cast<int>(to - from), token});
        m_at = to;
    }

    [[nodiscard]] bool startsWith(const QString &text) const
    {
        return !text.isEmpty() && QStringView(m_code).mid(m_at).startsWith(text);
    }

    bool comment()
    {
        for (const QString &mark : m_family.lineComments) {
            if (!startsWith(mark) || (mark == QLatin1StringView("#") && m_at > 0 && !m_code.at(m_at - 1).isSpace()))
                continue;
            const qsizetype end = m_code.indexOf(u'\n', m_at);
            add(m_at, end < 0 ? m_code.size() : end, CodeToken::Comment);
            return true;
        }
        if (!startsWith(m_family.blockOpen))
            return false;
        const qsizetype end = m_code.indexOf(m_family.blockClose, m_at + m_family.blockOpen.size());
        add(m_at, end < 0 ? m_code.size() : end + m_family.blockClose.size(), CodeToken::Comment);
        return true;
    }

    bool string()
    {
        const QChar quote = m_code.at(m_at);
        if (!m_family.quotes.contains(quote))
            return false;
        // An apostrophe inside a word is none.
        if (quote == u'\'' && m_at > 0 && m_code.at(m_at - 1).isLetterOrNumber())
            return false;
        const QString triple(3, quote);
        if (m_family.tripleQuotes && startsWith(triple)) {
            const qsizetype end = m_code.indexOf(triple, m_at + 3);
            add(m_at, end < 0 ? m_code.size() : end + 3, CodeToken::String);
            return true;
        }
        qsizetype end = m_at + 1;
        while (end < m_code.size() && m_code.at(end) != quote && (m_code.at(end) != u'\n' || quote == u'`'))
            end += m_code.at(end) == u'\\' ? 2 : 1;
        add(m_at, std::min(end + 1, m_code.size()), CodeToken::String);
        return true;
    }

    bool number()
    {
        if (!m_code.at(m_at).isDigit())
            return false;
        qsizetype end = m_at;
        while (end < m_code.size()
               && (m_code.at(end).isLetterOrNumber() || m_code.at(end) == u'.' || m_code.at(end) == u'_'))
            ++end;
        add(m_at, end, CodeToken::Number);
        return true;
    }

    bool word()
    {
        const QChar first = m_code.at(m_at);
        if (!first.isLetter() && first != u'_')
            return false;
        qsizetype end = m_at;
        while (end < m_code.size() && (m_code.at(end).isLetterOrNumber() || m_code.at(end) == u'_'))
            ++end;
        const QString name = m_code.mid(m_at, end - m_at);
        const bool called = end < m_code.size() && m_code.at(end) == u'(';
        if (m_family.keywords.contains(m_family.ignoresCase ? name.toLower() : name))
            add(m_at, end, CodeToken::Keyword);
        else if (called && !m_family.keywords.isEmpty())
            add(m_at, end, CodeToken::Function);
        m_at = end;
        return true;
    }

    const QString &m_code;
    const Family &m_family;
    qsizetype m_at = 0;
    std::vector<CodeSpan> m_spans;
};

} // namespace

std::vector<CodeSpan> highlightCode(const QString &code, const QString &language)
{
    return Scanner(code, family(language)).scan();
}

} // namespace tramontane::ui
