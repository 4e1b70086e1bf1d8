// SPDX-License-Identifier: Apache-2.0
// An answer that the disk does not take: nothing shown is lost while somebody waits, and nothing lost is shown.
#include "app/services/attempt.h"

#include "service_bench.h"

using namespace tramontane;
using namespace tramontane::test;

using Names = std::vector<std::string>;

class StoringAnswersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answerIsStoredWhenTheDiskTakesItAgain();
    void commitOfPartsTriesTheAnswerAgain();
    void answerThatIsNeverStored_data();
    void answerThatIsNeverStored();
    void damageIsNotTriedAgain();
};

void StoringAnswersTest::answerIsStoredWhenTheDiskTakesItAgain()
{
    ServiceBench b;
    const Error full{ErrorCode::NoSpace, "The disk is full.", {}};
    b.script.fail("storeAnswer", full, -1);
    b.script.fail("appendStreamParts", full, -1);
    const QSignalSpy notStored(&b.chat, &ChatService::answerNotStored);
    const AttemptId attempt = b.ask();
    QTRY_VERIFY(b.script.count("storeAnswer") >= 2 && b.script.count("appendStreamParts") >= 2);
    // It is nowhere on disk, so nobody may be told that it is done, and the window goes on waiting.
    QVERIFY(b.finished.empty() && b.failed.empty());
    QCOMPARE(b.waits, (std::vector<bool>{true}));
    QCOMPARE(notStored.count(), 1);
    QCOMPARE(b.script.count("append:gen_ai.request.failed"), 0);
    QCOMPARE(b.streamed, std::string("Hello world."));

    b.script.heal("storeAnswer");
    b.script.heal("appendStreamParts");
    QVERIFY(b.waitForEnd());
    QCOMPARE(plainText(b.finished.at(attempt)), std::string("Hello world."));
    QCOMPARE(plainText(b.vault.conversationStore.messages.at(b.answerId)), std::string("Hello world."));
    QCOMPARE(b.waits, (std::vector<bool>{true, false}));
    QCOMPARE(b.script.count("append:gen_ai.request.completed"), 1);
    QVERIFY(b.vault.conversationStore.pending.empty());
}

void StoringAnswersTest::commitOfPartsTriesTheAnswerAgain()
{
    ServiceBench b;
    b.script.fail("storeAnswer", {ErrorCode::NoSpace, "The disk is full.", {}});
    b.script.hold("appendStreamParts");
    b.ask();
    QTRY_COMPARE(b.script.count("appendStreamParts"), 1);
    QCOMPARE(b.script.count("storeAnswer"), 1);
    b.script.release("appendStreamParts");
    QTRY_COMPARE_WITH_TIMEOUT(b.script.count("storeAnswer"), 2, Attempt::kStoreAgainMs / 2);
    QVERIFY(b.waitForEnd());
    QVERIFY(b.failed.empty());
}

void StoringAnswersTest::answerThatIsNeverStored_data()
{
    QTest::addColumn<bool>("closing");
    QTest::newRow("the vault is closed") << true;
    QTest::newRow("a person stops waiting") << false;
}

void StoringAnswersTest::answerThatIsNeverStored()
{
    QFETCH(bool, closing);
    ServiceBench b;
    b.script.fail("storeAnswer", {ErrorCode::NoSpace, "The disk is full.", {}}, -1);
    std::vector<bool> waitsWhenItFailed;
    QObject::connect(&b.chat, &ChatService::attemptFailed, &b.chat, [&] { waitsWhenItFailed = b.waits; });
    const QSignalSpy notStored(&b.chat, &ChatService::answerNotStored);
    const AttemptId attempt = b.ask();
    QTRY_COMPARE(notStored.count(), 1);
    // What the parts save is there at the next opening.
    QTRY_COMPARE(b.vault.conversationStore.commits.size(), std::size_t(1));
    if (closing)
        QVERIFY(await(b.chat.shutdown()).ok());
    else
        b.chat.stop(attempt);
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.failed.at(attempt).code, ErrorCode::NoSpace);
    QVERIFY2(b.failed.at(attempt).message.starts_with("The answer could not be saved as a whole: The disk is full."),
             b.failed.at(attempt).message.c_str());
    QVERIFY(b.finished.empty());
    // Had the waiting ended first, the text would have been painted.
    QCOMPARE(waitsWhenItFailed, (std::vector<bool>{true}));
    QCOMPARE(b.waits, (std::vector<bool>{true, false}));
    QCOMPARE(b.vault.log.last("gen_ai.request.failed").flags, (Names{"answer_not_stored", "no_space"}));
    QCOMPARE(b.vault.conversationStore.pending.size(), std::size_t(1));
    QCOMPARE(b.vault.conversationStore.pending.begin()->second.blocks.back().text, std::string("Hello world."));
}

void StoringAnswersTest::damageIsNotTriedAgain()
{
    ServiceBench b;
    b.script.fail("storeAnswer", {ErrorCode::VaultDamaged, "The vault is damaged.", {}}, -1);
    const AttemptId attempt = b.ask();
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.failed.at(attempt).code, ErrorCode::VaultDamaged);
    QCOMPARE(b.script.count("storeAnswer"), 1);
    QCOMPARE(b.vault.log.last("gen_ai.request.failed").flags, (Names{"answer_not_stored", "vault_damaged"}));
}

QTEST_GUILESS_MAIN(StoringAnswersTest)
#include "tst_storing_answers.moc"
