// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/leaf_text.h"
#include "ui/transcript/markdown.h"
#include "ui/transcript/stream_source.h"

#include <QTest>

using namespace tramontane::ui;

class TestMarkdown : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void blocks_data();
    void blocks();
    void spans();
    void linksShowTheirHost();
    void imagesAreWords();
    void rawHtmlStaysText();
    void tableKeepsItsShape();
    void markdownComesBack_data();
    void markdownComesBack();
    void partOfALeaf();
    void longTextIsCutIntoPieces();
    void settled_data();
    void settled();
    void growingNeverShowsRawMarks();
    void cutTextReadsTheSame();
    void hostile_data();
    void hostile();
    void invalidUtf8();
};

namespace {

// "P" paragraph, "H2" heading, "C:sql" code, "T3x2" table, "-" rule; containers and markers in front: "l• P".
QString shape(const Leaf &leaf)
{
    QString text = QString::fromLatin1(leaf.path);
    if (leaf.marker.kind != ListMarker::Kind::None)
        text += markerText(leaf.marker);
    if (!text.isEmpty())
        text += u' ';
    switch (leaf.kind) {
    case LeafKind::Paragraph: return text + u'P';
    case LeafKind::Heading: return text + u'H' + QString::number(leaf.level);
    case LeafKind::Code: return text + QStringLiteral("C:") + leaf.info;
    case LeafKind::Table: return text + QStringLiteral("T%1x%2").arg(leaf.table.columns).arg(leaf.table.rows);
    case LeafKind::Rule: return text + u'-';
    case LeafKind::Notice: return text + u'N';
    case LeafKind::Plain: return text + QStringLiteral("plain");
    default: return text + u'?';
    }
}

QStringList shapes(const std::string &markdown, bool streaming = false)
{
    QStringList result;
    for (const Leaf &leaf : parseMarkdown(markdown, streaming).leaves)
        result << shape(leaf);
    return result;
}

Leaf only(const std::string &markdown)
{
    const std::vector<Leaf> leaves = parseMarkdown(markdown).leaves;
    return leaves.size() == 1 ? leaves.front() : Leaf{};
}

} // namespace

void TestMarkdown::blocks_data()
{
    QTest::addColumn<QString>("markdown");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *name, const char *markdown, const QStringList &expected) {
        QTest::newRow(name) << QString::fromUtf8(markdown) << expected;
    };
    row("nothing", "", {});
    row("paragraphs", "one\n\ntwo", {"P", "P"});
    row("headings", "# A\n\n### B", {"H1", "H3"});
    row("code", "a\n\n```sql\nSELECT 1;\n```\n", {"P", "C:sql"});
    row("open fence", "```py\nx = 1", {"C:py"});
    row("rule", "a\n\n---\n\nb", {"P", "-", "P"});
    row("list", "- a\n- b", {QStringLiteral("l• P"), QStringLiteral("l• P")});
    row("numbers", "3. a\n4. b", {"l3. P", "l4. P"});
    row("nested", "1. a\n   - b\n2. c", {"l1. P", QStringLiteral("ll• P"), "l2. P"});
    row("second paragraph of an item", "- a\n\n  b", {QStringLiteral("l• P"), "l P"});
    row("list in a list at once", "- - a", {QStringLiteral("l• P"), QStringLiteral("ll• P")});
    row("empty item", "- \n- b", {QStringLiteral("l• P"), QStringLiteral("l• P")});
    row("tasks", "- [ ] a\n- [x] b", {QStringLiteral("l☐ P"), QStringLiteral("l☑ P")});
    row("quote", "> a\n>\n> - b", {"q P", QStringLiteral("ql• P")});
    row("code in a list", "- a\n\n  ```\n  x\n  ```", {QStringLiteral("l• P"), "l C:"});
    row("table", "|a|b|\n|-|-|\n|1|2|", {"T2x2"});
    row("one dash is enough", "|a|b|\n|:-|-:|\n|1|2|", {"T2x2"});
    row("no table in code", "```\n|a|\n|-|\n```", {"C:"});
    row("table without body", "|a|b|\n|-|-|", {"T2x1"});
}

void TestMarkdown::blocks()
{
    QFETCH(QString, markdown);
    QFETCH(QStringList, expected);
    QCOMPARE(shapes(markdown.toStdString()), expected);
}

void TestMarkdown::spans()
{
    const Leaf leaf = only("a **b *c*** `d` ~~e~~ &amp; &#228;");
    QCOMPARE(leaf.text, QStringLiteral("a b c d e & ä"));
    const std::vector<Span> expected{{2, 2, spanstyle::kBold, {}},
                                     {4, 1, spanstyle::kBold | spanstyle::kItalic, {}},
                                     {6, 1, spanstyle::kCode, {}},
                                     {8, 1, spanstyle::kStrike, {}}};
    QVERIFY(leaf.spans == expected);
    QCOMPARE(only("a  \nb").text, QStringLiteral("a\nb"));
    QCOMPARE(only("a\nb").text, QStringLiteral("a b"));
}

void TestMarkdown::linksShowTheirHost()
{
    const Leaf leaf = only("see [the guide](https://example.org/a?b) now");
    QCOMPARE(leaf.text, QStringLiteral("see the guide (example.org) now"));
    QCOMPARE(leaf.spans.size(), 2u);
    QCOMPARE(leaf.spans[0].target, QStringLiteral("https://example.org/a?b"));
    // A text that names another host than its target cannot hide it.
    QVERIFY(only("[https://bank.example](https://evil.example)").text.contains(QLatin1StringView("(evil.example)")));
    QCOMPARE(only("<https://example.org/x>").text, QStringLiteral("https://example.org/x"));
}

void TestMarkdown::imagesAreWords()
{
    const Leaf leaf = only("![the chart](http://example.org/chart.png)");
    QCOMPARE(leaf.text, QStringLiteral("the chart"));
    QCOMPARE(leaf.spans.at(0).style, spanstyle::kImage);
    QVERIFY(!only("![](x.png)").text.isEmpty());
}

void TestMarkdown::rawHtmlStaysText()
{
    QCOMPARE(only("a <b>c</b> <script>x</script>").text, QStringLiteral("a <b>c</b> <script>x</script>"));
    QVERIFY(only("<img src=x onerror=y>").text.contains(QLatin1StringView("<img src=x")));
}

void TestMarkdown::tableKeepsItsShape()
{
    const Leaf leaf = only("|Entity|Q2|\n|:--|--:|\n|Trier **a**|131.0|\n|Namur|144.7|\n");
    QCOMPARE(leaf.text, QStringLiteral("Entity\tQ2\nTrier a\t131.0\nNamur\t144.7"));
    QCOMPARE(leaf.table.starts, (std::vector<int>{0, 7, 10, 18, 24, 30}));
    QCOMPARE(leaf.table.alignments.at(0), Qt::Alignment(Qt::AlignLeft));
    QCOMPARE(leaf.table.alignments.at(1), Qt::Alignment(Qt::AlignRight));
}

void TestMarkdown::markdownComesBack_data()
{
    QTest::addColumn<QString>("markdown");
    for (const char *text : {"# Title\n\na *b* **c** `d` ~~e~~", "1. a\n2. b\n   - c\n   - d\n3. e", "> a\n>\n> b",
                             "```cpp\nint main() {}\n```", "````\n```\n````", "|a|b|\n|:-:|--:|\n|**x**|1|\n|y|2|",
                             "- [ ] a\n- [x] b", "a [b](https://example.org/c) d", "2 \\* 3 \\_x\\_ \\[y\\]", "a  \nb",
                             "- a\n\n  b\n\n  ```\n  c\n  ```\n\n- d"})
        QTest::newRow(text) << QString::fromUtf8(text);
}

// What is copied as Markdown reads as the same blocks again.
void TestMarkdown::markdownComesBack()
{
    QFETCH(QString, markdown);
    const std::vector<Leaf> leaves = parseMarkdown(markdown.toStdString()).leaves;
    const QString copied = joinMarkdown(leaves);
    const std::vector<Leaf> again = parseMarkdown(copied.toStdString()).leaves;
    QCOMPARE(again.size(), leaves.size());
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        QCOMPARE(shape(again[i]), shape(leaves[i]));
        QCOMPARE(again[i].text, leaves[i].text);
        QVERIFY2(again[i].spans == leaves[i].spans, qPrintable(copied));
    }
}

void TestMarkdown::partOfALeaf()
{
    const Leaf leaf = only("ab **cd** ef");
    const Leaf part = sliceLeaf(leaf, 4, 8);
    QCOMPARE(part.text, QStringLiteral("d ef"));
    QVERIFY(part.spans == (std::vector<Span>{{0, 1, spanstyle::kBold, {}}}));
    QCOMPARE(markdownOf(part), QStringLiteral("**d** ef"));
}

void TestMarkdown::longTextIsCutIntoPieces()
{
    std::string text;
    for (int i = 0; i < 5000; ++i)
        text += "word ";
    text += "**bold** end";
    const std::vector<Leaf> leaves = parseMarkdown(text).leaves;
    QVERIFY(leaves.size() > 5);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        QVERIFY(leaves[i].text.size() <= limits::kLeafText);
        QCOMPARE(leaves[i].joins, i > 0);
    }
    QCOMPARE(joinPlain(leaves).size(), 25000 + 8);
    QCOMPARE(leaves.back().spans.size(), 1u);
}

void TestMarkdown::settled_data()
{
    QTest::addColumn<QString>("growing");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *growing, const char *shown) {
        QTest::newRow(growing) << QString::fromUtf8(growing) << QString::fromUtf8(shown);
    };
    row("plain text", "plain text");
    row("a **bo", "a **bo**");
    row("a **", "a");
    row("a `co", "a `co`");
    row("a `co` b", "a `co` b");
    row("see [the gui", "see [the gui");
    row("see [the guide](https://exa", "see ");
    row("![chart](ch", "");
    row("text\n\n| a | b |", "text\n\n");
    row("text\n\n| a | b |\n|--", "text\n\n");
    row("text\n\n| a | b |\n|--|--|\n| 1", "text\n\n| a | b |\n|--|--|\n| 1");
    row("text\n-", "text");
    row("text\n\n##", "text\n\n");
    row("text\n\n1.", "text\n\n");
    row("```py\nx = **2", "```py\nx = **2");
    row("```\nx\n```\na **b", "```\nx\n```\na **b**");
    row("\\*\\*a", "\\*\\*a");
}

void TestMarkdown::settled()
{
    QFETCH(QString, growing);
    QFETCH(QString, shown);
    const QString result = QString::fromStdString(settledSource(growing.toStdString()));
    QCOMPARE(result.trimmed(), shown.trimmed());
}

// At no point of its growth does a text show marks that the next letters turn into something else.
void TestMarkdown::growingNeverShowsRawMarks()
{
    const std::string text = "Some **bold words** and `code`, then\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nend "
                             "[link](https://example.org/x) done\n\n```sql\nSELECT 1;\n```\n";
    for (std::size_t length = 1; length <= text.size(); ++length) {
        for (const Leaf &leaf : parseMarkdown(text.substr(0, length), true).leaves) {
            if (leaf.kind == LeafKind::Code)
                continue;
            QVERIFY2(!leaf.text.contains(QLatin1StringView("**")) && !leaf.text.contains(u'|')
                         && !leaf.text.contains(u'`') && !leaf.text.contains(QLatin1StringView("](")),
                     qPrintable(QStringLiteral("at %1: %2").arg(length).arg(leaf.text)));
        }
    }
    QCOMPARE(shapes(text, true), shapes(text, false));
}

// Wherever a growing text is cut, its two parts read as they do together.
void TestMarkdown::cutTextReadsTheSame()
{
    const std::string text = "intro\n\n- a\n\n  b\n\nafter the list\n\n```\ncode\n\nnot a paragraph\n```\n\nText\n\n"
                             "1. x\n\n   y\n\n> quote\n\nlast one\nlazy\n\n    indented\n\nEnd";
    std::size_t cuts = 0;
    std::size_t from = 0;
    for (std::size_t length = 1; length <= text.size(); ++length) {
        const std::size_t cut = safeCut(std::string_view(text).substr(0, length), from);
        if (cut == from)
            continue;
        ++cuts;
        from = cut;
        std::vector<Leaf> parts = parseMarkdown(text.substr(0, cut)).leaves;
        for (Leaf &leaf : parseMarkdown(text.substr(cut)).leaves)
            parts.push_back(std::move(leaf));
        QVERIFY2(parts == parseMarkdown(text).leaves, text.substr(cut).c_str());
    }
    QCOMPARE(cuts, 4u); // "after", "Text", "last one", "End"; not inside the fence or the items
    QCOMPARE(safeCut("a\n\n[x]: /y\n\nb [x]", 0), std::size_t(0));
}

void TestMarkdown::hostile_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("asSource");
    QTest::newRow("one line of a megabyte") << QByteArray(1 << 20, 'x') << false;
    QTest::newRow("a megabyte of blanks") << QByteArray(1 << 20, ' ') << true;
    QTest::newRow("ten thousand quotes") << QByteArray(10000, '>') << true;
    QTest::newRow("ten thousand lists") << QByteArray("- ").repeated(10000) << true;
    QTest::newRow("ten thousand columns")
        << QByteArray("|a").repeated(10000) + "|\n" + QByteArray("|---").repeated(10000) + "|\n"
        << true;
    QTest::newRow("a million cells") << QByteArray("|a|b|c|d|\n|-|-|-|-|\n")
                                            + QByteArray("|1|2|3|4|\n").repeated(250000)
                                     << true;
    QTest::newRow("open brackets") << QByteArray(100000, '[') << false;
    QTest::newRow("open images") << QByteArray("![").repeated(50000) << false;
    QTest::newRow("stars and letters") << QByteArray("*a **b ").repeated(20000) << false;
    QTest::newRow("stars") << QByteArray(100000, '*') << false;
    QTest::newRow("back-ticks") << QByteArray("`a``b```c````").repeated(5000) << false;
    QTest::newRow("entities") << QByteArray("&amp;").repeated(100000) << false;
    QTest::newRow("half links") << QByteArray("[a](").repeated(20000) << false;
    QTest::newRow("comments") << QByteArray("<!--").repeated(50000) << false;
    QTest::newRow("fifty thousand paragraphs") << QByteArray("a\n\n").repeated(50000) << true;
    QTest::newRow("reference bomb") << "[a]: /" + QByteArray(20000, 'u') + "\n\n" + QByteArray("[a] ").repeated(5000)
                                    << true;
    QTest::newRow("NUL bytes") << QByteArray(1000, '\0') << false;
}

// Bounded by counted work and by the size of what comes out; the test program's own limit ends a hang.
void TestMarkdown::hostile()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, asSource);
    const ParsedMarkdown parsed = parseMarkdown({text.constData(), static_cast<std::size_t>(text.size())});
    QCOMPARE(parsed.asSource, asSource);
    QVERIFY2(parsed.callbacks <= 4 * text.size() + 16, qPrintable(QString::number(parsed.callbacks)));
    QVERIFY(parsed.leaves.size() <= static_cast<std::size_t>(limits::kLeaves) + 2);
    for (const Leaf &leaf : parsed.leaves)
        QVERIFY(leaf.text.size() <= 200000 && leaf.path.size() <= limits::kDepth);
    if (asSource) {
        // Nothing is lost: the text stands there as it was written.
        std::vector<Leaf> source(parsed.leaves.begin() + 1, parsed.leaves.end());
        QCOMPARE(joinPlain(source), QString::fromUtf8(text));
    }
}

void TestMarkdown::invalidUtf8()
{
    const Leaf leaf = only(std::string("a\xFF\xC3 b"));
    QVERIFY(leaf.text.contains(QChar(QChar::ReplacementCharacter)));
    QVERIFY(leaf.text.startsWith(u'a') && leaf.text.endsWith(u'b'));
}

QTEST_MAIN(TestMarkdown)
#include "tst_markdown.moc"
