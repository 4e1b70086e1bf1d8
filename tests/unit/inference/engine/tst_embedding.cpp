// SPDX-License-Identifier: Apache-2.0
#include "engine_fixture.h"
#include "inference/engine/schedule/embedding_scheduler.h"
#include "inference/engine/worker/request_desk.h"

#include <QTest>

#include <cmath>

using namespace tramontane;
using namespace tramontane::engine;

namespace {

Result<Vectors> embed(LoadedEngine &engine, std::vector<std::string> texts)
{
    EmbeddingJob job(engine, std::move(texts));
    for (;;) {
        const auto done = job.step();
        if (!done)
            return done.error();
        if (*done)
            return job.take();
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
    EmbeddingScheduler scheduler(*m_engine, queue, send,
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
