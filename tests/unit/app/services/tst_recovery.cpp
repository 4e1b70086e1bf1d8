// SPDX-License-Identifier: Apache-2.0
// What a crash left behind is closed once, in the right order, whatever had been reached.
#include "service_bench.h"

using namespace tramontane;
using namespace tramontane::test;

using Names = std::vector<std::string>;

namespace {

/// A conversation with a question whose attempt was never closed.
struct CrashBench : ServiceBench {
    explicit CrashBench(PendingStage stage, const std::string &saved, MessageState answered = MessageState::Complete)
    {
        auto &store = vault.conversationStore;
        Conversation c;
        c.id = ConversationId::make(1);
        Message question;
        question.id = MessageId::make(2);
        question.conversation = c.id;
        question.blocks.push_back({BlockKind::Text, "Asked before the crash", {}});
        c.leaf = question.id;
        store.conversations[c.id] = c;
        store.messages[question.id] = question;
        leftover = {AttemptId::make(3), stage, c.id, MessageId::make(4), question.id, saved};
        store.pending[leftover.attempt] = leftover;
        if (stage == PendingStage::Answered) {
            Message message;
            message.id = leftover.answer;
            message.conversation = c.id;
            message.parent = question.id;
            message.role = Role::Assistant;
            message.state = answered;
            message.blocks.push_back({BlockKind::Text, saved, {}});
            store.messages[message.id] = message;
        }
    }
    Leftover leftover;
};

} // namespace

class RecoveryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingToDo();
    void savedTextIsKeptAndMarked();
    void withoutTextTheAnswerSaysSo();
    void storedAnswerIsRecordedAsItEnded_data();
    void storedAnswerIsRecordedAsItEnded();
    void anExistingOutcomeIsNotWrittenTwice();
    void unwritableLogLeavesItForLater();
    void fullDiskLeavesItForLater();
    void unreadableLeftoversAreAnError();
};

void RecoveryTest::nothingToDo()
{
    ServiceBench b;
    QCOMPARE(*await(b.chat.recover()), 0);
    QCOMPARE(b.script.calls(), (Names{"leftovers"}));
}

void RecoveryTest::savedTextIsKeptAndMarked()
{
    CrashBench b(PendingStage::Asked, "The text so far");
    QCOMPARE(*await(b.chat.recover()), 1);
    QCOMPARE(b.script.calls(),
             (Names{"leftovers", "storeAnswer", "audit.hasOutcome", "append:gen_ai.request.failed", "settle"}));
    const Message &answer = b.vault.conversationStore.messages.at(b.leftover.answer);
    QCOMPARE(answer.state, MessageState::CutOff);
    QCOMPARE(answer.parent, b.leftover.answerParent);
    QCOMPARE(plainText(answer), std::string("The text so far"));
    QCOMPARE(answer.blocks.back().kind, BlockKind::Notice);
    const AuditEvent &closed = b.vault.log.last("gen_ai.request.failed");
    QCOMPARE(closed.corr, b.leftover.attempt.text());
    QCOMPARE(closed.flags, (Names{"interrupted"}));
    QVERIFY(b.vault.conversationStore.pending.empty());
}

void RecoveryTest::withoutTextTheAnswerSaysSo()
{
    CrashBench b(PendingStage::Asked, {});
    QCOMPARE(*await(b.chat.recover()), 1);
    const Message &answer = b.vault.conversationStore.messages.at(b.leftover.answer);
    QCOMPARE(answer.state, MessageState::Failed);
    QCOMPARE(answer.blocks.size(), std::size_t(1));
    QCOMPARE(answer.blocks[0].kind, BlockKind::Notice);
}

void RecoveryTest::storedAnswerIsRecordedAsItEnded_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<QString>("event");
    QTest::newRow("complete") << int(MessageState::Complete) << "gen_ai.request.completed";
    QTest::newRow("length") << int(MessageState::Length) << "gen_ai.request.completed";
    QTest::newRow("stopped") << int(MessageState::Stopped) << "gen_ai.request.cancelled";
    QTest::newRow("cut off") << int(MessageState::CutOff) << "gen_ai.request.failed";
    QTest::newRow("failed") << int(MessageState::Failed) << "gen_ai.request.failed";
}

void RecoveryTest::storedAnswerIsRecordedAsItEnded()
{
    QFETCH(int, state);
    QFETCH(QString, event);
    CrashBench b(PendingStage::Answered, "Whole answer", MessageState(state));
    QCOMPARE(*await(b.chat.recover()), 1);
    QCOMPARE(b.script.count("storeAnswer"), 0);
    QCOMPARE(b.vault.log.names(), (Names{event.toStdString()}));
    QCOMPARE(b.vault.log.events[0].flags, (Names{"recovered"}));
    QVERIFY(b.vault.conversationStore.pending.empty());
}

void RecoveryTest::anExistingOutcomeIsNotWrittenTwice()
{
    CrashBench b(PendingStage::Answered, "Whole answer");
    AuditEvent closed;
    closed.event = "gen_ai.request.completed";
    closed.corr = b.leftover.attempt.text();
    b.vault.log.events.push_back(closed);
    QCOMPARE(*await(b.chat.recover()), 1);
    QCOMPARE(b.vault.log.events.size(), std::size_t(1));
    QVERIFY(b.vault.conversationStore.pending.empty());
    QCOMPARE(b.vault.conversationStore.heads.back().size, std::uint64_t(1));
}

void RecoveryTest::unwritableLogLeavesItForLater()
{
    CrashBench b(PendingStage::Asked, "Saved");
    b.vault.log.unwritable = Error{ErrorCode::AuditUnavailable, "read-only", {}};
    QCOMPARE(*await(b.chat.recover()), 0);
    QCOMPARE(b.vault.conversationStore.pending.size(), std::size_t(1));
    QCOMPARE(plainText(b.vault.conversationStore.messages.at(b.leftover.answer)), std::string("Saved"));

    // The next opening finds the answer stored and still knows that it was interrupted.
    b.vault.log.unwritable.reset();
    QCOMPARE(*await(b.chat.recover()), 1);
    QCOMPARE(b.vault.log.last("gen_ai.request.failed").flags, (Names{"interrupted"}));
    QVERIFY(b.vault.conversationStore.pending.empty());
}

void RecoveryTest::fullDiskLeavesItForLater()
{
    CrashBench b(PendingStage::Asked, "Saved");
    b.script.fail("storeAnswer", {ErrorCode::NoSpace, "full", {}});
    QCOMPARE(*await(b.chat.recover()), 0);
    QVERIFY(b.vault.log.events.empty());
    QCOMPARE(b.vault.conversationStore.pending.size(), std::size_t(1));
}

void RecoveryTest::unreadableLeftoversAreAnError()
{
    ServiceBench b;
    b.script.fail("leftovers", {ErrorCode::VaultDamaged, "damaged", {}});
    QCOMPARE(await(b.chat.recover()).error().code, ErrorCode::VaultDamaged);
}

QTEST_GUILESS_MAIN(RecoveryTest)
#include "tst_recovery.moc"
