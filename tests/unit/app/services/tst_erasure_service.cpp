// SPDX-License-Identifier: Apache-2.0
// Deleting and erasing as a service: in which order, what is recorded, and what is left when a step fails.
#include "app/services/erasure_service.h"

#include "tests/unit/app/services/service_bench.h"

using namespace tramontane;
using namespace tramontane::test;

using Names = std::vector<std::string>;

namespace {

struct Bench : ServiceBench {
    ErasureService erasures{vault, chat, policy, clock};
    ConversationId id = ConversationId::make(7);

    /// The calls that matter here, in order.
    Names steps() const
    {
        Names kept;
        for (const std::string &call : script.calls()) {
            if (call.starts_with("erasures.") || call.starts_with("append:") || call.starts_with("snapshots.remove")
                || call.starts_with("attachments.sweep") || call == "maintenance.rotateKey")
                kept.push_back(call);
        }
        return kept;
    }
};

const Error kOnHold{ErrorCode::OnHold, "held", {}};
const Error kNoLog{ErrorCode::AuditUnavailable, "no log", {}};
const Error kFull{ErrorCode::NoSpace, "full", {}};

} // namespace

class TestErasureService : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void erasesInOrder()
    {
        Bench b;
        QVERIFY(await(b.erasures.erase({{b.id}, {}, {}})).ok());
        QCOMPARE(b.steps(),
                 (Names{"erasures.scope", "append:erasure.requested", "erasures.erase", "snapshots.remove",
                        "attachments.sweep", "erasures.cleanUp", "append:erasure.completed", "erasures.settle"}));
        QVERIFY(b.vault.erasureStore.open.empty());
        const AuditEvent &completed = b.vault.log.last("erasure.completed");
        QCOMPARE(completed.object->type, std::string("conversation"));
        QCOMPARE(completed.object->id, b.id.text());
        QCOMPARE(completed.corr, b.vault.log.last("erasure.requested").corr);
        QVERIFY(completed.outcome == Outcome::Success);
    }

    void finallyGivesANewKey()
    {
        Bench b;
        QVERIFY(await(b.erasures.erase({{b.id}, {}, {}, true})).ok());
        QCOMPARE(b.steps().back(), std::string("append:key.rotated"));
        QCOMPARE(b.script.count("maintenance.rotateKey"), 1);
    }

    void withoutALogNothingIsErased()
    {
        Bench b;
        b.vault.log.unwritable = kNoLog;
        QCOMPARE(await(b.erasures.erase({{b.id}, {}, {}})).error().code, ErrorCode::AuditUnavailable);
        QCOMPARE(await(b.erasures.moveToBin({b.id})).error().code, ErrorCode::AuditUnavailable);
        QCOMPARE(b.script.count("erasures.erase"), 0);
        QCOMPARE(b.script.count("erasures.moveToBin"), 0);
    }

    void aHoldIsRecorded()
    {
        Bench b;
        b.script.fail("erasures.scope", kOnHold);
        QCOMPARE(await(b.erasures.erase({{b.id}, {}, {}})).error().code, ErrorCode::OnHold);
        const AuditEvent &refused = b.vault.log.last("erasure.requested");
        QVERIFY(refused.outcome == Outcome::Denied);
        QCOMPARE(refused.flags, Names{"on_hold"});
        QCOMPARE(b.script.count("erasures.erase"), 0);
    }

    void aFailureBeforeTheRowsIsSaid()
    {
        Bench b;
        b.script.fail("erasures.erase", kFull);
        QCOMPARE(await(b.erasures.erase({{b.id}, {}, {}})).error().code, ErrorCode::NoSpace);
        QCOMPARE(b.vault.log.last("erasure.failed").flags, Names{"no_space"});
        QVERIFY(b.vault.erasureStore.open.empty());
    }

    void whatFailsAfterTheRowsFollowsAtTheNextOpening_data()
    {
        QTest::addColumn<QString>("call");
        for (const char *call : {"snapshots.remove", "attachments.sweep", "erasures.cleanUp",
                                 "append:erasure.completed", "erasures.settle"})
            QTest::newRow(call) << call;
    }
    void whatFailsAfterTheRowsFollowsAtTheNextOpening()
    {
        QFETCH(QString, call);
        Bench b;
        b.script.fail(call.toStdString(), kFull);
        const auto erased = await(b.erasures.erase({{b.id}, {}, {}}));
        QVERIFY(!erased.ok());
        QVERIFY(erased.error().message.starts_with("The text was erased"));
        QCOMPARE(b.vault.erasureStore.open.size(), std::size_t(1));
        QCOMPARE(*await(b.erasures.completeUnfinished()), 1);
        QVERIFY(b.vault.erasureStore.open.empty());
        QCOMPARE(b.vault.erasureStore.done.size(), std::size_t(1));
        // Recorded once, whichever step failed.
        QCOMPARE(std::ranges::count(b.vault.log.names(), std::string("erasure.completed")), 1);
    }

    void aRunningAnswerIsStoppedFirst()
    {
        Bench b;
        b.provider.answers.push_back({.pauseMs = 1, .endless = true});
        const auto attempt = b.ask();
        QVERIFY(QTest::qWaitFor([&] { return !b.streamed.empty(); }));
        b.script.forgetCalls();
        const auto erased = b.erasures.erase({{b.conversation.id}, {}, {}});
        QVERIFY(await(erased).ok());
        QVERIFY(!b.chat.isRunning());
        QVERIFY(b.finished.contains(attempt) || b.failed.contains(attempt));
        const auto &calls = b.script.calls();
        const auto ended = std::ranges::find_if(
            calls, [](const std::string &call) { return call == "answerFinished" || call == "attemptFailed"; });
        QVERIFY(ended < std::ranges::find(calls, std::string("erasures.erase")));
    }

    void nothingIsAskedMeanwhile()
    {
        Bench b;
        QVERIFY(b.ask() != AttemptId());
        QVERIFY(b.waitForEnd());
        b.script.hold("erasures.erase");
        const auto erased = b.erasures.erase({{b.conversation.id}, {}, {}});
        QVERIFY(QTest::qWaitFor([&] { return b.script.count("erasures.erase") == 1; }));
        const auto attempt = b.ask("Again?", b.conversation.id);
        QVERIFY(b.waitForEnd());
        QCOMPARE(b.failed.at(attempt).code, ErrorCode::NotFound);
        b.script.release("erasures.erase");
        QVERIFY(await(erased).ok());
    }

    void deletingCanBeUndone()
    {
        Bench b;
        QVERIFY(await(b.erasures.moveToBin({b.id})).ok());
        QCOMPARE(b.steps(), (Names{"erasures.scope", "append:conversation.deleted", "erasures.moveToBin",
                                   "snapshots.remove", "attachments.sweep"}));
        QVERIFY(await(b.erasures.restoreFromBin({b.id})).ok());
        QVERIFY(b.vault.erasureStore.deleted.empty());
        QVERIFY(!await(b.erasures.restoreFromBin({b.id})).ok());
        QVERIFY(b.vault.log.last("conversation.restored").outcome == Outcome::Failure);
    }
};

QTEST_GUILESS_MAIN(TestErasureService)
#include "tst_erasure_service.moc"
