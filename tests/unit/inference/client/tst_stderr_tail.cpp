// SPDX-License-Identifier: Apache-2.0
#include "inference/client/stderr_tail.h"

#include <QtTest>

using tramontane::StderrTail;

class TestStderrTail : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsOnlyTechnicalLines_data();
    void keepsOnlyTechnicalLines();
    void linesMayBeCutAnywhere();
    void keepsTheLastLines();
    void longLinesAreCut();
    void controlCharactersAreReplaced();
};

void TestStderrTail::keepsOnlyTechnicalLines_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("kept");
    QTest::newRow("our engine") << QByteArray("tramontane-engine: out of memory") << true;
    QTest::newRow("ggml") << QByteArray("ggml_backend_alloc: failed") << true;
    QTest::newRow("assertion") << QByteArray("/src/ggml/src/ggml.c:12: GGML_ASSERT(n > 0) failed") << true;
    QTest::newRow("terminate") << QByteArray("terminate called after throwing an instance of 'std::bad_alloc'") << true;
    QTest::newRow("sanitizer") << QByteArray("SUMMARY: AddressSanitizer: heap-use-after-free") << true;
    QTest::newRow("exception text") << QByteArray("  what():  parse error near 'my question'") << false;
    QTest::newRow("grammar") << QByteArray("parse: error parsing grammar: root ::= secret") << false;
    QTest::newRow("prompt") << QByteArray("How do I GGML_ASSERT(this)?") << false;
    QTest::newRow("beginning in the middle") << QByteArray("x tramontane-engine: y") << false;
    QTest::newRow("empty") << QByteArray("") << false;
}

void TestStderrTail::keepsOnlyTechnicalLines()
{
    QFETCH(QByteArray, line);
    QFETCH(bool, kept);
    const std::string expected = kept ? line.toStdString() : std::string();
    StderrTail ended;
    ended.feed((line + "\n").toStdString());
    QCOMPARE(ended.text(), expected);
    StderrTail cut; // the process died before the end of the line
    cut.feed(line.toStdString());
    QCOMPARE(cut.text(), expected);
}

void TestStderrTail::linesMayBeCutAnywhere()
{
    StderrTail tail;
    for (const char byte : std::string("ggml_a\nsecret\nggml_b\n"))
        tail.feed(std::string_view(&byte, 1));
    QCOMPARE(tail.text(), std::string("ggml_a | ggml_b"));
}

void TestStderrTail::keepsTheLastLines()
{
    StderrTail tail;
    for (int i = 0; i < 1000; ++i)
        tail.feed("ggml_" + std::to_string(i) + "\n");
    const std::string text = tail.text();
    QVERIFY(text.starts_with("ggml_" + std::to_string(1000 - StderrTail::kLines) + " | "));
    QVERIFY(text.ends_with(" | ggml_999"));
}

void TestStderrTail::longLinesAreCut()
{
    StderrTail tail;
    tail.feed("ggml_" + std::string(1'000'000, 'x') + "\n");
    QCOMPARE(tail.text().size(), StderrTail::kLineBytes);
}

void TestStderrTail::controlCharactersAreReplaced()
{
    StderrTail tail;
    tail.feed("ggml_\x1B[31m\xC3\xA9\n");
    QCOMPARE(tail.text(), std::string("ggml_?[31m??"));
}

QTEST_APPLESS_MAIN(TestStderrTail)
#include "tst_stderr_tail.moc"
