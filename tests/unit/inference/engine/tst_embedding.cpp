// SPDX-License-Identifier: Apache-2.0
#include "engine_fixture.h"
#include "inference/engine/embedding.h"
#include "inference/engine/generation.h"

#include <QTest>

#include <cmath>

using namespace tramontane;
using namespace tramontane::engine;

class TestEmbedding : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void vectorsAreNormalised();
    void meaningCounts();
    void rowsDoNotDependOnTheirNeighbours();
    void refuses();
    void bytesAreLittleEndianFloats();

private:
    double similarity(const std::string &one, const std::string &other);

    Quiet m_quiet;
    std::unique_ptr<LoadedEngine> m_engine;
    const std::atomic<bool> m_never{false};
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
    const auto vectors = embed(*m_engine, {one, other}, m_never);
    double product = 0;
    for (std::size_t i = 0; vectors && i < std::size_t(vectors->dims); ++i)
        product += double(vectors->values[i]) * double(vectors->values[i + std::size_t(vectors->dims)]);
    return product;
}

void TestEmbedding::vectorsAreNormalised()
{
    const auto vectors = embed(*m_engine, {"one", "a longer text about ships", ""}, m_never);
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
    const auto alone = embed(*m_engine, {"second"}, m_never);
    const auto together = embed(*m_engine, {"first", "second"}, m_never);
    QVERIFY(std::equal(alone->values.begin(), alone->values.end(), together->values.begin() + 384));
}

void TestEmbedding::refuses()
{
    QCOMPARE(embed(*m_engine, {}, m_never).error().code, ErrorCode::InvalidArgument);
    std::string longText;
    for (int i = 0; i < 600; ++i)
        longText += "word ";
    const auto tooLong = embed(*m_engine, {"short", longText}, m_never);
    QCOMPARE(tooLong.error().code, ErrorCode::ContextFull);
    QVERIFY(tooLong.error().detail.starts_with("text 1:"));
    QCOMPARE(embed(*m_engine, {"x"}, std::atomic<bool>{true}).error().code, ErrorCode::Cancelled);
    QCOMPARE(generate(*m_engine, {}, m_never, [](const protocol::Payload &) {}).error().code,
             ErrorCode::ModelUnsupported);
    QCOMPARE(measure(*m_engine, {}).error().code, ErrorCode::ModelUnsupported);
}

void TestEmbedding::bytesAreLittleEndianFloats()
{
    const Vectors vectors{1, 2, {1.0F, -2.5F}};
    QCOMPARE(QByteArray::fromStdString(vectors.bytes()), QByteArray::fromHex("0000803f000020c0"));
}

QTEST_APPLESS_MAIN(TestEmbedding)
#include "tst_embedding.moc"
