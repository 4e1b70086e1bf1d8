// SPDX-License-Identifier: Apache-2.0
// When a vault is locked without anybody asking: on a clock that the test moves.
#include "app/services/auto_lock.h"

#include "tests/support/fakes/await.h"
#include "tests/support/fakes/fake_policy_source.h"
#include "tests/support/fakes/fake_vault.h"
#include "tests/support/fakes/movable_clock.h"

#include <QSignalSpy>
#include <QTest>

#include <optional>

using namespace tramontane;
using namespace tramontane::test;

namespace {

constexpr qint64 kMinute = 60'000;

class ScriptedWatch final : public SessionWatch {
public:
    void hold() override { held = true; }
    void letGo() override { held = false; }
    bool held = false;
};

struct Bench {
    explicit Bench(const std::string &minutes = "15")
    {
        vault.settingStore.values[settings::kLockAfterMinutes] = minutes;
        (void)await(service.start());
        lock.emplace(service, &watch, clock);
        QObject::connect(&*lock, &AutoLock::due, [this](LockCause cause) { causes.push_back(cause); });
        QObject::connect(&*lock, &AutoLock::warned, [this](int seconds) { warnings.push_back(seconds); });
        QObject::connect(&*lock, &AutoLock::warningOver, [this] { ++takenBack; });
    }
    void wait(qint64 ms)
    {
        clock.advance(ms);
        lock->look();
    }

    Script script;
    MovableClock clock;
    FakePolicySource policy;
    FakeVault vault{script};
    SettingService service{vault, policy};
    ScriptedWatch watch;
    std::optional<AutoLock> lock;
    std::vector<LockCause> causes;
    std::vector<int> warnings;
    int takenBack = 0;
};

using Causes = std::vector<LockCause>;

} // namespace

class TestAutoLock : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void locksAfterTheTimeThatWasSet()
    {
        Bench b;
        b.wait(15 * kMinute - 1);
        QVERIFY(b.causes.empty());
        b.wait(1);
        QCOMPARE(b.causes, Causes{LockCause::Idle});
        b.wait(kMinute); // once
        QCOMPARE(b.causes.size(), std::size_t(1));
    }

    void useBeginsTheTimeAnew()
    {
        Bench b;
        for (int i = 0; i < 10; ++i) {
            b.wait(13 * kMinute);
            b.lock->used();
        }
        QVERIFY(b.causes.empty());
        QVERIFY(b.warnings.empty());
    }

    void warnsAMinuteBeforeAndTakesItBack()
    {
        Bench b;
        b.wait(14 * kMinute - 1);
        QVERIFY(b.warnings.empty());
        b.wait(1);
        QCOMPARE(b.warnings, std::vector<int>{60});
        b.wait(20'000);
        QCOMPARE(b.warnings.size(), std::size_t(1)); // said once
        QVERIFY(b.lock->warning());
        b.lock->used();
        QCOMPARE(b.takenBack, 1);
        QVERIFY(!b.lock->warning());
        b.wait(14 * kMinute);
        QCOMPARE(b.warnings.size(), std::size_t(2));
    }

    void aMinuteIsWarnedOfHalfwayThrough()
    {
        Bench b("1");
        b.wait(29'999);
        QVERIFY(b.warnings.empty());
        b.wait(1);
        QCOMPARE(b.warnings, std::vector<int>{30});
        b.wait(30'000);
        QCOMPARE(b.causes, Causes{LockCause::Idle});
    }

    void zeroMeansNever()
    {
        Bench b("0");
        b.wait(1000 * 60 * kMinute);
        QVERIFY(b.causes.empty());
        QVERIFY(b.warnings.empty());
    }

    /// The steady clock stands still while a machine sleeps.
    void timeThatWasSleptCounts()
    {
        Bench b;
        b.clock.setUtc(b.clock.utcMs() + 20 * kMinute);
        b.lock->look();
        QCOMPARE(b.causes, Causes{LockCause::Idle});
    }

    void aClockThatIsSetBackDoesNotKeepItOpen()
    {
        Bench b;
        b.clock.setUtc(b.clock.utcMs() - 500 * kMinute);
        b.wait(15 * kMinute);
        QCOMPARE(b.causes, Causes{LockCause::Idle});
    }

    void aPolicyTakesEffectAtOnce()
    {
        Bench b;
        b.wait(10 * kMinute);
        b.policy.setManaged(R"({"id": "t", "version": 1, "values": {"vault.lockAfterMinutes": 5}})");
        QCOMPARE(b.causes, Causes{LockCause::Idle});
    }

    void aPolicyThatCannotBeTrustedLocksSoon()
    {
        Bench b("0");
        b.policy.setInvalid();
        b.wait(5 * kMinute);
        QCOMPARE(b.causes, Causes{LockCause::Idle});
    }

    void theScreenAndSleepLockAtOnce()
    {
        Bench screen;
        Q_EMIT screen.watch.sessionLocked();
        QCOMPARE(screen.causes, Causes{LockCause::SessionLocked});
        Bench sleep("0");
        Q_EMIT sleep.watch.aboutToSleep();
        Q_EMIT sleep.watch.sessionLocked();
        QCOMPARE(sleep.causes, Causes{LockCause::Suspend});
    }

    void sleepWaitsAsLongAsItLives()
    {
        Bench b;
        QVERIFY(b.watch.held);
        Q_EMIT b.watch.aboutToSleep();
        QVERIFY(b.watch.held);
        b.lock.reset();
        QVERIFY(!b.watch.held);
    }
};

QTEST_GUILESS_MAIN(TestAutoLock)
#include "tst_auto_lock.moc"
