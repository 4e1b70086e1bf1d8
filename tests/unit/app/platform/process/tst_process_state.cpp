// SPDX-License-Identifier: Apache-2.0
#include "app/platform/process/process_state.h"

#include <QProcess>
#include <QTest>

#include <csignal>

using tramontane::process::isStopped;

class TestProcessState : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aStoppedProcessIsSeen();
    void noSuchProcess() { QVERIFY(!isStopped(0x3FFFFFFF)); }
};

void TestProcessState::aStoppedProcessIsSeen()
{
    QProcess child;
    child.start(QStringLiteral("sleep"), {QStringLiteral("60")});
    QVERIFY(child.waitForStarted());
    const auto id = static_cast<pid_t>(child.processId());
    QVERIFY(!isStopped(id));
    QCOMPARE(kill(id, SIGSTOP), 0);
    QTRY_VERIFY(isStopped(id));
    QCOMPARE(kill(id, SIGCONT), 0);
    QTRY_VERIFY(!isStopped(id));
    child.kill();
    QVERIFY(child.waitForFinished());
}

QTEST_GUILESS_MAIN(TestProcessState)
#include "tst_process_state.moc"
