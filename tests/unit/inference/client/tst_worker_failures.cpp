// SPDX-License-Identifier: Apache-2.0
// The provider with a worker that dies, lies or floods.
#include "inference/client/local_provider.h"

#include "inference/client/restart_policy.h"
#include "inference/client/worker_process.h"
#include "tests/unit/inference/client/fake_engine.h"

using namespace tramontane;
using namespace tramontane::test;

class TestWorkerFailures : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void workerThatEndsMidAnswerIsBack_data();
    void workerThatEndsMidAnswerIsBack();
    void errorOutputCarriesNoContent();
    void killedWorkerIsBack();
    void requestsThatWaitAreAnsweredByTheNextWorker();
    void embeddingGoesWrong_data();
    void embeddingGoesWrong();
    void rankingGoesWrong_data();
    void rankingGoesWrong();
    void thirdEndWithinAMinuteIsTheLast();
    void endsThatAreFarApartDoNotCount();
    void helloGoesWrong_data();
    void helloGoesWrong();
    void missingProgram();
    void loadThatFailsIsNotTriedAgain();
    void loadThatCrashesIsTriedThreeTimes();
    void loadThatIsKilledSaysNothingAgainstTheFile();
    void restartThatCannotLoadIsReported();
    void failureMayBeAnsweredWithALoad();
    void impossibleMeasurement_data();
    void impossibleMeasurement();
    void anotherFileThanWanted_data();
    void anotherFileThanWanted();
    void backlogOfSmallFramesIsLimited();
    void talkAfterTheEndIsNotKept();

private:
    HandClock m_clock;
};

void TestWorkerFailures::workerThatEndsMidAnswerIsBack_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("detail");
    QTest::newRow("crash") << "die"
                           << "ended by signal 6";
    QTest::newRow("exit") << "exit"
                          << "ended with exit code 3";
    QTest::newRow("says why") << "confess"
                              << "device lost; ended with exit code 1";
    QTest::newRow("garbage") << "garbage"
                             << "frame length";
    QTest::newRow("oversized frame") << "oversized"
                                     << "frame length";
    QTest::newRow("unknown frame") << "unknown"
                                   << "unknown frame type";
    QTest::newRow("request that nobody made") << "foreign"
                                              << "a request that nobody made";
    QTest::newRow("text for the connection") << "zero"
                                             << "a request that nobody made";
    QTest::newRow("frame of another request") << "wrong"
                                              << "tokens in an answer";
    QTest::newRow("second hello") << "hello"
                                  << "a request that nobody made";
    QTest::newRow("second load") << "load"
                                 << "a second answer to the load";
    QTest::newRow("endless answer") << "flood"
                                    << "longer than its limit";
    QTest::newRow("endless progress") << "flood-progress"
                                      << "more frames than its tokens allow";
    QTest::newRow("endless text without a letter") << "flood-empty"
                                                   << "more frames than its tokens allow";
    for (const char *how : {"bad-tokens", "bad-count", "bad-time", "bad-speed"})
        QTest::newRow(how) << how << "impossible statistics";
    QTest::newRow("endless late text") << "flood-late"
                                       << "have ended";
    QTest::newRow("half a frame") << "inside"
                                  << "(inside a frame)";
}

void TestWorkerFailures::workerThatEndsMidAnswerIsBack()
{
    QFETCH(QString, how);
    QFETCH(QString, detail);
    const FakeEngine engine({QStringLiteral("answer=") + how, QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QSignalSpy stopped(&provider, &InferenceProvider::workerStopped);
    QSignalSpy back(&provider, &InferenceProvider::workerReady);
    QVERIFY(loadNow(provider).ok());
    QCOMPARE(back.count(), 0);
    Answer answer(provider.generate(aModel().id, question("a")));
    QTRY_COMPARE_WITH_TIMEOUT(back.count(), 1, 10'000);
    QVERIFY(answer.text.starts_with("one "));
    QCOMPARE(answer.ends, 1);
    if (how != QStringLiteral("flood-late")) {
        QCOMPARE(answer.error.value().code, ErrorCode::EngineStopped);
        QVERIFY2(QString::fromStdString(answer.error->detail).contains(detail), answer.error->detail.c_str());
        QVERIFY(answer.error->message.find("saved") != std::string::npos);
    }
    QCOMPARE(stopped.count(), 1);
    const auto error = stopped.at(0).at(1).value<Error>();
    QCOMPARE(error.code, ErrorCode::EngineStopped);
    QVERIFY2(QString::fromStdString(error.detail).contains(detail), error.detail.c_str());
    QCOMPARE(back.at(0).at(1).value<LoadedModel>().contextTokens, 2048);
    Answer next(provider.generate(aModel().id, question("next")));
    QTRY_COMPARE(next.ends, 1);
    QCOMPARE(next.text, std::string("next"));
    QCOMPARE(engine.starts(), 2);
}

void TestWorkerFailures::errorOutputCarriesNoContent()
{
    const FakeEngine engine({QStringLiteral("answer=talk-and-die"), QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loadNow(provider).ok());
    Answer answer(provider.generate(aModel().id, question("MARKER-IN-PROMPT")));
    QTRY_COMPARE(answer.ends, 1);
    QCOMPARE(answer.error.value().detail, std::string("ended by signal 6: tramontane-engine: out of memory"));
}

void TestWorkerFailures::killedWorkerIsBack()
{
    const FakeEngine engine({QStringLiteral("answer=wait"), QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    const QSignalSpy back(&provider, &InferenceProvider::workerReady);
    QVERIFY(loadNow(provider).ok());
    Answer first(provider.generate(aModel().id, question("a")));
    Answer second(provider.generate(aModel().id, question("b")));
    const auto size = provider.measure(aModel().id, {}, {});
    QTRY_VERIFY(first.text == "one " && second.text == "one " && size.isFinished());
    const qint64 pid = provider.workerProcessId(aModel().id);
    QCOMPARE(QProcess::execute(QStringLiteral("kill"), {QStringLiteral("-9"), QString::number(pid)}), 0);
    QTRY_COMPARE(back.count(), 1);
    QCOMPARE(first.error.value().code, ErrorCode::EngineStopped);
    QCOMPARE(second.error.value().code, ErrorCode::EngineStopped);
    QCOMPARE(first.error->detail, std::string("ended by signal 9"));
    QVERIFY(provider.workerProcessId(aModel().id) != pid);
}

void TestWorkerFailures::requestsThatWaitAreAnsweredByTheNextWorker()
{
    const FakeEngine engine({QStringLiteral("answer=die"), QStringLiteral("hello=slow")});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    const QSignalSpy stopped(&provider, &InferenceProvider::workerStopped);
    QVERIFY(loadNow(provider).ok());
    Answer lost(provider.generate(aModel().id, question("a")));
    QTRY_COMPARE(stopped.count(), 1);
    Answer kept(provider.generate(aModel().id, question("kept")));
    const auto joined = provider.load(aModel(), {});
    QVERIFY(!joined.isFinished());
    QTRY_COMPARE(kept.ends, 1);
    QCOMPARE(kept.text, std::string("kept"));
    QVERIFY(joined.isFinished() && joined.result().ok());
    QCOMPARE(engine.starts(), 2);
}

void TestWorkerFailures::embeddingGoesWrong_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("detail");
    QTest::newRow("dies") << "die"
                          << "ended by signal 6";
    QTest::newRow("too many rows") << "rows"
                                   << "as many vectors";
    QTest::newRow("impossible length") << "dims"
                                       << "impossible length";
    QTest::newRow("too short") << "short"
                               << "vectors are missing";
    QTest::newRow("endless pieces of nothing") << "empty"
                                               << "without data";
    QTest::newRow("ignores the credit") << "greedy"
                                        << "bulk";
    QTest::newRow("no numbers") << "infinite"
                                << "no numbers";
}

void TestWorkerFailures::rankingGoesWrong_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("detail");
    QTest::newRow("too many scores") << "rows"
                                     << "as many scores";
    QTest::newRow("out of range") << "infinite"
                                  << "out of range";
}

void TestWorkerFailures::rankingGoesWrong()
{
    QFETCH(QString, how);
    QFETCH(QString, detail);
    const FakeEngine engine({QStringLiteral("embed=") + how, QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loadNow(provider).ok());
    const auto scores = provider.rerank(aModel().id, "q", {"a", "b"});
    QTRY_VERIFY(scores.isFinished());
    QCOMPARE(scores.result().error().code, ErrorCode::EngineStopped);
    QVERIFY(QString::fromStdString(scores.result().error().detail).contains(detail));
    const auto again = provider.rerank(aModel().id, "q", {"a", "b"});
    QTRY_VERIFY(again.isFinished());
    QCOMPARE(again.result()->size(), std::size_t{2});
}

void TestWorkerFailures::embeddingGoesWrong()
{
    QFETCH(QString, how);
    QFETCH(QString, detail);
    const FakeEngine engine({QStringLiteral("embed=") + how, QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loadNow(provider).ok());
    const auto vectors = provider.embed(aModel().id, {"a", "b", "c"}, {});
    QTRY_VERIFY(vectors.isFinished());
    const Error error = vectors.result().error();
    QCOMPARE(error.code, ErrorCode::EngineStopped);
    QVERIFY2(QString::fromStdString(error.detail).contains(detail), error.detail.c_str());
    const auto again = provider.embed(aModel().id, {"a", "b", "c"}, {});
    QTRY_VERIFY(again.isFinished());
    QCOMPARE(again.result()->size(), std::size_t{3});
}

void TestWorkerFailures::thirdEndWithinAMinuteIsTheLast()
{
    const FakeEngine engine({QStringLiteral("answer=die")});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    const QSignalSpy stopped(&provider, &InferenceProvider::workerStopped);
    const QSignalSpy back(&provider, &InferenceProvider::workerReady);
    QVERIFY(loadNow(provider).ok());
    constexpr int kDeaths = RestartPolicy::kDeaths;
    for (int death = 1; death <= kDeaths; ++death) {
        Answer answer(provider.generate(aModel().id, question("a")));
        QTRY_COMPARE(answer.ends, 1);
        QCOMPARE(answer.error.value().code, ErrorCode::EngineStopped);
        QTRY_COMPARE(stopped.count(), death);
        const auto code = stopped.last().at(1).value<Error>().code;
        QCOMPARE(code, death < kDeaths ? ErrorCode::EngineStopped : ErrorCode::EngineUnavailable);
        if (death < kDeaths)
            QTRY_COMPARE(back.count(), death);
    }
    QTest::qWait(2 * static_cast<int>(RestartPolicy::kPause.count()));
    QCOMPARE(engine.starts(), 3);
    QCOMPARE(provider.workerProcessId(aModel().id), 0);
    Answer refused(provider.generate(aModel().id, question("a")));
    QTRY_COMPARE(refused.ends, 1);
    QCOMPARE(refused.error.value().code, ErrorCode::ModelNotFound);
    QVERIFY(loadNow(provider).ok()); // a person may try again
    QCOMPARE(engine.starts(), 4);
}

void TestWorkerFailures::endsThatAreFarApartDoNotCount()
{
    const FakeEngine engine({QStringLiteral("answer=die")});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    const QSignalSpy back(&provider, &InferenceProvider::workerReady);
    QVERIFY(loadNow(provider).ok());
    for (int death = 1; death <= 5; ++death) {
        Answer answer(provider.generate(aModel().id, question("a")));
        QTRY_COMPARE(answer.ends, 1);
        QTRY_COMPARE(back.count(), death);
        m_clock.advance(RestartPolicy::kWindow.count() / 2 + 1);
    }
}

void TestWorkerFailures::helloGoesWrong_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<int>("starts");
    QTest::addColumn<QString>("detail");
    QTest::newRow("none") << "none" << 3 << "no hello within 300 ms";
    QTest::newRow("garbage") << "garbage" << 3 << "frame length";
    QTest::newRow("oversized") << "oversized" << 3 << "frame length";
    QTest::newRow("another frame") << "other" << 3 << "text instead of hello";
    QTest::newRow("exit") << "exit" << 3 << "ended with exit code 7";
    QTest::newRow("another version") << "version" << 1 << "protocol version 4 instead of 3";
    QTest::newRow("refusal") << "refuse" << 1 << "seccomp";
}

void TestWorkerFailures::helloGoesWrong()
{
    QFETCH(QString, how);
    QFETCH(int, starts);
    QFETCH(QString, detail);
    const FakeEngine engine({QStringLiteral("hello=") + how});
    WorkerSettings settings = engine.settings();
    // A slow machine must not be taken for a worker that says nothing.
    settings.helloLimit = std::chrono::milliseconds(how == QStringLiteral("none") ? 300 : 30'000);
    settings.killAfter = std::chrono::milliseconds(100);
    LocalInferenceProvider provider(settings, m_clock);
    const QSignalSpy stopped(&provider, &InferenceProvider::workerStopped);
    const auto loaded = loadNow(provider);
    QVERIFY(!loaded.ok());
    QCOMPARE(loaded.error().code, ErrorCode::EngineUnavailable);
    QVERIFY2(QString::fromStdString(loaded.error().detail).contains(detail), loaded.error().detail.c_str());
    QCOMPARE(engine.starts(), starts);
    QCOMPARE(stopped.count(), 0); // it never served
    QTRY_COMPARE(provider.workerProcessId(aModel().id), 0);
}

void TestWorkerFailures::missingProgram()
{
    LocalInferenceProvider provider({QStringLiteral("/nonexistent/tramontane-engine")}, m_clock);
    const auto future = provider.load(aModel(), {});
    const auto size = provider.measure(aModel().id, {}, {});
    QVERIFY(!future.isFinished()); // never from within the call
    QTRY_VERIFY(future.isFinished() && size.isFinished());
    QCOMPARE(future.result().error().code, ErrorCode::EngineUnavailable);
    QCOMPARE(size.result().error().code, ErrorCode::EngineUnavailable);
}

void TestWorkerFailures::loadThatFailsIsNotTriedAgain()
{
    const FakeEngine engine({QStringLiteral("load=truncated"), QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    const QSignalSpy stopped(&provider, &InferenceProvider::workerStopped);
    const auto loading = provider.load(aModel(), {});
    Answer answer(provider.generate(aModel().id, question("a")));
    QTRY_VERIFY(loading.isFinished());
    QCOMPARE(loading.result().error().code, ErrorCode::ModelTruncated);
    QCOMPARE(loading.result().error().detail, std::string("tensor 3"));
    QCOMPARE(answer.error.value().code, ErrorCode::ModelTruncated);
    QTRY_COMPARE(provider.workerProcessId(aModel().id), 0);
    QCOMPARE(engine.starts(), 1);
    QCOMPARE(stopped.count(), 0);
    QVERIFY(loadNow(provider).ok());
}

void TestWorkerFailures::loadThatCrashesIsTriedThreeTimes()
{
    const QString crash = QStringLiteral("load=crash");
    const FakeEngine engine({crash, crash, crash, QStringLiteral("load=other"), QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    const auto loaded = loadNow(provider);
    QCOMPARE(loaded.error().code, ErrorCode::ModelCrashes);
    QCOMPARE(loaded.error().detail, std::string("ended by signal 6"));
    QCOMPARE(engine.starts(), 3);
    QVERIFY(loadNow(provider).ok()); // the first start answers nonsense, the second loads
    QCOMPARE(engine.starts(), 5);
}

void TestWorkerFailures::loadThatIsKilledSaysNothingAgainstTheFile()
{
    const FakeEngine engine({QStringLiteral("load=killed")});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    const auto loaded = loadNow(provider);
    QCOMPARE(loaded.error().code, ErrorCode::ModelLoadFailed);
    QCOMPARE(loaded.error().detail, std::string("ended by signal 9"));
    QCOMPARE(engine.starts(), 3);
}

void TestWorkerFailures::restartThatCannotLoadIsReported()
{
    const FakeEngine engine({QStringLiteral("answer=die"), QStringLiteral("load=truncated")});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    const QSignalSpy stopped(&provider, &InferenceProvider::workerStopped);
    QVERIFY(loadNow(provider).ok());
    Answer answer(provider.generate(aModel().id, question("a")));
    QTRY_COMPARE(stopped.count(), 2);
    QCOMPARE(stopped.at(0).at(1).value<Error>().code, ErrorCode::EngineStopped);
    QCOMPARE(stopped.at(1).at(1).value<Error>().code, ErrorCode::ModelTruncated);
    QTRY_COMPARE(provider.workerProcessId(aModel().id), 0);
}

void TestWorkerFailures::failureMayBeAnsweredWithALoad()
{
    const FakeEngine engine({QStringLiteral("load=truncated"), QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    std::optional<Async<LoadedModel>> second;
    const auto first = provider.load(aModel(), {}).then(this, [&](const Result<LoadedModel> &) {
        second = provider.load(aModel(), {});
    });
    QTRY_VERIFY(second && second->isFinished());
    QVERIFY(second->result().ok());
    QCOMPARE(engine.starts(), 2);
}

void TestWorkerFailures::impossibleMeasurement_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"negative", "huge", "no-context", "huge-context"})
        QTest::newRow(how) << how;
}

void TestWorkerFailures::impossibleMeasurement()
{
    QFETCH(QString, how);
    const FakeEngine engine({QStringLiteral("measure=") + how, QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loadNow(provider).ok());
    const auto size = provider.measure(aModel().id, {{Role::User, "u"}}, {});
    QTRY_VERIFY(size.isFinished());
    QCOMPARE(size.result().error().code, ErrorCode::EngineStopped);
    QVERIFY2(size.result().error().detail.starts_with("a measurement with impossible numbers"),
             size.result().error().detail.c_str());
}

void TestWorkerFailures::anotherFileThanWanted_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("detail");
    QTest::newRow("as wanted") << "ok" << QString();
    QTest::newRow("another sum") << "sum"
                                 << "loaded: another SHA-256";
    QTest::newRow("another size") << "bytes"
                                  << "loaded: another size";
    QTest::newRow("other adapters") << "adapters"
                                    << "loaded: other adapters";
}

void TestWorkerFailures::anotherFileThanWanted()
{
    QFETCH(QString, how);
    QFETCH(QString, detail);
    const FakeEngine engine({QStringLiteral("load=") + how});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    ModelRef model = aModel();
    model.description.sha256 = std::string(64, 'a');
    model.description.fileBytes = 1000;
    LoadOptions options;
    options.adapters = {{"/models/style.gguf", std::string(64, 'b')}};
    const auto loading = provider.load(model, options);
    QTRY_VERIFY_WITH_TIMEOUT(loading.isFinished(), 10'000);
    QCOMPARE(loading.result().ok(), detail.isEmpty());
    if (!detail.isEmpty())
        QVERIFY2(loading.result().error().detail.starts_with(detail.toStdString()),
                 loading.result().error().detail.c_str());
}

// Frames come faster than they are handled, and each is allowed: only the memory that they wait in says stop.
void TestWorkerFailures::backlogOfSmallFramesIsLimited()
{
    const FakeEngine engine({QStringLiteral("answer=flood-progress")});
    WorkerSettings settings = engine.settings();
    settings.unreadLimit = 512 * 1024;
    int frames = 0;
    WorkerProcess worker(settings, [&frames](std::uint64_t, const protocol::Payload &) {
        ++frames;
        return Status();
    });
    std::optional<WorkerEnd> end;
    connect(&worker, &WorkerProcess::ready, this, [&worker] { QVERIFY(worker.send(7, protocol::Generate{}).ok()); });
    connect(&worker, &WorkerProcess::ended, this, [&end](const WorkerEnd &how) { end = how; });
    worker.start();
    QTRY_VERIFY_WITH_TIMEOUT(end.has_value(), 20'000);
    QCOMPARE(end->error.code, ErrorCode::EngineProtocol);
    QVERIFY2(end->error.detail.starts_with("the worker sends more than anybody asked for"), end->error.detail.c_str());
    QVERIFY(frames > 0);
}

void TestWorkerFailures::talkAfterTheEndIsNotKept()
{
    const FakeEngine engine({QStringLiteral("answer=flood-progress")});
    WorkerSettings settings = engine.settings();
    settings.terminateAfter = std::chrono::milliseconds(300);
    settings.unreadLimit = 512 * 1024;
    int frames = 0;
    WorkerProcess *asked = nullptr;
    WorkerProcess worker(settings, [&](std::uint64_t, const protocol::Payload &) {
        // At once: a little later the backlog would be too large, and that an end of another kind.
        if (++frames == 1)
            asked->end();
        return Status();
    });
    asked = &worker;
    std::optional<WorkerEnd> end;
    connect(&worker, &WorkerProcess::ready, this, [&worker] { QVERIFY(worker.send(7, protocol::Generate{}).ok()); });
    connect(&worker, &WorkerProcess::ended, this, [&end](const WorkerEnd &how) { end = how; });
    worker.start();
    QTRY_VERIFY_WITH_TIMEOUT(end.has_value(), 20'000);
    QCOMPARE(end->kind, WorkerEnd::Kind::Asked);
    QCOMPARE(frames, 1);
}

QTEST_GUILESS_MAIN(TestWorkerFailures)
#include "tst_worker_failures.moc"
