// SPDX-License-Identifier: Apache-2.0
// Retention as a service: what runs when, what is recorded, and who decides.
#include "app/services/retention_service.h"

#include "app/services/erasure_service.h"
#include "tests/unit/app/services/service_bench.h"

using namespace tramontane;
using namespace tramontane::test;

namespace {

constexpr std::int64_t kDay = 24LL * 60 * 60 * 1000;

struct Bench : ServiceBench {
    ErasureService erasures{vault, chat, policy, clock};
    RetentionService retention{vault, erasures, policy, clock};
    ConversationId old = ConversationId::make(1);
    ConversationId held = ConversationId::make(2);
    ConversationId binned = ConversationId::make(3);

    Bench()
    {
        auto &known = vault.retentionStore.known;
        const std::int64_t now = clock.utcMs();
        known.conversations = {{old, {}, now - 100 * kDay, {}},
                               {held, {}, now - 100 * kDay, {}},
                               {binned, {}, now - kDay, now - 40 * kDay}};
        known.rules = {{RetentionRuleId::make(1), {}, 90, RetentionAction::Delete}};
        known.holds = {{HoldId::make(1), held, {}, "case", "mara", 1}};
    }
};

} // namespace

class TestRetentionService : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aDryRunOnlySays()
    {
        Bench b;
        const auto report = await(b.retention.run(true, RetentionReport::Cause::Asked));
        QVERIFY(report.ok());
        QCOMPARE(report->plan.toDelete, std::vector{b.old});
        QCOMPARE(report->plan.toEmpty, std::vector{b.binned});
        QCOMPARE(report->plan.kept.size(), std::size_t(1));
        QVERIFY(b.vault.log.names().empty());
        QVERIFY(b.vault.retentionStore.stored.empty());
        QCOMPARE(b.script.count("erasures.erase"), 0);
    }

    void aRunIsRecordedAndReported()
    {
        Bench b;
        const auto report = await(b.retention.run(false, RetentionReport::Cause::Asked));
        QVERIFY(report.ok());
        QVERIFY(b.vault.erasureStore.deleted.contains(b.old));
        QCOMPARE(b.vault.erasureStore.done.size(), std::size_t(1));
        QVERIFY(!b.vault.erasureStore.deleted.contains(b.held));
        QCOMPARE(b.vault.retentionStore.stored.size(), std::size_t(1));
        QCOMPARE(b.vault.log.last("retention.purged").flags,
                 (std::vector<std::string>{"asked", "deleted_1", "erased_1", "kept_1"}));
        QCOMPARE(b.vault.log.last("erasure.completed").flags, std::vector<std::string>{"retention"});
        QCOMPARE(b.vault.log.names().front(), std::string("retention.purged"));
    }

    void withoutALogNothingGoes()
    {
        Bench b;
        b.vault.log.unwritable = Error{ErrorCode::AuditUnavailable, "no log", {}};
        QCOMPARE(await(b.retention.run(false, RetentionReport::Cause::Asked)).error().code,
                 ErrorCode::AuditUnavailable);
        QVERIFY(b.vault.erasureStore.deleted.empty());
        QCOMPARE(b.script.count("erasures.erase"), 0);
        QCOMPARE(await(b.retention.setHold(b.old, {}, "r")).error().code, ErrorCode::AuditUnavailable);
        QCOMPARE(b.script.count("retention.setHold"), 0);
    }

    void whatFailedIsInTheReport()
    {
        Bench b;
        b.script.fail("erasures.erase", {ErrorCode::NoSpace, "full", {}});
        const auto report = await(b.retention.run(false, RetentionReport::Cause::Asked));
        QVERIFY(report.ok());
        QVERIFY(report->plan.toEmpty.empty());
        QCOMPARE(report->failed.size(), std::size_t(1));
        QCOMPARE(report->failed.front().error, std::string("NO_SPACE"));
        QCOMPARE(report->plan.toDelete, std::vector{b.old});
    }

    void anUntrustedPolicyRemovesNothing()
    {
        Bench b;
        b.policy.setInvalid();
        QCOMPARE(await(b.retention.run(false, RetentionReport::Cause::Asked)).error().code, ErrorCode::PolicyInvalid);
        QVERIFY(b.vault.erasureStore.deleted.empty());
    }

    void runsAtOpeningOnceADay()
    {
        Bench b;
        QSignalSpy ran(&b.retention, &RetentionService::ran);
        b.retention.start();
        QVERIFY(await(b.retention.settled(10'000)).ok());
        QCOMPARE(ran.count(), 1);
        QVERIFY(b.vault.erasureStore.deleted.contains(b.old));
        b.retention.start();
        QVERIFY(await(b.retention.settled(10'000)).ok());
        QCOMPARE(ran.count(), 1);
        b.clock.advance(kDay);
        b.retention.start();
        QVERIFY(await(b.retention.settled(10'000)).ok());
        QCOMPARE(b.script.count("retention.facts"), 2);
        // A clock that was set back does not stop the runs.
        b.clock.advance(-10 * kDay);
        b.retention.start();
        QVERIFY(await(b.retention.settled(10'000)).ok());
        QCOMPARE(b.script.count("retention.facts"), 3);
    }

    void thePersonsBinAndTheAdministrators()
    {
        Bench b;
        QCOMPARE(await(b.retention.limits())->binDays, 30);
        QVERIFY(await(b.retention.setBinDays(3)).ok());
        QCOMPARE(await(b.retention.limits())->binDays, 3);
        QCOMPARE(b.vault.log.last("setting.changed").object->id, std::string("retention.binDays"));
        QCOMPARE(await(b.retention.setBinDays(-1)).error().code, ErrorCode::InvalidArgument);
        b.policy.setManaged(R"({"id":"x","version":1,"values":{"retention.binDays":9,"retention.days":60}})");
        QCOMPARE(await(b.retention.limits())->binDays, 9);
        QVERIFY(await(b.retention.limits())->binding);
        QCOMPARE(await(b.retention.setBinDays(3)).error().code, ErrorCode::PolicyDenied);
        QCOMPARE(await(b.retention.setRule({}, 10, RetentionAction::Erase)).error().code, ErrorCode::PolicyDenied);
        QVERIFY(await(b.retention.setRule(FolderId::make(1), 10, RetentionAction::Erase)).ok());
    }

    void holdsAreRecorded()
    {
        Bench b;
        const auto hold = await(b.retention.setHold(b.old, {}, "a secret reason"));
        QVERIFY(hold.ok());
        QCOMPARE(b.vault.log.last("hold.set").object->id, b.old.text());
        QVERIFY(await(b.retention.releaseHold(hold->id)).ok());
        QCOMPARE(b.vault.log.last("hold.released").object->id, b.old.text());
        QCOMPARE(await(b.retention.releaseHold(hold->id)).error().code, ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestRetentionService)
#include "tst_retention_service.moc"
