// SPDX-License-Identifier: Apache-2.0
// The provider with a worker that behaves well.
#include "inference/client/local_provider.h"

#include "tests/unit/inference/client/fake_engine.h"

using namespace tramontane;
using namespace tramontane::test;

class TestLocalProvider : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void loadReportsProgressAndTheModel();
    void loadingTwiceStartsOneWorker();
    void otherOptionsReplaceTheWorker();
    void loadAfterUnloadWaitsForTheOldWorker();
    void answerStreams();
    void failureOfARequestLeavesTheWorkerAlone();
    void manyAnswersInFlight();
    void cancelEndsAndLateTextIsTolerated();
    void cancelBeforeTheWorkerHeardOfIt();
    void droppedAnswerIsCancelled();
    void answerMayBeDroppedFromItsOwnSignal();
    void modelMayBeUnloadedFromASignal();
    void providerMayBeDeletedFromASignal();
    void measure();
    void embed_data();
    void embed();
    void manyTextsGoInGroups();
    void documentsAreRankedInTheirOrder();
    void refusesToRank_data();
    void refusesToRank();
    void unloadCancelsWhatRuns();
    void unloadDuringLoad();
    void unloadNeverWaitsForAnUnwillingWorker();
    void haltKillsWhateverAWorkerDoes_data();
    void haltKillsWhateverAWorkerDoes();
    void haltWithoutAWorkerIsReady();
    void deletedProviderKillsWithoutWaiting();
    void requestsWithoutAModel();
    void textThatIsNotUtf8IsRefused();
    void workerKnowsNothingOfItsSurroundings();

private:
    HandClock m_clock;
};

namespace {

/// Waits for the load. The error, if there was one, is printed.
bool loads(LocalInferenceProvider &provider, const LoadOptions &options = {})
{
    const auto future = provider.load(aModel(), options);
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 5000))
        return false;
    if (!future.result())
        qWarning("%s: %s", future.result().error().message.c_str(), future.result().error().detail.c_str());
    return future.result().ok();
}

/// For tests that demand that a worker has quit by itself: a slow one must not be told to end before.
WorkerSettings patient(const FakeEngine &engine)
{
    WorkerSettings settings = engine.settings();
    settings.terminateAfter = std::chrono::seconds(30);
    settings.killAfter = std::chrono::seconds(60);
    return settings;
}

bool runs(qint64 pid)
{
    return QFile::exists(QStringLiteral("/proc/%1/exe").arg(pid));
}

} // namespace

void TestLocalProvider::loadReportsProgressAndTheModel()
{
    const FakeEngine engine({QStringLiteral("hello=slow")});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(provider.capabilities().local);
    std::vector<double> steps;
    connect(&provider, &InferenceProvider::loadProgress, this, [&](ModelId id, double fraction) {
        QCOMPARE(id, aModel().id);
        steps.push_back(fraction);
    });
    const auto future = provider.load(aModel(), {});
    QVERIFY(!future.isFinished());
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(future.result()->contextTokens, 2048);
    QCOMPARE(future.result()->description.name, std::string("Fake"));
    QCOMPARE(steps, (std::vector<double>{0.25, 0.75}));
    QVERIFY(provider.workerProcessId(aModel().id) > 0);
}

void TestLocalProvider::loadingTwiceStartsOneWorker()
{
    const FakeEngine engine({QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    const auto first = provider.load(aModel(), {});
    const auto second = provider.load(aModel(), {});
    QTRY_VERIFY(first.isFinished() && second.isFinished());
    QVERIFY(first.result().ok() && second.result().ok());
    const auto third = provider.load(aModel(), {});
    QVERIFY(third.isFinished());
    QVERIFY(third.result().ok());
    QCOMPARE(engine.starts(), 1);
}

void TestLocalProvider::otherOptionsReplaceTheWorker()
{
    const FakeEngine engine({QStringLiteral("answer=wait"), QString()});
    LocalInferenceProvider provider(patient(engine), m_clock);
    const QSignalSpy stopped(&provider, &InferenceProvider::workerStopped);
    QVERIFY(loads(provider));
    Answer running(provider.generate(aModel().id, question("a")));
    QTRY_COMPARE(running.text, std::string("one "));
    LoadOptions wider;
    wider.contextTokens = 4096;
    QVERIFY(loads(provider, wider));
    QCOMPARE(running.error.value().code, ErrorCode::Cancelled);
    QCOMPARE(engine.log(), (QStringList{QStringLiteral("start"), QStringLiteral("quit"), QStringLiteral("start")}));
    QCOMPARE(stopped.count(), 0);
    Answer next(provider.generate(aModel().id, question("hello")));
    QTRY_COMPARE(next.ends, 1);
    QCOMPARE(next.text, std::string("hello"));
}

void TestLocalProvider::loadAfterUnloadWaitsForTheOldWorker()
{
    const FakeEngine engine({QStringLiteral("quit=ignore"), QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loads(provider));
    const qint64 old = provider.workerProcessId(aModel().id);
    provider.unload(aModel().id);
    const auto again = provider.load(aModel(), {});
    QVERIFY(runs(old));
    QCOMPARE(engine.starts(), 1);
    QTRY_VERIFY(again.isFinished());
    QVERIFY(again.result().ok());
    QVERIFY(!runs(old));
    QCOMPARE(engine.starts(), 2);
}

void TestLocalProvider::answerStreams()
{
    const FakeEngine engine({QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loads(provider));
    Answer answer(provider.generate(aModel().id, question("Grüße")));
    QTRY_COMPARE(answer.ends, 1);
    QCOMPARE(answer.text, std::string("Grüße"));
    QCOMPARE(answer.reasoning, std::string("hm"));
    QCOMPARE(answer.prompt, std::pair(2, 2));
    QCOMPARE(answer.result.value().state, MessageState::Complete);
    QCOMPARE(answer.result->seed, 7U);
    QCOMPARE(answer.result->usage.answerTokens, 2);
    QCOMPARE(answer.result->stopReason, std::string("stop"));
}

void TestLocalProvider::failureOfARequestLeavesTheWorkerAlone()
{
    const FakeEngine engine({QStringLiteral("answer=failure")});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loads(provider));
    Answer answer(provider.generate(aModel().id, question("a")));
    QTRY_COMPARE(answer.ends, 1);
    QCOMPARE(answer.error.value().code, ErrorCode::ContextFull);
    const auto size = provider.measure(aModel().id, {{Role::User, "a"}}, {});
    QTRY_VERIFY(size.isFinished());
    QVERIFY(size.result().ok());
    QCOMPARE(engine.starts(), 1);
}

void TestLocalProvider::manyAnswersInFlight()
{
    const FakeEngine engine({QStringLiteral("answer=reverse")});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loads(provider));
    Answer first(provider.generate(aModel().id, question("a")));
    Answer second(provider.generate(aModel().id, question("b")));
    Answer third(provider.generate(aModel().id, question("c")));
    QTRY_VERIFY(first.ends == 1 && second.ends == 1 && third.ends == 1);
    QCOMPARE(first.text, std::string("2"));
    QCOMPARE(second.text, std::string("3"));
    QCOMPARE(third.text, std::string("4"));
}

void TestLocalProvider::cancelEndsAndLateTextIsTolerated()
{
    const FakeEngine engine({QStringLiteral("answer=wait")});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loads(provider));
    Answer answer(provider.generate(aModel().id, question("a")));
    QTRY_COMPARE(answer.text, std::string("one "));
    answer.cancel();
    answer.cancel();
    QTRY_COMPARE(answer.ends, 1);
    answer.cancel();
    QCOMPARE(answer.result.value().state, MessageState::Stopped);
    Answer next(provider.generate(aModel().id, question("next")));
    QTRY_COMPARE(next.ends, 1);
    QCOMPARE(next.text, std::string("next"));
    QCOMPARE(answer.text, std::string("one late")); // what came after its end was dropped
    QCOMPARE(engine.log().count(QStringLiteral("cancel")), 1);
    QCOMPARE(engine.starts(), 1);
}

void TestLocalProvider::cancelBeforeTheWorkerHeardOfIt()
{
    const FakeEngine engine({QStringLiteral("hello=slow")});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    const auto loading = provider.load(aModel(), {});
    Answer answer(provider.generate(aModel().id, question("a")));
    answer.cancel();
    QCOMPARE(answer.ends, 0); // never from within the call
    QTRY_COMPARE(answer.ends, 1);
    QCOMPARE(answer.result.value().state, MessageState::Stopped);
    QTRY_VERIFY(loading.isFinished());
    Answer next(provider.generate(aModel().id, question("next")));
    QTRY_COMPARE(next.text, std::string("next"));
    QVERIFY(!engine.log().contains(QStringLiteral("cancel")));
    QCOMPARE(answer.text, std::string());
}

void TestLocalProvider::droppedAnswerIsCancelled()
{
    const FakeEngine engine({QStringLiteral("answer=wait")});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loads(provider));
    Answer answer(provider.generate(aModel().id, question("a")));
    QTRY_COMPARE(answer.text, std::string("one "));
    answer.drop();
    QTRY_VERIFY(engine.log().contains(QStringLiteral("cancel")));
    Answer next(provider.generate(aModel().id, question("next")));
    QTRY_COMPARE(next.text, std::string("next"));
    QCOMPARE(engine.starts(), 1);
}

void TestLocalProvider::answerMayBeDroppedFromItsOwnSignal()
{
    const FakeEngine engine({QStringLiteral("answer=wait")});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loads(provider));
    std::unique_ptr<Generation> generation = provider.generate(aModel().id, question("a"));
    connect(generation.get(), &Generation::textReceived, this, [&] { generation.reset(); });
    QTRY_VERIFY(engine.log().contains(QStringLiteral("cancel")));
    QVERIFY(!generation);
    QCOMPARE(engine.starts(), 1);
}

void TestLocalProvider::modelMayBeUnloadedFromASignal()
{
    const FakeEngine engine({QStringLiteral("answer=wait")});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loads(provider));
    const std::unique_ptr<Generation> generation = provider.generate(aModel().id, question("a"));
    const QSignalSpy failed(generation.get(), &Generation::failed);
    connect(generation.get(), &Generation::textReceived, this, [&] { provider.unload(aModel().id); });
    QTRY_COMPARE(failed.count(), 1);
    QTRY_COMPARE(provider.workerProcessId(aModel().id), 0);
}

void TestLocalProvider::providerMayBeDeletedFromASignal()
{
    const FakeEngine engine({QStringLiteral("answer=wait")});
    auto provider = std::make_unique<LocalInferenceProvider>(engine.settings(), m_clock);
    QVERIFY(loads(*provider));
    const std::unique_ptr<Generation> generation = provider->generate(aModel().id, question("a"));
    const QSignalSpy failed(generation.get(), &Generation::failed);
    connect(generation.get(), &Generation::textReceived, this, [&] { provider.reset(); });
    QTRY_COMPARE(failed.count(), 1);
    QVERIFY(!provider);
    QCOMPARE(failed.at(0).at(0).value<Error>().code, ErrorCode::Cancelled);
    QTest::qWait(50); // what is left of the worker comes to its end in the event loop
}

void TestLocalProvider::measure()
{
    const FakeEngine engine({QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loads(provider));
    const auto size =
        provider.measure(aModel().id, {{Role::System, "s"}, {Role::User, "u"}, {Role::Assistant, "a"}}, {});
    QTRY_VERIFY(size.isFinished());
    QCOMPARE(size.result()->promptTokens, 3);
    QCOMPARE(size.result()->contextTokens, 2048);
}

void TestLocalProvider::embed_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<int>("dims");
    QTest::addColumn<bool>("credit");
    QTest::newRow("small") << QString() << 2 << false;
    QTest::newRow("more than the first window") << QStringLiteral("embed=wide") << 65536 << true;
}

void TestLocalProvider::embed()
{
    QFETCH(QString, script);
    QFETCH(int, dims);
    QFETCH(bool, credit);
    const FakeEngine engine({script});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loads(provider));
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < 9; ++i)
        texts.push_back(std::string(i, 'x'));
    const auto future = provider.embed(aModel().id, texts, {});
    QTRY_VERIFY(future.isFinished());
    const auto vectors = future.result().value();
    QCOMPARE(vectors.size(), texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        QCOMPARE(vectors[i].size(), static_cast<std::size_t>(dims));
        QCOMPARE(vectors[i].front(), static_cast<float>(i));
        QCOMPARE(vectors[i].back(), 0.0F);
    }
    QCOMPARE(engine.log().contains(QStringLiteral("credit")), credit);
}

void TestLocalProvider::manyTextsGoInGroups()
{
    const FakeEngine engine({QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loads(provider));
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < 1000; ++i)
        texts.push_back(std::string(i, 'x'));
    const auto future = provider.embed(aModel().id, texts, {});
    QTRY_VERIFY(future.isFinished());
    const auto vectors = future.result().value();
    QCOMPARE(vectors.size(), texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i)
        QCOMPARE(vectors[i].front(), static_cast<float>(i));
    QCOMPARE(engine.log().count(QStringLiteral("embed")), 4);
    const auto none = provider.embed(aModel().id, {}, {});
    QVERIFY(none.isFinished());
    QVERIFY(none.result()->empty());
}

void TestLocalProvider::documentsAreRankedInTheirOrder()
{
    const FakeEngine engine({QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loads(provider));
    std::vector<std::string> documents;
    for (std::size_t i = 0; i < 600; ++i)
        documents.push_back(std::string(i, 'x'));
    const auto future = provider.rerank(aModel().id, "Which one?", documents);
    QTRY_VERIFY(future.isFinished());
    const auto scores = future.result().value();
    QCOMPARE(scores.size(), documents.size());
    // The length, less the number of the first document of the group.
    for (std::size_t i = 0; i < documents.size(); ++i)
        QCOMPARE(scores[i], static_cast<float>(i % 256));
    QCOMPARE(engine.log().count(QStringLiteral("rerank")), 3);
}

void TestLocalProvider::refusesToRank_data()
{
    QTest::addColumn<std::size_t>("count");
    QTest::newRow("nothing") << std::size_t{0};
    QTest::newRow("too much") << kMostRanked + 1;
}

void TestLocalProvider::refusesToRank()
{
    QFETCH(std::size_t, count);
    const FakeEngine engine({QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loads(provider));
    const auto future = provider.rerank(aModel().id, "Which one?", std::vector<std::string>(count, "x"));
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(future.result().error().code, ErrorCode::InvalidArgument);
    const auto bad = provider.rerank(aModel().id, "\xFF", {"x"});
    QTRY_VERIFY(bad.isFinished());
    QCOMPARE(bad.result().error().code, ErrorCode::InvalidArgument);
    QCOMPARE(engine.log().count(QStringLiteral("rerank")), 0);
    const auto good = provider.rerank(aModel().id, "Which one?", {"four"});
    QTRY_VERIFY(good.isFinished());
    QCOMPARE(good.result()->front(), 4.0F);
}

void TestLocalProvider::unloadCancelsWhatRuns()
{
    const FakeEngine engine({QStringLiteral("answer=wait")});
    LocalInferenceProvider provider(patient(engine), m_clock);
    const QSignalSpy stopped(&provider, &InferenceProvider::workerStopped);
    QVERIFY(loads(provider));
    Answer answer(provider.generate(aModel().id, question("a")));
    QTRY_COMPARE(answer.text, std::string("one "));
    provider.unload(aModel().id);
    QCOMPARE(answer.error.value().code, ErrorCode::Cancelled);
    QTRY_COMPARE(provider.workerProcessId(aModel().id), 0);
    QVERIFY(engine.log().contains(QStringLiteral("quit")));
    QCOMPARE(stopped.count(), 0);
    QCOMPARE(answer.ends, 1);
    provider.unload(aModel().id); // nothing more to do
}

void TestLocalProvider::unloadDuringLoad()
{
    const FakeEngine engine({QStringLiteral("load=hang quit=ignore")});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    const auto loading = provider.load(aModel(), {});
    const auto size = provider.measure(aModel().id, {}, {});
    QTRY_COMPARE(engine.starts(), 1);
    provider.unload(aModel().id);
    QVERIFY(loading.isFinished() && size.isFinished());
    QCOMPARE(loading.result().error().code, ErrorCode::Cancelled);
    QCOMPARE(size.result().error().code, ErrorCode::Cancelled);
    QTRY_COMPARE(provider.workerProcessId(aModel().id), 0);
}

void TestLocalProvider::unloadNeverWaitsForAnUnwillingWorker()
{
    const FakeEngine engine({QStringLiteral("quit=ignore answer=deaf")});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loads(provider));
    Answer answer(provider.generate(aModel().id, question("a")));
    QTRY_COMPARE(answer.text, std::string("one "));
    const qint64 pid = provider.workerProcessId(aModel().id);
    provider.unload(aModel().id);
    QVERIFY(runs(pid)); // unload() came back before the worker was gone
    QTRY_COMPARE(provider.workerProcessId(aModel().id), 0);
    QVERIFY(!runs(pid));
}

void TestLocalProvider::haltKillsWhateverAWorkerDoes_data()
{
    QTest::addColumn<bool>("unloadedBefore");
    QTest::newRow("while it answers") << false;
    QTest::newRow("while it is ending and does not listen") << true;
}

void TestLocalProvider::haltKillsWhateverAWorkerDoes()
{
    QFETCH(bool, unloadedBefore);
    using namespace std::chrono_literals;
    const FakeEngine engine({QStringLiteral("quit=ignore answer=deaf")});
    WorkerSettings settings = engine.settings();
    settings.terminateAfter = settings.killAfter = 60s; // so that nothing else ends it
    LocalInferenceProvider provider(settings, m_clock);
    QVERIFY(loads(provider));
    const qint64 worker = provider.workerProcessId(aModel().id);
    Answer answer(provider.generate(aModel().id, question("a")));
    QTRY_VERIFY(!answer.text.empty());
    if (unloadedBefore)
        provider.unload(aModel().id);
    const auto halted = provider.halt();
    QTRY_VERIFY(halted.isFinished());
    QVERIFY(halted.result().ok());
    QVERIFY(!runs(worker));
    QCOMPARE(answer.ends, 1);
    QCOMPARE(answer.error.value().code, ErrorCode::Cancelled);
    QVERIFY(loads(provider)); // and it can be loaded again
    QCOMPARE(engine.starts(), 2);
}

void TestLocalProvider::haltWithoutAWorkerIsReady()
{
    const FakeEngine engine({QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(provider.halt().isFinished());
    QVERIFY(loads(provider));
    provider.unload(aModel().id);
    QTRY_COMPARE(provider.workerProcessId(aModel().id), 0);
    const auto halted = provider.halt();
    QTRY_VERIFY(halted.isFinished());
}

void TestLocalProvider::deletedProviderKillsWithoutWaiting()
{
    const FakeEngine engine({QStringLiteral("quit=ignore answer=deaf")});
    auto provider = std::make_unique<LocalInferenceProvider>(engine.settings(), m_clock);
    QVERIFY(loads(*provider));
    Answer answer(provider->generate(aModel().id, question("a")));
    QTRY_COMPARE(answer.text, std::string("one "));
    const qint64 pid = provider->workerProcessId(aModel().id);
    QVERIFY(runs(pid));
    provider.reset();
    QCOMPARE(answer.error.value().code, ErrorCode::Cancelled);
    QTRY_VERIFY(!runs(pid));
}

void TestLocalProvider::requestsWithoutAModel()
{
    const FakeEngine engine({QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    const auto size = provider.measure(aModel().id, {}, {});
    const auto vectors = provider.embed(aModel().id, {"a"}, {});
    QCOMPARE(provider.rerank(aModel().id, "a", {"b"}).result().error().code, ErrorCode::ModelNotFound);
    Answer answer(provider.generate(aModel().id, question("a")));
    QCOMPARE(answer.ends, 0);
    QTRY_COMPARE(answer.ends, 1);
    QCOMPARE(answer.error.value().code, ErrorCode::ModelNotFound);
    QCOMPARE(size.result().error().code, ErrorCode::ModelNotFound);
    QCOMPARE(vectors.result().error().code, ErrorCode::ModelNotFound);
    provider.unload(aModel().id);
    QCOMPARE(engine.starts(), 0);
}

void TestLocalProvider::textThatIsNotUtf8IsRefused()
{
    const FakeEngine engine({QString()});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loads(provider));
    Answer bad(provider.generate(aModel().id, question("\xFF\xFE")));
    QCOMPARE(bad.ends, 0);
    Answer good(provider.generate(aModel().id, question("good")));
    QTRY_VERIFY(bad.ends == 1 && good.ends == 1);
    QCOMPARE(bad.error.value().code, ErrorCode::InvalidArgument);
    QCOMPARE(good.text, std::string("good"));
    const auto vectors = provider.embed(aModel().id, {"a", std::string(9'000'000, 'x')}, {});
    QTRY_VERIFY(vectors.isFinished());
    QCOMPARE(vectors.result().error().code, ErrorCode::InvalidArgument);
    QCOMPARE(engine.starts(), 1);
}

void TestLocalProvider::workerKnowsNothingOfItsSurroundings()
{
    qputenv("TRAMONTANE_MARKER", "secret");
    const FakeEngine engine({QStringLiteral("answer=surroundings")});
    LocalInferenceProvider provider(engine.settings(), m_clock);
    QVERIFY(loads(provider));
    Answer answer(provider.generate(aModel().id, question("a")));
    QTRY_COMPARE(answer.ends, 1);
    qunsetenv("TRAMONTANE_MARKER");
    QStringList lines = QString::fromStdString(answer.text).split(u'\n');
    QCOMPARE(lines.takeFirst(), QStringLiteral("cwd=/"));
    QVERIFY(lines.contains(QStringLiteral("LC_ALL=C.UTF-8")));
    const QRegularExpression allowed(QStringLiteral("^(LC_ALL|LD_LIBRARY_PATH|[A-Z]+SAN_OPTIONS)="));
    for (const QString &line : lines)
        QVERIFY2(allowed.match(line).hasMatch(), qPrintable(line));
}

QTEST_GUILESS_MAIN(TestLocalProvider)
#include "tst_local_provider.moc"
