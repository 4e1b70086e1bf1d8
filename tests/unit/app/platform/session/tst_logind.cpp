// SPDX-License-Identifier: Apache-2.0
// Against a scripted logind on a bus of its own: which session is watched, what its signals become, how sleep waits.
#include "app/platform/session/desktop_session.h"
#include "tests/support/logind/fake_logind.h"

#include <QSignalSpy>
#include <QTest>

using namespace tramontane;
using namespace tramontane::test;

class TestLogind : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void theScreenOfTheSession_data();
    void theScreenOfTheSession();
    void anotherSessionIsNoneOfOurs();
    void unlockingSaysNothing();
    void sleepWaitsWhileAVaultIsOpen();
    void sleepWaitsAgainAfterWakingUp();
    void whatIsGivenUpBeforeItIsThereIsNotKept();
    void aRefusedInhibitorStillTellsOfSleep();
    void withoutABusNothingHappens(); // last: it ends the bus

private:
    std::unique_ptr<FakeLogind> m_logind;
};

void TestLogind::initTestCase()
{
    qunsetenv("XDG_SESSION_ID");
    // One for all: the library under Qt asks for the address of a bus only once.
    m_logind = std::make_unique<FakeLogind>();
    QVERIFY2(m_logind->problem().isEmpty(), qPrintable(m_logind->problem()));
}

void TestLogind::init()
{
    QTRY_COMPARE(m_logind->manager.inhibitors(), 0);
    m_logind->manager.calls.clear();
    m_logind->manager.knowsProcess = true;
    m_logind->manager.refusesInhibitors = false;
}

void TestLogind::theScreenOfTheSession_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<bool>("knowsProcess");
    QTest::newRow("named by the environment") << "1" << true;
    QTest::newRow("of the process") << "" << true;
    QTest::newRow("of the person's screen") << "" << false;
}

void TestLogind::theScreenOfTheSession()
{
    QFETCH(QString, id);
    QFETCH(bool, knowsProcess);
    if (id.isEmpty())
        qunsetenv("XDG_SESSION_ID");
    else
        qputenv("XDG_SESSION_ID", id.toUtf8());
    m_logind->manager.knowsProcess = knowsProcess;
    const auto watch = watchDesktopSession();
    qunsetenv("XDG_SESSION_ID");
    QSignalSpy locked(watch.get(), &SessionWatch::sessionLocked);
    // The session is found in the background: signals that come before are not heard.
    QTRY_VERIFY((m_logind->lockSession(), QTest::qWait(20), locked.size() >= 1));
    locked.clear();
    m_logind->setLockedHint(true);
    QTRY_COMPARE(locked.size(), 1);
}

void TestLogind::anotherSessionIsNoneOfOurs()
{
    const auto watch = watchDesktopSession();
    QSignalSpy locked(watch.get(), &SessionWatch::sessionLocked);
    QTRY_VERIFY((m_logind->lockSession(), QTest::qWait(20), locked.size() >= 1));
    locked.clear();
    m_logind->lockSession(QStringLiteral("/org/freedesktop/login1/session/_32"));
    m_logind->setLockedHint(true); // comes after it
    QTRY_COMPARE(locked.size(), 1);
}

void TestLogind::unlockingSaysNothing()
{
    const auto watch = watchDesktopSession();
    QSignalSpy locked(watch.get(), &SessionWatch::sessionLocked);
    QTRY_VERIFY((m_logind->lockSession(), QTest::qWait(20), locked.size() >= 1));
    locked.clear();
    m_logind->setLockedHint(false);
    m_logind->setLockedHint(true);
    QTRY_COMPARE(locked.size(), 1);
}

void TestLogind::sleepWaitsWhileAVaultIsOpen()
{
    const auto watch = watchDesktopSession();
    QSignalSpy sleeps(watch.get(), &SessionWatch::aboutToSleep);
    QCOMPARE(m_logind->manager.inhibitors(), 0);
    watch->hold();
    QTRY_COMPARE(m_logind->manager.inhibitors(), 1);
    QVERIFY(m_logind->manager.calls.contains(QStringLiteral("Inhibit sleep Tramontane delay")));
    m_logind->prepareForSleep(true);
    QTRY_COMPARE(sleeps.size(), 1);
    QCOMPARE(m_logind->manager.inhibitors(), 1); // not before the vault is closed
    watch->letGo();
    QTRY_COMPARE(m_logind->manager.inhibitors(), 0);
    watch->letGo();
}

void TestLogind::sleepWaitsAgainAfterWakingUp()
{
    const auto watch = watchDesktopSession();
    watch->hold();
    QTRY_COMPARE(m_logind->manager.inhibitors(), 1);
    m_logind->prepareForSleep(true);
    watch->letGo();
    QTRY_COMPARE(m_logind->manager.inhibitors(), 0);
    watch->hold(); // unlocked
    m_logind->prepareForSleep(false);
    QTRY_COMPARE(m_logind->manager.inhibitors(), 1);
    QTest::qWait(50);
    QCOMPARE(m_logind->manager.inhibitors(), 1);
}

void TestLogind::whatIsGivenUpBeforeItIsThereIsNotKept()
{
    const auto watch = watchDesktopSession();
    watch->hold();
    watch->letGo();
    QTRY_VERIFY(m_logind->manager.calls.contains(QStringLiteral("Inhibit sleep Tramontane delay")));
    QTRY_COMPARE(m_logind->manager.inhibitors(), 0);
}

void TestLogind::aRefusedInhibitorStillTellsOfSleep()
{
    m_logind->manager.refusesInhibitors = true;
    const auto watch = watchDesktopSession();
    QSignalSpy sleeps(watch.get(), &SessionWatch::aboutToSleep);
    watch->hold();
    QTRY_VERIFY(m_logind->manager.calls.contains(QStringLiteral("Inhibit sleep Tramontane delay")));
    QTRY_VERIFY((m_logind->prepareForSleep(true), QTest::qWait(20), sleeps.size() >= 1));
    watch->letGo();
}

void TestLogind::withoutABusNothingHappens()
{
    m_logind.reset(); // the address leads nowhere now
    const auto watch = watchDesktopSession();
    watch->hold();
    watch->letGo();
}

QTEST_GUILESS_MAIN(TestLogind)
#include "tst_logind.moc"
