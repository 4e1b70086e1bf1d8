// SPDX-License-Identifier: Apache-2.0
// The provider with a worker that says nothing any more, or nothing that ends.
#include "inference/client/local_provider.h"

#include "tests/unit/inference/client/fake_engine.h"

using namespace tramontane;
using namespace tramontane::test;

class TestWorkerSilence : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void hungAnswerIsKilledAfterItsCancel();
    void silentWorkerIsKilled_data();
    void silentWorkerIsKilled();
    void frameWithoutEndIsNoLife();
    void frameMayTakeItsTime();
    void idleWorkerIsLeftAlone();

private:
    HandClock m_clock;
};

void TestWorkerSilence::hungAnswerIsKilledAfterItsCancel()
{
    const FakeEngine engine({QStringLiteral("answer=deaf quit=ignore"), QString()});
    WorkerSettings settings = engine.settings();
    settings.cancelLimit = std::chrono::milliseconds(100);
    LocalInferenceProvider provider(settings, m_clock);
    const QSignalSpy back(&provider, &InferenceProvider::workerReady);
    QVERIFY(loadNow(provider).ok());
    Answer answer(provider.generate(aModel().id, question("a")));
    QTRY_COMPARE(answer.text, std::string("one "));
    answer.cancel();
    QTRY_COMPARE(answer.ends, 1);
    QCOMPARE(answer.error.value().code, ErrorCode::EngineStopped);
    QVERIFY(answer.error->detail.starts_with("a cancelled answer did not end"));
    QTRY_COMPARE(back.count(), 1);
}

void TestWorkerSilence::silentWorkerIsKilled_data()
{
    QTest::addColumn<QString>("mode");
    QTest::addColumn<bool>("stopped");
    QTest::addColumn<int>("limit"); // in ms
    QTest::addColumn<QString>("detail");
    QTest::newRow("says nothing any more") << "answer=waits ping=silent" << false << 2000 << "no sign of life";
    QTest::newRow("stopped by the system") << "answer=waits ping=silent" << true << 60'000 << "the process was stopped";
    QTest::newRow("busy, but lives") << "answer=waits ping=counted" << false << 5000 << "";
}

void TestWorkerSilence::silentWorkerIsKilled()
{
    QFETCH(QString, mode);
    QFETCH(bool, stopped);
    QFETCH(int, limit);
    QFETCH(QString, detail);
    constexpr int kBeat = 50;
    const FakeEngine engine({mode, QString()});
    WorkerSettings settings = engine.settings();
    settings.heartbeat = std::chrono::milliseconds(kBeat);
    settings.silenceLimit = std::chrono::milliseconds(limit);
    qint64 askedAbout = 0;
    bool heard = false; // before, it would be killed with its text still unread
    settings.isStopped = [&](qint64 process) {
        askedAbout = process;
        return stopped && heard;
    };
    LocalInferenceProvider provider(settings, m_clock);
    const QSignalSpy back(&provider, &InferenceProvider::workerReady);
    QVERIFY(loadNow(provider).ok());
    const qint64 process = provider.workerProcessId(aModel().id);
    Answer answer(provider.generate(aModel().id, question("a")));
    QTRY_COMPARE(answer.text, std::string("one "));
    heard = true;
    if (detail.isEmpty()) {
        // Never more than one a beat: so many of them took longer than the limit.
        const qsizetype many = limit / kBeat + 10;
        QTRY_VERIFY_WITH_TIMEOUT(engine.log().count(QStringLiteral("ping")) > many || answer.ends != 0, 60'000);
        QCOMPARE(answer.ends, 0);
        return;
    }
    QTRY_COMPARE_WITH_TIMEOUT(answer.ends, 1, 30'000);
    QCOMPARE(answer.error.value().code, ErrorCode::EngineStopped);
    QVERIFY2(answer.error->detail.starts_with(detail.toStdString()), answer.error->detail.c_str());
    QCOMPARE(askedAbout, process);
    QTRY_COMPARE(back.count(), 1);
}

// Every sign of life goes into the frame that has no end.
void TestWorkerSilence::frameWithoutEndIsNoLife()
{
    const FakeEngine engine({QStringLiteral("answer=unfinished ping=counted"), QString()});
    WorkerSettings settings = engine.settings();
    settings.heartbeat = std::chrono::milliseconds(20);
    settings.silenceLimit = std::chrono::minutes(10);
    settings.frameLimit = std::chrono::milliseconds(400);
    LocalInferenceProvider provider(settings, m_clock);
    QVERIFY(loadNow(provider).ok());
    Answer answer(provider.generate(aModel().id, question("a")));
    QTRY_COMPARE_WITH_TIMEOUT(answer.ends, 1, 30'000);
    QCOMPARE(answer.text, std::string("one "));
    QCOMPARE(answer.error.value().code, ErrorCode::EngineStopped);
    QVERIFY2(answer.error->detail.starts_with("a frame that has begun does not end"), answer.error->detail.c_str());
}

void TestWorkerSilence::frameMayTakeItsTime()
{
    const FakeEngine engine({QStringLiteral("answer=late"), QString()});
    WorkerSettings settings = engine.settings();
    settings.frameLimit = std::chrono::minutes(1);
    LocalInferenceProvider provider(settings, m_clock);
    QVERIFY(loadNow(provider).ok());
    Answer answer(provider.generate(aModel().id, question("a")));
    QTRY_COMPARE_WITH_TIMEOUT(answer.text, std::string("one two"), 30'000);
    QCOMPARE(answer.ends, 0);
}

void TestWorkerSilence::idleWorkerIsLeftAlone()
{
    const FakeEngine engine({QStringLiteral("ping=silent")});
    WorkerSettings settings = engine.settings();
    settings.heartbeat = std::chrono::milliseconds(20);
    settings.silenceLimit = std::chrono::milliseconds(40);
    LocalInferenceProvider provider(settings, m_clock);
    const QSignalSpy stopped(&provider, &InferenceProvider::workerStopped);
    QVERIFY(loadNow(provider).ok());
    QTest::qWait(300);
    QCOMPARE(stopped.count(), 0);
}

QTEST_GUILESS_MAIN(TestWorkerSilence)
#include "tst_worker_silence.moc"
