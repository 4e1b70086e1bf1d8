// SPDX-License-Identifier: Apache-2.0
// The client with the real engine program and the models that the set-up fetches.
#include "app/core/clock.h"
#include "app/platform/process/process_state.h"
#include "inference/client/local_provider.h"
#include "inference/client/model_inspector.h"

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <numeric>

using namespace tramontane;

class TestLocalEngine : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void loadReportsProgressAndTheModel();
    void loadIsRefused_data();
    void loadIsRefused();
    void answerStreamsAndIsCounted();
    void greedyAnswersRepeat();
    void answersShareTheWorker();
    void cancelEndsTheAnswer();
    void badRequestsLeaveTheWorkerAlone();
    void killedWorkerIsBack();
    void stoppedWorkerIsReplacedAfterACancel();
    void aStateSurvivesTheWorker();
    void aStoppedWorkerIsReplaced();
    void unloadEndsTheProcess();
    void embeddingsKnowWhatIsAlike();
    void inspectsModels();
    void inspectionIsRefused_data();
    void inspectionIsRefused();
    void devicesAreReported();

private:
    [[nodiscard]] ModelRef chatModel() const { return {m_chatId, m_chatPath.toStdString(), {}, 0}; }
    [[nodiscard]] QString damagedFile(const QString &how) const;
    Result<LoadedModel> load(const ModelRef &model);
    /// The same every time; empty if it failed.
    std::string greedyAnswer();
    void signalWorker(const char *signal);

    const ModelId m_chatId = ModelId::make(0);
    const ModelId m_embeddingId = ModelId::make(0);
    const QString m_program = QStringLiteral(TRAMONTANE_BIN_DIR "/tramontane-engine");
    const QString m_chatPath = QStringLiteral(TRAMONTANE_MODEL_DIR "/SmolLM2-135M-Instruct.Q4_1.gguf");
    const QString m_embeddingPath = QStringLiteral(TRAMONTANE_MODEL_DIR "/all-MiniLM-L6-v2.gguf");
    QTemporaryDir m_folder;
    SystemClock m_clock;
    std::unique_ptr<LocalInferenceProvider> m_provider;
};

namespace {

struct Heard {
    std::string text;
    int pieces = 0;
    std::optional<GenerationResult> result;
    std::optional<Error> error;
    [[nodiscard]] bool ended() const { return result || error; }
};

void listen(Generation &generation, Heard &heard)
{
    QObject::connect(&generation, &Generation::textReceived, [&heard](const std::string &piece) {
        heard.text += piece;
        ++heard.pieces;
    });
    QObject::connect(&generation, &Generation::finished,
                     [&heard](const GenerationResult &result) { heard.result = result; });
    QObject::connect(&generation, &Generation::failed, [&heard](const Error &error) {
        qInfo("failed: %s (%s)", error.message.c_str(), error.detail.c_str());
        heard.error = error;
    });
}

LoadOptions loadOptions()
{
    LoadOptions options;
    options.contextTokens = 2048;
    options.threads = 1; // threads that wait for each other crawl on a machine that is busy with other tests
    return options;
}

GenerationRequest greedy(const std::string &question, int maxTokens)
{
    GenerationRequest request;
    request.turns = {{Role::User, question}};
    request.sampling.temperature = 0;
    request.sampling.maxTokens = maxTokens;
    return request;
}

double dot(const std::vector<float> &a, const std::vector<float> &b)
{
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

} // namespace

void TestLocalEngine::initTestCase()
{
    QVERIFY2(QFile::exists(m_program), "tramontane-engine is not built");
    QVERIFY2(QFile::exists(m_chatPath) && QFile::exists(m_embeddingPath), "the models are missing; run ./dev setup");
}

void TestLocalEngine::init()
{
    WorkerSettings settings;
    settings.program = m_program;
    settings.cancelLimit = std::chrono::milliseconds(1500);
    m_provider = std::make_unique<LocalInferenceProvider>(settings, m_clock);
}

void TestLocalEngine::cleanup()
{
    m_provider.reset();
}

Result<LoadedModel> TestLocalEngine::load(const ModelRef &model)
{
    const auto future = m_provider->load(model, loadOptions());
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 30'000))
        return Error{ErrorCode::Internal, "the load does not end", {}};
    if (!future.result())
        qInfo("%s (%s)", future.result().error().message.c_str(), future.result().error().detail.c_str());
    return future.result();
}

std::string TestLocalEngine::greedyAnswer()
{
    GenerationRequest request = greedy("Name three colours.", 24);
    request.deterministic = true;
    const auto generation = m_provider->generate(m_chatId, request);
    Heard heard;
    listen(*generation, heard);
    return QTest::qWaitFor([&] { return heard.ended(); }, 30'000) && heard.result ? heard.text : std::string();
}

void TestLocalEngine::signalWorker(const char *signal)
{
    const qint64 pid = m_provider->workerProcessId(m_chatId);
    QVERIFY(pid > 0);
    QCOMPARE(QProcess::execute(QStringLiteral("kill"), {QString::fromLatin1(signal), QString::number(pid)}), 0);
}

QString TestLocalEngine::damagedFile(const QString &how) const
{
    const QString path = m_folder.filePath(how);
    QFile source(m_chatPath);
    QFile target(path);
    if (how == QStringLiteral("missing"))
        return path;
    if (!source.open(QIODevice::ReadOnly) || !target.open(QIODevice::WriteOnly))
        return {};
    if (how == QStringLiteral("truncated"))
        target.write(source.read(source.size() / 2));
    else if (how == QStringLiteral("truncated in the header"))
        target.write(source.read(1000));
    else if (how == QStringLiteral("not GGUF"))
        target.write(QByteArray(10'000, 'x'));
    return path; // "empty" stays so
}

void TestLocalEngine::loadReportsProgressAndTheModel()
{
    std::vector<double> steps;
    connect(m_provider.get(), &InferenceProvider::loadProgress, this,
            [&](ModelId, double fraction) { steps.push_back(fraction); });
    const auto loaded = load(chatModel());
    QVERIFY(loaded.ok());
    QCOMPARE(loaded->contextTokens, 2048);
    QCOMPARE(loaded->description.layers, 30);
    QCOMPARE(loaded->threads, 1);
    QVERIFY(!loaded->device.empty() && !loaded->engineBuild.empty());
    QCOMPARE(loaded->templateSha256.size(), std::size_t{64});
    QVERIFY(steps.size() > 2);
    QVERIFY(std::is_sorted(steps.begin(), steps.end()));
    QVERIFY(steps.front() >= 0 && steps.back() <= 1);
    qInfo("%zu steps, %lld ms, %s", steps.size(), static_cast<long long>(loaded->loadMs), loaded->device.c_str());
}

void TestLocalEngine::loadIsRefused_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("code");
    QTest::newRow("missing") << "missing"
                             << "MODEL_NOT_FOUND";
    QTest::newRow("not GGUF") << "not GGUF"
                              << "MODEL_NOT_GGUF";
    QTest::newRow("truncated") << "truncated"
                               << "MODEL_TRUNCATED";
    QTest::newRow("another sum") << "sum"
                                 << "MODEL_CHANGED";
    QTest::newRow("another size") << "size"
                                  << "MODEL_CHANGED";
}

void TestLocalEngine::loadIsRefused()
{
    QFETCH(QString, how);
    QFETCH(QString, code);
    ModelRef model = chatModel();
    if (how == QStringLiteral("sum"))
        model.description.sha256 = std::string(64, 'a');
    else if (how == QStringLiteral("size"))
        model.description.fileBytes = 1;
    else
        model.path = damagedFile(how).toStdString();
    const auto loaded = load(model);
    QVERIFY(!loaded.ok());
    QCOMPARE(std::string(errorName(loaded.error().code)), code.toStdString());
    QTRY_COMPARE(m_provider->workerProcessId(m_chatId), 0);
    QVERIFY(load(chatModel()).ok());
}

void TestLocalEngine::answerStreamsAndIsCounted()
{
    QVERIFY(load(chatModel()).ok());
    const GenerationRequest request = greedy("What is the capital of France?", 16);
    const auto size = m_provider->measure(m_chatId, request.turns, {});
    const auto generation = m_provider->generate(m_chatId, request);
    Heard heard;
    listen(*generation, heard);
    const QSignalSpy progress(generation.get(), &Generation::promptProgress);
    QTRY_VERIFY_WITH_TIMEOUT(heard.ended(), 30'000);
    QVERIFY2(heard.result, heard.error ? heard.error->message.c_str() : "");
    QVERIFY(!heard.text.empty());
    QVERIFY(heard.pieces > 2);
    QVERIFY(progress.count() > 0);
    QVERIFY(size.isFinished());
    QCOMPARE(heard.result->usage.promptTokens, size.result()->promptTokens);
    QCOMPARE(size.result()->contextTokens, 2048);
    QVERIFY(heard.result->usage.answerTokens >= heard.pieces);
    QVERIFY(heard.result->promptTokenIds.empty()); // not asked for
}

void TestLocalEngine::greedyAnswersRepeat()
{
    QVERIFY(load(chatModel()).ok());
    const std::string first = greedyAnswer();
    QVERIFY(!first.empty());
    QCOMPARE(greedyAnswer(), first);
}

void TestLocalEngine::answersShareTheWorker()
{
    QVERIFY(load(chatModel()).ok());
    std::vector<std::unique_ptr<Generation>> generations;
    std::vector<Heard> heard(4);
    GenerationRequest request = greedy("Count to ten.", 12);
    request.sampling.logprobs = 2;
    for (Heard &each : heard) {
        generations.push_back(m_provider->generate(m_chatId, request));
        listen(*generations.back(), each);
    }
    int reused = 0;
    for (const Heard &each : heard) {
        QTRY_VERIFY_WITH_TIMEOUT(each.ended(), 60'000);
        QVERIFY(each.result);
        QVERIFY(!each.text.empty());
        QCOMPARE(each.result->logprobs.size(), static_cast<std::size_t>(each.result->usage.answerTokens));
        QCOMPARE(each.result->logprobs.front().alternatives.size(), std::size_t{2});
        reused += each.result->usage.promptReused > 0 ? 1 : 0;
    }
    QCOMPARE(reused, 3); // the same question is read once
}

void TestLocalEngine::cancelEndsTheAnswer()
{
    QVERIFY(load(chatModel()).ok());
    const auto generation = m_provider->generate(m_chatId, greedy("Tell me a very long story about the sea.", 1500));
    Heard heard;
    listen(*generation, heard);
    QTRY_VERIFY_WITH_TIMEOUT(heard.pieces >= 5, 30'000);
    QElapsedTimer timer;
    timer.start();
    generation->cancel();
    QTRY_VERIFY(heard.ended());
    qInfo("ended %lld ms after the cancel", static_cast<long long>(timer.elapsed()));
    QVERIFY(heard.result);
    QCOMPARE(heard.result->state, MessageState::Stopped);
    QCOMPARE(heard.result->stopReason, std::string("cancelled"));
    QVERIFY(heard.result->usage.answerTokens < 1500);
}

void TestLocalEngine::badRequestsLeaveTheWorkerAlone()
{
    QVERIFY(load(chatModel()).ok());
    const qint64 pid = m_provider->workerProcessId(m_chatId);
    GenerationRequest grammar = greedy("Hello", 4);
    grammar.sampling.grammar = "root ::= (";
    GenerationRequest range = greedy("Hello", 4);
    range.sampling.temperature = -1;
    std::string longText;
    for (int i = 0; i < 4000; ++i)
        longText += "word ";
    const std::vector<std::pair<GenerationRequest, ErrorCode>> requests = {
        {grammar, ErrorCode::GrammarInvalid},
        {range, ErrorCode::InvalidArgument},
        {greedy(longText, 4), ErrorCode::ContextFull}};
    for (const auto &[request, code] : requests) {
        const auto generation = m_provider->generate(m_chatId, request);
        Heard heard;
        listen(*generation, heard);
        QTRY_VERIFY_WITH_TIMEOUT(heard.ended(), 30'000);
        QVERIFY(heard.error);
        QCOMPARE(std::string(errorName(heard.error->code)), std::string(errorName(code)));
    }
    const auto vectors = m_provider->embed(m_chatId, {"a"}, {});
    QTRY_VERIFY(vectors.isFinished());
    QCOMPARE(m_provider->workerProcessId(m_chatId), pid);
}

void TestLocalEngine::killedWorkerIsBack()
{
    QVERIFY(load(chatModel()).ok());
    const QSignalSpy stopped(m_provider.get(), &InferenceProvider::workerStopped);
    const QSignalSpy back(m_provider.get(), &InferenceProvider::workerReady);
    const std::string before = greedyAnswer();
    const auto generation = m_provider->generate(m_chatId, greedy("Tell me a very long story about the sea.", 1500));
    Heard heard;
    listen(*generation, heard);
    QTRY_VERIFY_WITH_TIMEOUT(heard.pieces >= 5, 30'000);
    QElapsedTimer timer;
    timer.start();
    signalWorker("-9");
    QTRY_VERIFY(heard.ended());
    const qint64 toldAfter = timer.elapsed();
    QTRY_COMPARE_WITH_TIMEOUT(back.count(), 1, 10'000);
    const qint64 backAfter = timer.elapsed(); // tests/e2e/worker_faults.py holds the promise
    qInfo("told after %lld ms, back after %lld ms", static_cast<long long>(toldAfter),
          static_cast<long long>(backAfter));
    QCOMPARE(heard.error.value().code, ErrorCode::EngineStopped);
    QVERIFY2(heard.error->detail.starts_with("ended by signal 9"), heard.error->detail.c_str());
    QCOMPARE(stopped.count(), 1);
    QVERIFY(!before.empty());
    QCOMPARE(greedyAnswer(), before);
}

void TestLocalEngine::stoppedWorkerIsReplacedAfterACancel()
{
    QVERIFY(load(chatModel()).ok());
    const QSignalSpy back(m_provider.get(), &InferenceProvider::workerReady);
    const auto generation = m_provider->generate(m_chatId, greedy("Tell me a very long story about the sea.", 1500));
    Heard heard;
    listen(*generation, heard);
    QTRY_VERIFY_WITH_TIMEOUT(heard.pieces >= 5, 30'000);
    signalWorker("-STOP");
    generation->cancel();
    QTRY_COMPARE_WITH_TIMEOUT(back.count(), 1, 10'000);
    QCOMPARE(heard.error.value().code, ErrorCode::EngineStopped);
}

namespace {

/// A state in memory, as a snapshot would hold it.
class KeptState final : public StateSink, public StateSource {
public:
    bool begin(std::vector<std::int32_t> newTokens, std::uint64_t newBytes) override
    {
        tokens = std::move(newTokens);
        announced = newBytes;
        return true;
    }
    Async<bool> take(std::string piece) override
    {
        bytes += piece;
        return ready<bool>(true);
    }
    Async<std::string> next() override
    {
        std::string piece = bytes.substr(given, kMaxStatePiece);
        given += piece.size();
        return ready<std::string>(std::move(piece));
    }

    std::vector<std::int32_t> tokens;
    std::uint64_t announced = 0;
    std::string bytes;
    std::size_t given = 0;
};

} // namespace

void TestLocalEngine::aStateSurvivesTheWorker()
{
    QVERIFY(load(chatModel()).ok());
    const ConversationId conversation = ConversationId::make(1);
    std::string list = "Here is a list of words. ";
    for (int i = 0; i < 100; ++i)
        list += "river mountain ";
    GenerationRequest request = greedy(list + "What is the capital of France?", 8);
    request.conversation = conversation;
    const auto ask = [&] {
        Heard heard;
        const auto answer = m_provider->generate(m_chatId, request);
        listen(*answer, heard);
        (void)QTest::qWaitFor([&] { return heard.ended(); }, 60'000);
        return heard;
    };
    const Heard first = ask();
    QVERIFY(first.result.has_value());
    const int prompt = first.result->usage.promptTokens;
    QVERIFY(prompt > 200);
    const auto kept = std::make_shared<KeptState>();
    const auto saved = m_provider->saveState(m_chatId, {conversation}, kept);
    QTRY_VERIFY_WITH_TIMEOUT(saved.isFinished(), 30'000);
    QVERIFY2(saved.result().ok(), saved.result().ok() ? "" : saved.result().error().message.c_str());
    QVERIFY(int(kept->tokens.size()) >= prompt);
    QCOMPARE(std::uint64_t(kept->bytes.size()), kept->announced);

    init(); // another worker
    QVERIFY(load(chatModel()).ok());
    const auto before = m_provider->findState(m_chatId, {conversation});
    QTRY_VERIFY(before.isFinished());
    QCOMPARE(*before.result(), 0);
    const auto restored = m_provider->restoreState(m_chatId, {conversation}, kept->tokens, kept->bytes.size(), kept);
    QTRY_VERIFY_WITH_TIMEOUT(restored.isFinished(), 30'000);
    QVERIFY2(restored.result().ok(), restored.result().ok() ? "" : restored.result().error().message.c_str());
    QCOMPARE(*restored.result(), int(kept->tokens.size()));
    const Heard second = ask();
    QVERIFY(second.result.has_value());
    QCOMPARE(second.text, first.text);
    QCOMPARE(second.result->usage.promptReused, prompt - 1); // the last token's logits are needed
    const auto forgotten = m_provider->forgetState(m_chatId, conversation);
    QTRY_VERIFY(forgotten.isFinished());
    QVERIFY(*forgotten.result() >= prompt);
    const auto gone = m_provider->saveState(m_chatId, {conversation}, kept);
    QTRY_VERIFY(gone.isFinished());
    QCOMPARE(gone.result().error().code, ErrorCode::NotFound);
}

void TestLocalEngine::aStoppedWorkerIsReplaced()
{
    WorkerSettings settings;
    settings.program = m_program;
    settings.isStopped = [](qint64 id) { return process::isStopped(id); };
    m_provider = std::make_unique<LocalInferenceProvider>(settings, m_clock);
    const QSignalSpy back(m_provider.get(), &InferenceProvider::workerReady);
    QVERIFY(load(chatModel()).ok());
    Heard heard;
    const auto answer = m_provider->generate(m_chatId, greedy("Tell me a long story.", 1000));
    listen(*answer, heard);
    QTRY_VERIFY_WITH_TIMEOUT(heard.pieces > 2, 30'000);
    signalWorker("-STOP");
    QTRY_VERIFY_WITH_TIMEOUT(heard.ended(), 10'000);
    QCOMPARE(heard.error.value().code, ErrorCode::EngineStopped);
    QTRY_COMPARE_WITH_TIMEOUT(back.count(), 1, 10'000);
}

void TestLocalEngine::unloadEndsTheProcess()
{
    QVERIFY(load(chatModel()).ok());
    const auto generation = m_provider->generate(m_chatId, greedy("Tell me a very long story about the sea.", 1500));
    Heard heard;
    listen(*generation, heard);
    QTRY_VERIFY_WITH_TIMEOUT(heard.pieces >= 1, 30'000);
    m_provider->unload(m_chatId);
    QCOMPARE(heard.error.value().code, ErrorCode::Cancelled);
    QElapsedTimer timer;
    timer.start();
    QTRY_COMPARE_WITH_TIMEOUT(m_provider->workerProcessId(m_chatId), 0, 8000);
    qInfo("gone after %lld ms", static_cast<long long>(timer.elapsed()));
}

void TestLocalEngine::embeddingsKnowWhatIsAlike()
{
    ModelRef model{m_embeddingId, m_embeddingPath.toStdString(), {}, 0};
    model.description.kind = ModelKind::Embedding;
    LoadOptions options = loadOptions();
    options.contextTokens = 0;
    const auto loading = m_provider->load(model, options);
    QTRY_VERIFY_WITH_TIMEOUT(loading.isFinished(), 30'000);
    QVERIFY2(loading.result().ok(), loading.result() ? "" : loading.result().error().detail.c_str());
    std::vector<std::string> texts = {"The cat sleeps on the sofa.", "A kitten is napping on the couch.",
                                      "The central bank raised interest rates."};
    for (int i = 0; i < 297; ++i) // more than one group
        texts.push_back("Paragraph number " + std::to_string(i));
    const auto future = m_provider->embed(m_embeddingId, texts, {});
    QTRY_VERIFY_WITH_TIMEOUT(future.isFinished(), 90'000);
    QVERIFY2(future.result().ok(), future.result() ? "" : future.result().error().detail.c_str());
    const auto vectors = future.result().value();
    QCOMPARE(vectors.size(), texts.size());
    for (const auto &vector : vectors) {
        QCOMPARE(vector.size(), std::size_t{384});
        QVERIFY(std::abs(dot(vector, vector) - 1) < 1e-4);
    }
    const double alike = dot(vectors[0], vectors[1]);
    const double unlike = std::max(dot(vectors[0], vectors[2]), dot(vectors[1], vectors[2]));
    qInfo("alike %.3f, unlike %.3f", alike, unlike);
    QVERIFY(alike > unlike + 0.2);
}

void TestLocalEngine::inspectsModels()
{
    LocalModelInspector inspector(m_program);
    const auto chat = inspector.inspect(m_chatPath.toStdString());
    const auto embedding = inspector.inspect(m_embeddingPath.toStdString());
    QTRY_VERIFY_WITH_TIMEOUT(chat.isFinished() && embedding.isFinished(), 30'000);
    QVERIFY(chat.result().ok() && embedding.result().ok());
    QCOMPARE(chat.result()->kind, ModelKind::Chat);
    QCOMPARE(chat.result()->quantisation, std::string("Q4_1"));
    QCOMPARE(chat.result()->fileBytes, QFileInfo(m_chatPath).size());
    QVERIFY(chat.result()->hasTemplate);
    QCOMPARE(embedding.result()->kind, ModelKind::Embedding);
    QCOMPARE(embedding.result()->embeddingLength, 384);
    // What the inspection found is what the load accepts.
    ModelRef model = chatModel();
    model.description = *chat.result();
    QVERIFY(load(model).ok());
}

void TestLocalEngine::inspectionIsRefused_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("code");
    QTest::newRow("missing") << "missing"
                             << "MODEL_NOT_FOUND";
    QTest::newRow("empty") << "empty"
                           << "MODEL_NOT_GGUF";
    QTest::newRow("not GGUF") << "not GGUF"
                              << "MODEL_NOT_GGUF";
    QTest::newRow("truncated") << "truncated"
                               << "MODEL_TRUNCATED";
    QTest::newRow("truncated in the header") << "truncated in the header"
                                             << "MODEL_TRUNCATED";
}

void TestLocalEngine::inspectionIsRefused()
{
    QFETCH(QString, how);
    QFETCH(QString, code);
    LocalModelInspector inspector(m_program);
    const auto model = inspector.inspect(damagedFile(how).toStdString());
    QTRY_VERIFY_WITH_TIMEOUT(model.isFinished(), 30'000);
    QVERIFY(!model.result().ok());
    QCOMPARE(std::string(errorName(model.result().error().code)), code.toStdString());
}

void TestLocalEngine::devicesAreReported()
{
    LocalModelInspector inspector(m_program);
    const auto devices = inspector.devices();
    QTRY_VERIFY_WITH_TIMEOUT(devices.isFinished(), 30'000);
    QVERIFY(devices.result().ok());
    const QJsonObject report = QJsonDocument::fromJson(QByteArray::fromStdString(*devices.result())).object();
    QVERIFY(!report.value(QStringLiteral("devices")).toArray().isEmpty());
    QVERIFY(!report.value(QStringLiteral("sandbox")).toArray().isEmpty());
}

QTEST_GUILESS_MAIN(TestLocalEngine)
#include "tst_local_engine.moc"
