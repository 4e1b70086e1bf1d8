// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/answer/reasoning_splitter.h"

#include <QTest>

using namespace tramontane::engine;

class TestReasoningSplitter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void splits_data();
    void splits();
};

void TestReasoningSplitter::splits_data()
{
    QTest::addColumn<QString>("start");
    QTest::addColumn<bool>("begun");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("reasoning");
    QTest::addColumn<QString>("answer");
    const auto row = [](const char *name, const char *start, bool begun, const char *text, const char *reasoning,
                        const char *answer) {
        QTest::newRow(name) << QString::fromUtf8(start) << begun << QString::fromUtf8(text)
                            << QString::fromUtf8(reasoning) << QString::fromUtf8(answer);
    };
    row("a model that does not think", "", false, "<think>a</think>b", "", "<think>a</think>b");
    row("thinks", "<think>", false, "<think>a b</think>c", "a b", "c");
    row("white around the marks", "<think>", false, "\n <think>\na\n</think>\n\nc\n", "a\n", "c\n");
    row("does not think this time", "<think>", false, "The answer", "", "The answer");
    row("begins like the mark", "<think>", false, "<thin", "", "<thin");
    row("begins like the mark, and goes on", "<think>", false, "<this>", "", "<this>");
    row("mark later is text", "<think>", false, "a <think>b</think>", "", "a <think>b</think>");
    row("never ends", "<think>", false, "<think>a b", "a b", "");
    row("ends like the mark", "<think>", false, "<think>a </thi", "a </thi", "");
    row("begun by the prompt", "<think>", true, "a</think>b", "a", "b");
    row("begun and empty", "<think>", true, "</think>\nb", "", "b");
    row("second mark is text", "<think>", false, "<think>a</think>b</think>c", "a", "b</think>c");
}

void TestReasoningSplitter::splits()
{
    QFETCH(QString, start);
    QFETCH(bool, begun);
    QFETCH(QString, text);
    QFETCH(QString, reasoning);
    QFETCH(QString, answer);
    const std::string bytes = text.toStdString();
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
        ReasoningSplitter splitter({start.toStdString(), {"</think>"}, begun});
        SplitText all;
        const auto add = [&](const SplitText &now) {
            all.reasoning += now.reasoning;
            all.answer += now.answer;
        };
        for (std::size_t at = 0; at < bytes.size(); at += piece)
            add(splitter.push(std::string_view(bytes).substr(at, piece)));
        add(splitter.finish());
        QCOMPARE(QString::fromStdString(all.reasoning), reasoning);
        QCOMPARE(QString::fromStdString(all.answer), answer);
    }
}

QTEST_APPLESS_MAIN(TestReasoningSplitter)
#include "tst_reasoning_splitter.moc"
