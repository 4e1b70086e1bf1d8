// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fakes/await.h"
#include "tests/support/fakes/fake_policy_source.h"
#include "tests/support/fakes/fake_vault.h"
#include "tests/support/fakes/movable_clock.h"
#include "ui/shell/log_state.h"

using namespace tramontane;
using namespace tramontane::test;
using tramontane::ui::LogState;
using State = LogState::State;

namespace {

struct Bench {
    Script script;
    MovableClock clock;
    FakePolicySource policy;
    FakeVault vault{script};
    AuditService audit{vault, policy};
    LogState log{audit, clock};
};

} // namespace

class TestLogState : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void claimsNothingBeforeACheck()
    {
        Bench b;
        QCOMPARE(b.log.state(), State::Recording);
        QVERIFY(!b.log.text().contains(QStringLiteral("whole")));
    }

    void saysWholeOnlyAfterACheck()
    {
        Bench b;
        b.vault.log.verification.records = 12;
        b.log.check();
        QCOMPARE(b.log.state(), State::Checking);
        QTRY_COMPARE(b.log.state(), State::Whole);
        QVERIFY(b.log.text().contains(QStringLiteral("checked")));
        QVERIFY(b.log.explanation().contains(QStringLiteral("12")));
    }

    void saysWhatDoesNotHold()
    {
        Bench b;
        b.vault.log.verification.firstBroken = 7;
        b.vault.log.verification.broken = {"Record 7 was changed."};
        b.log.check();
        QTRY_COMPARE(b.log.state(), State::Broken);
        QCOMPARE(b.log.explanation(), QStringLiteral("Record 7 was changed."));
    }

    void saysHowManyAreMissing()
    {
        Bench b;
        b.vault.log.verification.missing = 3;
        b.log.check();
        QTRY_COMPARE(b.log.state(), State::Broken);
        QVERIFY(b.log.explanation().contains(QStringLiteral("3")));
    }

    void aLogThatCannotBeWrittenOutweighsAnOlderCheck()
    {
        Bench b;
        b.log.check();
        QTRY_COMPARE(b.log.state(), State::Whole);
        b.log.setProblem(Error{ErrorCode::AuditUnavailable, "The log is read-only.", {}});
        QCOMPARE(b.log.state(), State::Unwritable);
        QCOMPARE(b.log.explanation(), QStringLiteral("The log is read-only."));
        b.log.setProblem(std::nullopt);
        QCOMPARE(b.log.state(), State::Whole);
    }
};

QTEST_GUILESS_MAIN(TestLogState)
#include "tst_log_state.moc"
