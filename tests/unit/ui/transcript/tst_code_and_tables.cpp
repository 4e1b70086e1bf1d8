// SPDX-License-Identifier: Apache-2.0
#include "ui/style/tramontane_style.h"
#include "ui/transcript/code_block.h"
#include "ui/transcript/highlight.h"
#include "ui/transcript/live_text.h"
#include "ui/transcript/markdown.h"
#include "ui/transcript/table_block.h"
#include "ui/transcript/text_block.h"

#include <QPainter>
#include <QTest>

using namespace tramontane::ui;

class TestCodeAndTables : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void highlight_data();
    void highlight();
    void highlightCoversNothingTwice();
    void codeKeepsItsLines();
    void longCodeFolds();
    void wrappingAddsRows();
    void wideCodeScrollsInside();
    void oneEndlessLine();
    void figuresStandRight();
    void columnsFillTheWidth();
    void wideTableScrollsInside();
    void positionsAndCaretsAgree_data();
    void positionsAndCaretsAgree();
    void liveTextSpeaksInSentences();

private:
    Theme *m_theme = nullptr;
};

namespace {

Leaf code(const QString &text, const QString &language = {})
{
    Leaf leaf;
    leaf.kind = LeafKind::Code;
    leaf.text = text;
    leaf.info = language;
    return leaf;
}

Leaf table(const std::string &markdown)
{
    const std::vector<Leaf> leaves = parseMarkdown(markdown).leaves;
    return leaves.empty() ? Leaf{} : leaves.front();
}

HotSpot spotOf(const BlockLayout &block, HotAction action)
{
    for (const HotSpot &spot : block.hotSpots())
        if (spot.action == action)
            return spot;
    return {};
}

QImage painted(const BlockLayout &block, const Theme &theme, const QSize &size)
{
    QImage image(size, QImage::Format_RGB32);
    image.fill(theme.tokens().canvas);
    QPainter painter(&image);
    block.paint({painter, theme, QRectF(QPointF(), size)});
    return image;
}

} // namespace

void TestCodeAndTables::initTestCase()
{
    m_theme = &installStyle(*qApp, ThemeChoice::Light);
}

void TestCodeAndTables::highlight_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<QString>("source");
    QTest::addColumn<QStringList>("expected"); // "K:SELECT"
    QTest::newRow("sql") << "sql"
                         << "select sum(a) -- b\nFROM 'x' where y = 12"
                         << QStringList{"K:select", "F:sum", "C:-- b", "K:FROM", "S:'x'", "K:where", "N:12"};
    QTest::newRow("c++") << "cpp"
                         << "int f() { return \"a\\\"b\"; } /* c\nd */"
                         << QStringList{"K:int", "F:f", "K:return", "S:\"a\\\"b\"", "C:/* c\nd */"};
    QTest::newRow("python") << "python"
                            << "def g(x):  # c\n    \"\"\"doc\n\"\"\"\n    return None"
                            << QStringList{"K:def", "F:g", "C:# c", "S:\"\"\"doc\n\"\"\"", "K:return", "K:None"};
    QTest::newRow("unknown") << "klingon"
                             << "if (1) \"x\"" << QStringList{"N:1", "S:\"x\""};
    QTest::newRow("open string") << "js"
                                 << "let a = 'it\nlet b" << QStringList{"K:let", "S:'it\n", "K:let"};
    QTest::newRow("apostrophe") << ""
                                << "it's" << QStringList{};
}

void TestCodeAndTables::highlight()
{
    QFETCH(QString, language);
    QFETCH(QString, source);
    QFETCH(QStringList, expected);
    QStringList found;
    for (const CodeSpan &span : highlightCode(source, language))
        found << QStringLiteral("KSNCF").at(static_cast<int>(span.token)) + QStringLiteral(":")
                     + source.mid(span.from, span.length);
    QCOMPARE(found, expected);
}

void TestCodeAndTables::highlightCoversNothingTwice()
{
    const QString source = QStringLiteral("/*'\"*/ `a\n` \"\\\" 'x' // ' 0x1F f(g(\"").repeated(200);
    for (const char *language : {"cpp", "python", "sql", "sh", "json", ""}) {
        int end = 0;
        for (const CodeSpan &span : highlightCode(source, QString::fromLatin1(language))) {
            QVERIFY(span.from >= end && span.length > 0);
            end = span.from + span.length;
        }
        QVERIFY(end <= source.size());
    }
}

void TestCodeAndTables::codeKeepsItsLines()
{
    CodeBlock block(code(QStringLiteral("a\n\n\tb\n"), QStringLiteral("sql")));
    const qreal height = block.layOut(600, *m_theme);
    QCOMPARE(height, 30 + 9 + 4 * 19 + 10.0);
    QCOMPARE(spotOf(block, HotAction::CopyCode).name, QStringLiteral("Copy code"));
    QCOMPARE(spotOf(block, HotAction::CopyCode).rect.size(), QSizeF(28, 28));
    QVERIFY(spotOf(block, HotAction::ToggleFold).rect.isNull());
}

void TestCodeAndTables::longCodeFolds()
{
    CodeBlock block(code(QStringLiteral("line\n").repeated(500)));
    const qreal folded = block.layOut(600, *m_theme);
    QCOMPARE(folded, 30 + 9 + CodeBlock::kFoldedLines * 19 + 10 + 28.0);
    const HotSpot fold = spotOf(block, HotAction::ToggleFold);
    QVERIFY2(fold.name.contains(QLatin1StringView("501")), qPrintable(fold.name));
    block.toggle(HotAction::ToggleFold);
    QVERIFY(block.layOut(600, *m_theme) > 500 * 19);
}

void TestCodeAndTables::wrappingAddsRows()
{
    CodeBlock block(code(QStringLiteral("x").repeated(300)));
    const qreal flat = block.layOut(400, *m_theme);
    QVERIFY(!spotOf(block, HotAction::WrapCode).checked);
    block.toggle(HotAction::WrapCode);
    QVERIFY(block.layOut(400, *m_theme) > flat + 3 * 19);
    QVERIFY(spotOf(block, HotAction::WrapCode).checked);
}

void TestCodeAndTables::wideCodeScrollsInside()
{
    CodeBlock block(code(QStringLiteral("x").repeated(300)));
    (void)block.layOut(400, *m_theme);
    const qreal before = block.caretRect(200).left();
    QVERIFY(block.scrollSideways(50));
    QCOMPARE(block.caretRect(200).left(), before - 50);
    QVERIFY(block.scrollSideways(1e9));
    QVERIFY(!block.scrollSideways(10)); // at the end
    QVERIFY(block.caretRect(300).left() < 400);
}

// A line of a megabyte becomes rows of bounded length, so that no single one is shaped whole.
void TestCodeAndTables::oneEndlessLine()
{
    CodeBlock block(code(QString(1 << 20, u'x')));
    const qreal height = block.layOut(600, *m_theme);
    QVERIFY(height > 1000 * 19 && height < 1100 * 19);
    const QImage image = painted(block, *m_theme, {600, 200});
    QVERIFY(image.pixelColor(300, 100).isValid());
    QCOMPARE(block.positionAt(QPointF(0, 1e9)), 1 << 20);
}

void TestCodeAndTables::figuresStandRight()
{
    const TableBlock block(table("|a|b|c|d|e|f|\n|-|-|-|-|-|-|\n|Trier|138.2 %|−6.1|20 Monate|1 904|€ 3,5|\n"
                                 "|Namur|–|+0.3|4 Monate|12|2.0|\n"));
    QCOMPARE(block.isNumericColumn(0), false);
    QCOMPARE(block.isNumericColumn(1), true);
    QCOMPARE(block.isNumericColumn(2), true);
    QCOMPARE(block.isNumericColumn(3), false);
    QCOMPARE(block.isNumericColumn(4), true);
}

void TestCodeAndTables::columnsFillTheWidth()
{
    TableBlock block(table("|Entity|Q2|\n|-|-|\n|Group|138.2|\n|Trier|131.0|\n"));
    const qreal height = block.layOut(682, *m_theme);
    QCOMPARE(height, 18 + 14 + 2 * 33.0);
    // The figures end 12 px before the frame.
    QVERIFY(qAbs(block.caretRect(block.length()).left() - (682 - 12)) < 2);
    QVERIFY(!block.scrollSideways(10));
}

void TestCodeAndTables::wideTableScrollsInside()
{
    std::string head = "|";
    std::string rule = "|";
    for (int i = 0; i < 30; ++i) {
        head += "Column" + std::to_string(i) + "|";
        rule += "---|";
    }
    TableBlock block(table(head + "\n" + rule + "\n" + head + "\n"));
    (void)block.layOut(400, *m_theme);
    QVERIFY(block.scrollSideways(300));
    QVERIFY(block.scrollSideways(1e9));
    QVERIFY(!block.scrollSideways(1));
}

void TestCodeAndTables::positionsAndCaretsAgree_data()
{
    QTest::addColumn<QString>("kind");
    for (const char *kind : {"paragraph", "code", "table", "list"})
        QTest::newRow(kind) << QString::fromLatin1(kind);
}

// Pointing at the caret of a position finds that position.
void TestCodeAndTables::positionsAndCaretsAgree()
{
    QFETCH(QString, kind);
    Leaf leaf;
    if (kind == QLatin1StringView("code"))
        leaf = code(QStringLiteral("first line\nsecond\n\nfourth"));
    else if (kind == QLatin1StringView("table"))
        leaf = table("|Entity|Q2|\n|-|-|\n|Group|138.2|\n|Trier|131.0|\n");
    else if (kind == QLatin1StringView("list"))
        leaf = table("- an item with **bold** and `code` that is long enough to be broken into two lines or three");
    else
        leaf = table("a paragraph with `code` and **bold** words that is long enough to be broken into some lines");
    const std::unique_ptr<BlockLayout> block = makeBlock(leaf, false);
    (void)block->layOut(260, *m_theme);
    int checked = 0;
    for (int position = 0; position <= block->length(); ++position) {
        const QRectF caret = block->caretRect(position);
        const int found = block->positionAt(caret.center() - QPointF(caret.width() / 2, 0));
        // At a line break two positions share one place on paper.
        if (block->caretRect(found).topLeft() == caret.topLeft())
            ++checked;
        QVERIFY2(std::abs(found - position) <= 1, qPrintable(QStringLiteral("%1 -> %2").arg(position).arg(found)));
    }
    QVERIFY(checked >= block->length() - 6);
}

void TestCodeAndTables::liveTextSpeaksInSentences()
{
    LiveText live;
    live.begin();
    QVERIFY(!live.isDue());
    QCOMPARE(live.next(QStringLiteral("One. Two"), false).text, QString());
    const LiveText::Piece end = live.next(QStringLiteral("One. Two. Thr"), true);
    QCOMPARE(end.from, 0);
    QCOMPARE(end.text, QStringLiteral("One. Two. Thr"));
    QCOMPARE(live.next(QStringLiteral("One. Two. Thr"), true).text, QString());
    LiveText due; // never begun: due at once
    QCOMPARE(due.next(QStringLiteral("One. Two. Thr"), false).text, QStringLiteral("One. Two. "));
}

QTEST_MAIN(TestCodeAndTables)
#include "tst_code_and_tables.moc"
