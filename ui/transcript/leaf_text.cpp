// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/leaf_text.h"

#include <QStringList>

#include <algorithm>

namespace tramontane::ui {
namespace {

constexpr QChar kBullet(0x2022);

bool isContent(LeafKind kind)
{
    return kind == LeafKind::Paragraph || kind == LeafKind::Heading;
}

QString fence(const QString &code)
{
    // A fence must be longer than any run of back-ticks inside it.
    qsizetype longest = 0;
    qsizetype run = 0;
    for (const QChar c : code) {
        run = c == u'`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return QString(std::max<qsizetype>(3, longest + 1), u'`');
}

QString codeSpan(const QString &text)
{
    const QString mark = text.contains(u'`') ? QStringLiteral("``") : QStringLiteral("`");
    const QString pad = text.startsWith(u'`') || text.endsWith(u'`') ? QStringLiteral(" ") : QString();
    return mark + pad + text + pad + mark;
}

QString escaped(const QString &text)
{
    static const QString kSpecial = QStringLiteral("\\`*_[]<>~|");
    QString result;
    result.reserve(text.size());
    for (const QChar c : text) {
        if (kSpecial.contains(c))
            result += u'\\';
        result += c;
    }
    return result;
}

QString styled(const QString &text, const Span &span)
{
    if (span.style & spanstyle::kLinkHost)
        return {};
    QString result = span.style & spanstyle::kCode ? codeSpan(text) : escaped(text);
    if (span.style & spanstyle::kStrike)
        result = QStringLiteral("~~%1~~").arg(result);
    if (span.style & spanstyle::kItalic)
        result = QStringLiteral("*%1*").arg(result);
    if (span.style & spanstyle::kBold)
        result = QStringLiteral("**%1**").arg(result);
    if (span.style & spanstyle::kImage)
        result = QStringLiteral("![%1](%2)").arg(result, span.target);
    else if (span.style & spanstyle::kLink)
        result = QStringLiteral("[%1](%2)").arg(result, span.target);
    return result;
}

QString inlineMarkdown(const Leaf &leaf, int from, int to)
{
    QString result;
    int at = from;
    for (const Span &span : leaf.spans) {
        const int start = std::max(span.from, from);
        const int stop = std::min(span.from + span.length, to);
        if (start >= stop)
            continue;
        result += escaped(leaf.text.mid(at, start - at));
        result += styled(leaf.text.mid(start, stop - start), span);
        at = stop;
    }
    result += escaped(leaf.text.mid(at, to - at));
    return result.replace(u'\n', QStringLiteral("\\\n"));
}

QString tableMarkdown(const Leaf &leaf)
{
    const TableShape &table = leaf.table;
    QStringList lines;
    for (int row = 0; row < table.rows; ++row) {
        QStringList cells;
        for (int column = 0; column < table.columns; ++column) {
            const auto cell = static_cast<std::size_t>(row) * table.columns + column;
            if (cell >= table.starts.size())
                break;
            const int end =
                cell + 1 < table.starts.size() ? table.starts[cell + 1] - 1 : static_cast<int>(leaf.text.size());
            cells << inlineMarkdown(leaf, table.starts[cell], end);
        }
        lines << QStringLiteral("| %1 |").arg(cells.join(QStringLiteral(" | ")));
        if (row > 0)
            continue;
        QStringList rules;
        for (const Qt::Alignment align : table.alignments)
            rules << (align == Qt::AlignRight     ? QStringLiteral("--:")
                      : align == Qt::AlignHCenter ? QStringLiteral(":-:")
                      : align == Qt::AlignLeft    ? QStringLiteral(":--")
                                                  : QStringLiteral("---"));
        lines << QStringLiteral("| %1 |").arg(rules.join(QStringLiteral(" | ")));
    }
    return lines.join(u'\n');
}

// The prefix of the first line, and that of the lines below it.
std::pair<QString, QString> containerPrefixes(const Leaf &leaf)
{
    QString first;
    QString rest;
    for (qsizetype i = 0; i < leaf.path.size(); ++i) {
        if (leaf.path.at(i) == 'q') {
            first += QStringLiteral("> ");
            rest += QStringLiteral("> ");
            continue;
        }
        const bool innermost = leaf.path.indexOf('l', i + 1) < 0;
        const bool marked = innermost && leaf.marker.kind != ListMarker::Kind::None;
        QString mark = QStringLiteral("- ");
        if (leaf.marker.kind == ListMarker::Kind::Number)
            mark = QStringLiteral("%1. ").arg(leaf.marker.number);
        else if (leaf.marker.kind == ListMarker::Kind::Task)
            mark = QStringLiteral("- [ ] ");
        else if (leaf.marker.kind == ListMarker::Kind::TaskDone)
            mark = QStringLiteral("- [x] ");
        // Four blanks lie inside an item of either kind, "- " or "10. ".
        first += marked ? mark : QStringLiteral("    ");
        rest += QStringLiteral("    ");
    }
    return {first, rest};
}

} // namespace

Leaf sliceLeaf(const Leaf &leaf, int from, int to)
{
    if (from <= 0 && to >= leaf.text.size())
        return leaf;
    Leaf part = leaf;
    part.text = leaf.text.mid(from, to - from);
    part.spans.clear();
    for (const Span &span : leaf.spans) {
        const int start = std::max(span.from, from);
        const int stop = std::min(span.from + span.length, to);
        if (start < stop)
            part.spans.push_back({start - from, stop - start, span.style, span.target});
    }
    if (from > 0) {
        part.marker = {};
        part.path.clear();
    }
    if (leaf.kind == LeafKind::Table) {
        part.kind = LeafKind::Plain; // half a table is a piece of text
        part.table = {};
    }
    return part;
}

QString separatorBefore(const Leaf *previous, const Leaf &leaf)
{
    if (!previous || leaf.joins)
        return {};
    const bool items = previous->tight && leaf.tight && isContent(previous->kind) && isContent(leaf.kind);
    return items ? QStringLiteral("\n") : QStringLiteral("\n\n");
}

QString markerText(const ListMarker &marker)
{
    switch (marker.kind) {
    case ListMarker::Kind::None: return {};
    case ListMarker::Kind::Bullet: return QString(kBullet);
    case ListMarker::Kind::Number: return QStringLiteral("%1.").arg(marker.number);
    case ListMarker::Kind::Task: return QStringLiteral("\u2610");
    case ListMarker::Kind::TaskDone: return QStringLiteral("\u2611");
    }
    return {};
}

QString plainPrefix(const Leaf &leaf)
{
    if (leaf.joins)
        return {};
    const qsizetype lists = leaf.path.count('l');
    QString prefix(lists > 1 ? 2 * (lists - 1) : 0, u' ');
    if (leaf.marker.kind != ListMarker::Kind::None)
        prefix += markerText(leaf.marker) + u' ';
    else if (lists > 0)
        prefix += QStringLiteral("  ");
    return prefix;
}

QString markdownOf(const Leaf &leaf)
{
    QString body;
    switch (leaf.kind) {
    case LeafKind::Heading:
        body =
            QString(std::max(1, leaf.level), u'#') + u' ' + inlineMarkdown(leaf, 0, static_cast<int>(leaf.text.size()));
        break;
    case LeafKind::Paragraph: body = inlineMarkdown(leaf, 0, static_cast<int>(leaf.text.size())); break;
    case LeafKind::Code: {
        const QString mark = fence(leaf.text);
        body = mark + leaf.info + u'\n' + leaf.text + u'\n' + mark;
        break;
    }
    case LeafKind::Table: body = tableMarkdown(leaf); break;
    case LeafKind::Rule: body = QStringLiteral("---"); break;
    default: body = leaf.text; break;
    }
    const auto [first, rest] = containerPrefixes(leaf);
    return first + body.replace(u'\n', u'\n' + rest);
}

QString joinPlain(const std::vector<Leaf> &leaves)
{
    QString text;
    const Leaf *previous = nullptr;
    for (const Leaf &leaf : leaves) {
        text += separatorBefore(previous, leaf) + plainPrefix(leaf) + leaf.text;
        previous = &leaf;
    }
    return text;
}

std::vector<int> plainStarts(const std::vector<Leaf> &leaves)
{
    std::vector<int> starts;
    qsizetype at = 0;
    const Leaf *previous = nullptr;
    for (const Leaf &leaf : leaves) {
        at += separatorBefore(previous, leaf).size() + plainPrefix(leaf).size();
        starts.push_back(static_cast<int>(at));
        at += leaf.text.size();
        previous = &leaf;
    }
    return starts;
}

QString joinMarkdown(const std::vector<Leaf> &leaves)
{
    QString text;
    const Leaf *previous = nullptr;
    for (const Leaf &leaf : leaves) {
        text += separatorBefore(previous, leaf) + markdownOf(leaf);
        previous = &leaf;
    }
    return text;
}

} // namespace tramontane::ui
