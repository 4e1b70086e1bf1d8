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
        leftover = {AttemptId::make(3), stage, c.id, MessageId::make(4), question.id, {}};
        if (stage == PendingStage::Asked && !saved.empty())
            leftover.blocks.push_back({BlockKind::Text, saved, {}});
        store.pending[leftover.attempt] = leftover;
        attempted(leftover.attempt.text());
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
    void attempted(const std::string &corr)
    {
        AuditEvent event;
        event.event = "gen_ai.request.attempted";
        event.corr = corr;
        vault.log.events.push_back(event);
    }
    /// What the log says after what it said before the crash.
    Names added(std::size_t before = 1) const
    {
        const Names all = vault.log.names();
        return {all.begin() + std::ptrdiff_t(before), all.end()};
    }
    Leftover leftover;
};

} // namespace

class RecoveryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingToDo();
    void savedTextIsKeptAndMarked();
    void savedReasoningIsKeptInItsPlace();
    void withoutTextTheAnswerSaysSo();
    void storedAnswerIsRecordedAsItEnded_data();
    void storedAnswerIsRecordedAsItEnded();
    void anExistingOutcomeIsNotWrittenTwice();
    void whatWasNeverAttemptedGetsNoAnswer();
    void savedTextOutweighsALogThatForgot();
    void anUnreadableLogLeavesWhatDependsOnIt();
    void attemptsOfTheLogAloneAreClosed();
    void attemptsThatTheVaultKeepsAreNotClosedBehindItsBack();
    void unwritableLogLeavesItForLater();
    void fullDiskLeavesItForLater();
    void unreadableLeftoversAreAnError();
};

void RecoveryTest::nothingToDo()
{
    ServiceBench b;
    QCOMPARE(*await(b.chat.recover()), 0);
    QCOMPARE(b.script.calls(), (Names{"leftovers", "audit.openAttempts"}));
}

void RecoveryTest::savedTextIsKeptAndMarked()
{
    CrashBench b(PendingStage::Asked, "The text so far");
    QCOMPARE(*await(b.chat.recover()), 1);
    QCOMPARE(b.script.calls(), (Names{"leftovers", "audit.findAttempt", "storeAnswer", "append:gen_ai.request.failed",
                                      "settle", "audit.openAttempts"}));
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

/// A reasoning model was thinking: what it thought was on disk and on screen.
void RecoveryTest::savedReasoningIsKeptInItsPlace()
{
    CrashBench b(PendingStage::Asked, {});
    const MessageId id = b.leftover.answer;
    QVERIFY(await(b.vault.conversationStore.appendStreamParts(
                      {{id, 0, BlockKind::Reasoning, "First I "}, {id, 1, BlockKind::Reasoning, "think."}}))
                .ok());
    QVERIFY(await(b.vault.conversationStore.appendStreamParts(
                      {{id, 2, BlockKind::Text, "So"}, {id, 3, BlockKind::Reasoning, "Or?"}}))
                .ok());
    QCOMPARE(*await(b.chat.recover()), 1);
    const Message &answer = b.vault.conversationStore.messages.at(id);
    QCOMPARE(answer.state, MessageState::CutOff);
    QCOMPARE(answer.blocks.size(), std::size_t(4));
    QCOMPARE(answer.blocks[0].kind, BlockKind::Reasoning);
    QCOMPARE(answer.blocks[0].text, std::string("First I think."));
    QCOMPARE(answer.blocks[1].kind, BlockKind::Text);
    QCOMPARE(answer.blocks[1].text, std::string("So"));
    QCOMPARE(answer.blocks[2].kind, BlockKind::Reasoning);
    QCOMPARE(answer.blocks[2].text, std::string("Or?"));
    QCOMPARE(answer.blocks[3].kind, BlockKind::Notice);
    QVERIFY(answer.blocks[3].text.find("kept") != std::string::npos);
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
    QCOMPARE(b.added(), (Names{event.toStdString()}));
    QCOMPARE(b.vault.log.events[1].flags, (Names{"recovered"}));
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
    QCOMPARE(b.added(), (Names{"gen_ai.request.completed"}));
    QVERIFY(b.vault.conversationStore.pending.empty());
    QCOMPARE(b.vault.conversationStore.heads.back().size, std::uint64_t(2));
}

/// The record of the attempt could not be written, so nothing was run; the program ended before the log could say so.
void RecoveryTest::whatWasNeverAttemptedGetsNoAnswer()
{
    CrashBench b(PendingStage::Asked, {});
    b.vault.log.events.clear();
    QCOMPARE(*await(b.chat.recover()), 0); // there was nothing to interrupt
    QVERIFY(!b.vault.conversationStore.messages.contains(b.leftover.answer));
    QCOMPARE(b.script.count("storeAnswer"), 0);
    QCOMPARE(b.added(0), (Names{"audit.failure"}));
    const AuditEvent &failure = b.vault.log.events[0];
    QCOMPARE(failure.corr, b.leftover.attempt.text());
    QCOMPARE(failure.outcome, Outcome::Failure);
    QCOMPARE(failure.object->id, b.leftover.answerParent.text());
    QCOMPARE(failure.flags, (Names{"not_attempted"}));
    QVERIFY(b.vault.conversationStore.pending.empty());
    QCOMPARE(b.vault.conversationStore.heads.back().size, std::uint64_t(1));
}

void RecoveryTest::savedTextOutweighsALogThatForgot()
{
    CrashBench b(PendingStage::Asked, "Saved");
    b.vault.log.events.clear();
    QCOMPARE(*await(b.chat.recover()), 1);
    QCOMPARE(plainText(b.vault.conversationStore.messages.at(b.leftover.answer)), std::string("Saved"));
    QCOMPARE(b.added(0), (Names{"gen_ai.request.failed"}));
}

void RecoveryTest::anUnreadableLogLeavesWhatDependsOnIt()
{
    for (const std::string saved : {"", "Saved"}) {
        CrashBench b(PendingStage::Asked, saved);
        b.script.fail("audit.findAttempt", {ErrorCode::AuditUnavailable, "locked", {}});
        QCOMPARE(*await(b.chat.recover()), 0);
        QCOMPARE(b.vault.conversationStore.pending.size(), std::size_t(1));
        QVERIFY(b.added().empty());
        // Text that was saved is shown in any case: it shows by itself that the model ran.
        QCOMPARE(b.vault.conversationStore.messages.contains(b.leftover.answer), !saved.empty());
        QCOMPARE(*await(b.chat.recover()), 1);
        QCOMPARE(b.vault.log.last("gen_ai.request.failed").flags, (Names{"interrupted"}));
        QVERIFY(b.vault.conversationStore.pending.empty());
    }
}

/// An embedding leaves nothing in the vault, so only the log knows that it was cut off.
void RecoveryTest::attemptsOfTheLogAloneAreClosed()
{
    CrashBench b(PendingStage::Asked, "Saved");
    b.attempted("embedding-1");
    b.attempted("embedding-2");
    QCOMPARE(*await(b.chat.recover()), 3);
    QCOMPARE(b.added(3), (Names{"gen_ai.request.failed", "gen_ai.request.failed", "gen_ai.request.failed"}));
    QCOMPARE(b.vault.log.events[4].corr, std::string("embedding-1"));
    QCOMPARE(b.vault.log.events[5].corr, std::string("embedding-2"));
    QCOMPARE(b.vault.log.events[5].flags, (Names{"interrupted"}));
    QCOMPARE(b.vault.conversationStore.heads.back().size, std::uint64_t(6));
    QCOMPARE(*await(b.chat.recover()), 0);
}

void RecoveryTest::attemptsThatTheVaultKeepsAreNotClosedBehindItsBack()
{
    CrashBench b(PendingStage::Asked, "Saved");
    b.script.fail("storeAnswer", {ErrorCode::NoSpace, "full", {}});
    QCOMPARE(*await(b.chat.recover()), 0);
    QVERIFY(b.added().empty()); // the log would say that it failed, and later that it was recovered
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
    QVERIFY(b.added().empty());
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
