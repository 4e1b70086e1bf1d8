// SPDX-License-Identifier: Apache-2.0
#include "inference/client/restart_policy.h"

#include "tests/unit/inference/client/fake_engine.h"

using namespace tramontane;
using namespace std::chrono_literals;

class TestRestartPolicy : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void firstDeathRestartsAtOnceSecondAfterAPauseThirdNotAtAll();
    void deathsOlderThanTheWindowDoNotCount();
    void deathsWithoutServingCountHoweverLongTheyTake();
    void windowSlides();
    void resetForgets();

private:
    test::HandClock m_clock;
};

void TestRestartPolicy::firstDeathRestartsAtOnceSecondAfterAPauseThirdNotAtAll()
{
    RestartPolicy policy(m_clock);
    QCOMPARE(policy.died().value(), 0ms);
    m_clock.advance(1);
    QCOMPARE(policy.died().value(), RestartPolicy::kPause);
    m_clock.advance(RestartPolicy::kWindow.count() - 2);
    QVERIFY(!policy.died());
}

void TestRestartPolicy::deathsOlderThanTheWindowDoNotCount()
{
    RestartPolicy policy(m_clock);
    for (int i = 0; i < 100; ++i) {
        QCOMPARE(policy.died().value(), 0ms);
        m_clock.advance(RestartPolicy::kWindow.count());
        policy.serves();
    }
}

void TestRestartPolicy::deathsWithoutServingCountHoweverLongTheyTake()
{
    RestartPolicy policy(m_clock);
    QCOMPARE(policy.died().value(), 0ms);
    m_clock.advance(10 * RestartPolicy::kWindow.count());
    QCOMPARE(policy.died().value(), RestartPolicy::kPause);
    m_clock.advance(10 * RestartPolicy::kWindow.count());
    QVERIFY(!policy.died());
    policy.reset();
    QCOMPARE(policy.died().value(), 0ms);
}

void TestRestartPolicy::windowSlides()
{
    RestartPolicy policy(m_clock);
    QVERIFY(policy.died());
    m_clock.advance(40'000);
    QVERIFY(policy.died());
    policy.serves();
    m_clock.advance(40'000); // the first is forgotten, the second is not
    QCOMPARE(policy.died().value(), RestartPolicy::kPause);
    m_clock.advance(10'000);
    QVERIFY(!policy.died());
}

void TestRestartPolicy::resetForgets()
{
    RestartPolicy policy(m_clock);
    QVERIFY(policy.died());
    QVERIFY(policy.died());
    policy.reset();
    QCOMPARE(policy.died().value(), 0ms);
}

QTEST_APPLESS_MAIN(TestRestartPolicy)
#include "tst_restart_policy.moc"
