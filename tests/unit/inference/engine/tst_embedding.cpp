// SPDX-License-Identifier: Apache-2.0
#include "engine_fixture.h"
#include "inference/engine/schedule/embedding.h"
#include "inference/engine/schedule/text_scheduler.h"
#include "inference/engine/worker/request_desk.h"

#include <QTest>

#include <cmath>

using namespace tramontane;
using namespace tramontane::engine;

namespace {

Result<Vectors> embed(LoadedEngine &engine, std::vector<std::string> texts, Normalisation normalisation = {})
{
    EmbeddingJob job(engine, {std::move(texts), normalisation});
    for (;;) {
        const auto done = job.step();
        if (!done)
            return done.error();
        if (*done)
            return job.vectors();
    }
}

} // namespace

class TestEmbedding : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void vectorsAreNormalised();
    void meaningCounts();
    void rowsDoNotDependOnTheirNeighbours();
    void rowsDoNotDependOnTheirNeighboursWhenLong();
    void shortTextsHaveAContextOfTheirOwn();
    void normalisesAsAsked_data();
    void normalisesAsAsked();
    void poolsAsAsked_data();
    void poolsAsAsked();
    void poolingMustBeKnown();
    void refusesAWrongNorm();
    void refuses();
    void bytesAreLittleEndianFloats();

    void requestsTakeTurns();

private:
    double similarity(const std::string &one, const std::string &other);

    Quiet m_quiet;
    std::unique_ptr<LoadedEngine> m_engine;
};

void TestEmbedding::initTestCase()
{
    auto engine = loadEngine(kEmbeddingModel, {}, ModelKind::Embedding);
    QVERIFY(engine.ok());
    m_engine = std::move(*engine);
    QCOMPARE(m_engine->info().contextTokens, 512);
    QVERIFY(m_engine->info().templateSha256.empty());
}

double TestEmbedding::similarity(const std::string &one, const std::string &other)
{
    const auto vectors = embed(*m_engine, {one, other});
    double product = 0;
    for (std::size_t i = 0; vectors && i < std::size_t(vectors->dims); ++i)
        product += double(vectors->values[i]) * double(vectors->values[i + std::size_t(vectors->dims)]);
    return product;
}

void TestEmbedding::vectorsAreNormalised()
{
    const auto vectors = embed(*m_engine, {"one", "a longer text about ships", ""});
    QVERIFY(vectors.ok());
    QCOMPARE(vectors->rows, 3);
    QCOMPARE(vectors->dims, 384);
    for (std::size_t row = 0; row < 3; ++row) {
        double squares = 0;
        for (std::size_t i = 0; i < 384; ++i)
            squares += std::pow(double(vectors->values[row * 384 + i]), 2);
        QVERIFY(std::abs(squares - 1) < 1e-5);
    }
}

void TestEmbedding::meaningCounts()
{
    const double near = similarity("The cat sits on the mat.", "A cat is sitting on a rug.");
    const double far = similarity("The cat sits on the mat.", "The central bank raised interest rates.");
    QVERIFY2(near > 0.6 && far < 0.2, qPrintable(QStringLiteral("%1 %2").arg(near).arg(far)));
}

void TestEmbedding::rowsDoNotDependOnTheirNeighbours()
{
    const auto alone = embed(*m_engine, {"second"});
    const auto together = embed(*m_engine, {"first", "second"});
    QVERIFY(std::equal(alone->values.begin(), alone->values.end(), together->values.begin() + 384));
}

void TestEmbedding::rowsDoNotDependOnTheirNeighboursWhenLong()
{
    std::string longText;
    for (int i = 0; i < 90; ++i)
        longText += "word ";
    const auto alone = embed(*m_engine, {longText});
    const auto together = embed(*m_engine, {"first", longText, "third", longText});
    QVERIFY(std::equal(alone->values.begin(), alone->values.end(), together->values.begin() + 384));
    QVERIFY(std::equal(alone->values.begin(), alone->values.end(), together->values.begin() + 3 * 384));
}

void TestEmbedding::shortTextsHaveAContextOfTheirOwn()
{
    QVERIFY(m_engine->contextFor(63) != m_engine->context());
    QCOMPARE(m_engine->contextFor(64), m_engine->context());
    LoadOptions plain;
    plain.flashAttention = FlashAttention::Off;
    const auto engine = loadEngine(kEmbeddingModel, plain, ModelKind::Embedding);
    QCOMPARE((*engine)->contextFor(1), (*engine)->context());
    // For a short text, both compute the same.
    QCOMPARE(embed(**engine, {"A cat sits on the mat."})->values, embed(*m_engine, {"A cat sits on the mat."})->values);
}

void TestEmbedding::normalisesAsAsked_data()
{
    QTest::addColumn<int>("method");
    QTest::addColumn<int>("p");
    QTest::newRow("none") << int(Normalisation::Method::None) << 2;
    QTest::newRow("largest") << int(Normalisation::Method::MaxAbs) << 2;
    QTest::newRow("taxicab") << int(Normalisation::Method::PNorm) << 1;
    QTest::newRow("Euclidean") << int(Normalisation::Method::PNorm) << 2;
    QTest::newRow("p = 3") << int(Normalisation::Method::PNorm) << 3;
    QTest::newRow("p = 64") << int(Normalisation::Method::PNorm) << kLargestNorm;
}

void TestEmbedding::normalisesAsAsked()
{
    QFETCH(int, method);
    QFETCH(int, p);
    const Normalisation asked{static_cast<Normalisation::Method>(method), p};
    const auto raw = embed(*m_engine, {"The wind is cold."}, {Normalisation::Method::None})->values;
    const auto found = embed(*m_engine, {"The wind is cold."}, asked)->values;
    double largest = 0;
    double powers = 0;
    for (const float value : raw) {
        largest = std::max(largest, std::abs(double(value)));
        powers += std::pow(std::abs(double(value)), p);
    }
    const double divisor = asked.method == Normalisation::Method::None     ? 1.0
                           : asked.method == Normalisation::Method::MaxAbs ? largest / 32760
                                                                           : std::pow(powers, 1.0 / p);
    for (std::size_t i = 0; i < raw.size(); ++i)
        QVERIFY(std::abs(double(found[i]) - double(raw[i]) / divisor) <= 1e-5 * largest / divisor);
}

void TestEmbedding::poolsAsAsked_data()
{
    QTest::addColumn<int>("pooling");
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("the model's own way") << int(Pooling::Model) << QByteArray("mean");
    QTest::newRow("mean") << int(Pooling::Mean) << QByteArray("mean");
    QTest::newRow("first token") << int(Pooling::Cls) << QByteArray("cls");
    QTest::newRow("last token") << int(Pooling::Last) << QByteArray("last");
}

void TestEmbedding::poolsAsAsked()
{
    QFETCH(int, pooling);
    QFETCH(QByteArray, name);
    LoadOptions options;
    options.pooling = static_cast<Pooling>(pooling);
    const auto engine = loadEngine(kEmbeddingModel, options, ModelKind::Embedding);
    QVERIFY(engine.ok());
    QCOMPARE((*engine)->info().pooling, name.toStdString());
    const bool asModel =
        embed(**engine, {"The wind is cold."})->values == embed(*m_engine, {"The wind is cold."})->values;
    QCOMPARE(asModel, name == "mean");
}

void TestEmbedding::poolingMustBeKnown()
{
    const auto silent = loadEngine(tinyModel("vectors.gguf").c_str(), {}, ModelKind::Embedding);
    QCOMPARE(silent.error().code, ErrorCode::ModelUnsupported);
    QVERIFY(silent.error().message.find("pooling") != std::string::npos);
    LoadOptions options;
    options.pooling = Pooling::Mean;
    const auto told = loadEngine(tinyModel("vectors.gguf").c_str(), options, ModelKind::Embedding);
    QVERIFY(told.ok());
    QCOMPARE(embed(**told, {"a text"})->dims, 64);
    QCOMPARE(loadEngine(kChatModel, options).error().code, ErrorCode::InvalidArgument);
}

void TestEmbedding::refusesAWrongNorm()
{
    for (const int p : {-1, 0, kLargestNorm + 1}) {
        const auto refused = embed(*m_engine, {"a"}, {Normalisation::Method::PNorm, p});
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
    }
    EmbeddingJob later(*m_engine, {{std::string(4000, '.')}, {}, 256});
    QVERIFY(later.step().error().message.find("Text 256") != std::string::npos);
}

void TestEmbedding::refuses()
{
    QCOMPARE(embed(*m_engine, {}).error().code, ErrorCode::InvalidArgument);
    std::string longText;
    for (int i = 0; i < 600; ++i)
        longText += "word ";
    const auto tooLong = embed(*m_engine, {"short", longText});
    QCOMPARE(tooLong.error().code, ErrorCode::ContextFull);
    QVERIFY(tooLong.error().detail.starts_with("text 1:"));
    QCOMPARE(prepareQuestion(*m_engine, {}).error().code, ErrorCode::ModelUnsupported);
    QCOMPARE(measure(*m_engine, {}).error().code, ErrorCode::ModelUnsupported);
}

void TestEmbedding::bytesAreLittleEndianFloats()
{
    const Vectors vectors{1, 2, {1.0F, -2.5F}};
    QCOMPARE(QByteArray::fromStdString(vectors.bytes()), QByteArray::fromHex("0000803f000020c0"));
}

void TestEmbedding::requestsTakeTurns()
{
    RequestQueue queue;
    std::vector<std::pair<std::uint64_t, std::string>> heard;
    std::map<std::uint64_t, std::string> bulk;
    const Send send = [&](std::uint64_t id, const protocol::Payload &payload) {
        heard.emplace_back(id, protocol::typeName(payload));
    };
    RequestDesk desk(*m_engine, queue, send);
    TextScheduler scheduler(*m_engine, queue, send,
                            [&](std::uint64_t id, std::string bytes) { bulk[id] = std::move(bytes); });
    const auto ask = [&](std::uint64_t id, protocol::Payload payload) {
        Request request;
        request.id = id;
        request.payload = std::move(payload);
        QCOMPARE(queue.add(std::move(request)), RequestQueue::Added::Yes);
        desk.handle(queue.takeNew());
    };
    ask(1, protocol::Embed{std::vector<std::string>(50, "a long document")});
    QVERIFY(scheduler.step());
    ask(2, protocol::Embed{{"a question"}});
    ask(3, protocol::Embed{std::vector<std::string>(50, "to be cancelled")});
    ask(4, protocol::Measure{{{Role::User, "no chat here"}}});
    ask(5, protocol::ForgetState{"nothing"});
    QVERIFY(scheduler.step());
    QCOMPARE(queue.cancel(3), RequestQueue::Cancelled::Running);
    while (scheduler.step())
        continue;
    using Heard = std::pair<std::uint64_t, std::string>;
    const std::vector<Heard> expected = {{4, "error"}, {5, "error"}, {2, "embedded"}, {3, "error"}, {1, "embedded"}};
    QVERIFY(heard == expected);
    QCOMPARE(bulk[1].size(), std::size_t{50 * 384 * 4});
    QCOMPARE(bulk[2].size(), std::size_t{384 * 4});
    QVERIFY(!bulk.contains(3));
}

QTEST_APPLESS_MAIN(TestEmbedding)
#include "tst_embedding.moc"
