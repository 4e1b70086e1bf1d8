// SPDX-License-Identifier: Apache-2.0
#include "app/services/stream_writer.h"

#include "tests/support/fakes/fake_vault.h"
#include "tests/support/fakes/movable_clock.h"

#include <QElapsedTimer>
#include <QTest>

using namespace tramontane;
using namespace tramontane::test;

class StreamWriterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void mergesAndNumbers();
    void aFailedCommitIsTriedAgain();
    void finishedAnswersAreNotWrittenAgain();
    void oneCommitAtATime();
    void waitingBeginsAndEnds();
    void waitingLastsUntilTheTextIsWritten();
    void nothingIsWrittenForNothing();
};

void StreamWriterTest::mergesAndNumbers()
{
    Script script;
    MovableClock clock;
    FakeVault vault(script);
    StreamWriter writer(vault.conversations(), clock);
    const MessageId a = MessageId::make(1);
    const MessageId b = MessageId::make(1);
    writer.add(a, BlockKind::Reasoning, "think ");
    writer.add(b, BlockKind::Text, "other ");
    writer.add(a, BlockKind::Reasoning, "more");
    writer.add(a, BlockKind::Text, "answer");
    writer.add(b, BlockKind::Text, "text");
    QTRY_COMPARE(vault.conversationStore.commits.size(), std::size_t(1));
    const auto parts = vault.conversationStore.commits[0];
    QCOMPARE(parts.size(), std::size_t(3));
    QCOMPARE(parts[0].text, std::string("think more"));
    QCOMPARE(parts[0].sequence, 0);
    QCOMPARE(parts[1].text, std::string("other text"));
    QCOMPARE(parts[1].sequence, 0);
    QCOMPARE(parts[2].kind, BlockKind::Text);
    QCOMPARE(parts[2].sequence, 1);
    writer.add(a, BlockKind::Text, " goes on");
    QTRY_COMPARE(vault.conversationStore.commits.size(), std::size_t(2));
    QCOMPARE(vault.conversationStore.commits[1][0].sequence, 2);
}

void StreamWriterTest::aFailedCommitIsTriedAgain()
{
    Script script;
    MovableClock clock;
    FakeVault vault(script);
    StreamWriter writer(vault.conversations(), clock);
    script.fail("appendStreamParts", {ErrorCode::StorageBusy, "busy", {}});
    const MessageId a = MessageId::make(1);
    writer.add(a, BlockKind::Text, "first ");
    QTRY_COMPARE(script.count("appendStreamParts"), 1);
    writer.add(a, BlockKind::Text, "second");
    QTRY_COMPARE(vault.conversationStore.commits.size(), std::size_t(1));
    std::string all;
    for (const StreamPart &part : vault.conversationStore.commits[0])
        all += part.text;
    QCOMPARE(all, std::string("first second"));
    QCOMPARE(vault.conversationStore.commits[0][0].sequence, 0);
}

void StreamWriterTest::finishedAnswersAreNotWrittenAgain()
{
    Script script;
    MovableClock clock;
    FakeVault vault(script);
    StreamWriter writer(vault.conversations(), clock);
    const MessageId a = MessageId::make(1);
    const MessageId b = MessageId::make(1);
    script.fail("appendStreamParts", {ErrorCode::NoSpace, "full", {}});
    script.hold("appendStreamParts");
    writer.add(a, BlockKind::Text, "ended");
    writer.add(b, BlockKind::Text, "goes on");
    QTRY_COMPARE(script.count("appendStreamParts"), 1);
    writer.finish(a);
    script.release("appendStreamParts");
    QTRY_COMPARE(vault.conversationStore.commits.size(), std::size_t(1));
    QCOMPARE(vault.conversationStore.commits[0].size(), std::size_t(1));
    QCOMPARE(vault.conversationStore.commits[0][0].answer, b);
}

void StreamWriterTest::oneCommitAtATime()
{
    Script script;
    MovableClock clock;
    FakeVault vault(script);
    StreamWriter writer(vault.conversations(), clock);
    script.hold("appendStreamParts");
    const MessageId a = MessageId::make(1);
    writer.add(a, BlockKind::Text, "x");
    QTRY_COMPARE(script.count("appendStreamParts"), 1);
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 2 * StreamWriter::kCommitMs) {
        writer.add(a, BlockKind::Text, "y");
        QTest::qWait(20);
    }
    QCOMPARE(script.count("appendStreamParts"), 1);
    script.release("appendStreamParts");
    QTRY_COMPARE(script.count("appendStreamParts"), 2);
}

void StreamWriterTest::waitingBeginsAndEnds()
{
    Script script;
    MovableClock clock;
    FakeVault vault(script);
    StreamWriter writer(vault.conversations(), clock);
    std::vector<bool> waits;
    QObject::connect(&writer, &StreamWriter::waitingChanged, &writer, [&](bool waiting) { waits.push_back(waiting); });
    script.hold("appendStreamParts");
    const MessageId a = MessageId::make(1);
    writer.add(a, BlockKind::Text, "x");
    clock.advance(1001);
    writer.add(a, BlockKind::Text, "y");
    QCOMPARE(waits, (std::vector<bool>{true}));
    QVERIFY(writer.isWaiting());
    writer.finish(a); // it is on disk as a whole: there is nothing left to wait for
    QCOMPARE(waits, (std::vector<bool>{true, false}));
}

void StreamWriterTest::waitingLastsUntilTheTextIsWritten()
{
    Script script;
    MovableClock clock;
    FakeVault vault(script);
    StreamWriter writer(vault.conversations(), clock);
    int written = 0;
    QObject::connect(&writer, &StreamWriter::written, &writer, [&] { ++written; });
    script.fail("appendStreamParts", {ErrorCode::NoSpace, "full", {}}, -1);
    writer.add(MessageId::make(1), BlockKind::Text, "x");
    clock.advance(1001);
    QTRY_VERIFY(script.count("appendStreamParts") >= 2);
    QVERIFY(writer.isWaiting());
    QCOMPARE(written, 0);
    script.heal("appendStreamParts");
    QTRY_COMPARE(written, 1);
    QVERIFY(!writer.isWaiting());
    QCOMPARE(vault.conversationStore.commits.at(0).at(0).text, std::string("x"));
}

void StreamWriterTest::nothingIsWrittenForNothing()
{
    Script script;
    MovableClock clock;
    FakeVault vault(script);
    StreamWriter writer(vault.conversations(), clock);
    writer.add(MessageId::make(1), BlockKind::Text, "");
    QTest::qWait(StreamWriter::kCommitMs + 100);
    QVERIFY(script.calls().empty());
}

QTEST_GUILESS_MAIN(StreamWriterTest)
#include "tst_stream_writer.moc"
