// SPDX-License-Identifier: Apache-2.0
#include "engine_fixture.h"
#include "inference/engine/device/gpu_device.h"
#include "inference/engine/model/context_shape.h"

#include <QTest>

using namespace tramontane;
using namespace tramontane::engine;

// SmolLM2-135M has 9 heads: the matrix of scores takes 9 x 4 bytes x context x physical batch.
class TestContextShape : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aCpuWritesWithoutFlashAttention();
    void aLargeContextIsReadInSmallerPieces();
    void whatWasAskedForIsDone();
    void quantisedValuesNeedIt();
    void anEncoderIsNeverCut();

private:
    ContextShape shape(const LoadOptions &options, ModelKind kind = ModelKind::Chat);

    Quiet m_quiet;
    std::unique_ptr<LoadedEngine> m_engine;
};

void TestContextShape::initTestCase()
{
    auto engine = loadEngine(kChatModel, {256, 1, 256, 64});
    QVERIFY(engine.ok());
    m_engine = std::move(*engine);
    if (firstGpu() != nullptr)
        QSKIP("The choice for a CPU is tested, and there is a GPU.");
    QVERIFY(!m_engine->info().flashAttention);
}

ContextShape TestContextShape::shape(const LoadOptions &options, ModelKind kind)
{
    return shapeFor(m_engine->model(), kind, options);
}

void TestContextShape::aCpuWritesWithoutFlashAttention()
{
    const ContextShape found = shape({});
    QVERIFY(!found.flashAttention);
    QCOMPARE(found.contextTokens, 8192);
    QCOMPARE(found.ubatchTokens, 512);
    QCOMPARE(contextParameters(found).flash_attn_type, LLAMA_FLASH_ATTN_TYPE_DISABLED);
}

void TestContextShape::aLargeContextIsReadInSmallerPieces()
{
    LoadOptions options;
    options.contextTokens = 32'768; // 576 MiB with pieces of 512
    QCOMPARE(shape(options).ubatchTokens, 128);
    QVERIFY(!shape(options).flashAttention);
    options.contextTokens = 131'072; // 576 MiB with pieces of 128, the smallest
    QVERIFY(shape(options).flashAttention);
    QCOMPARE(shape(options).ubatchTokens, 512);
    options.ubatchTokens = 32;
    QVERIFY(!shape(options).flashAttention);
    QCOMPARE(shape(options).ubatchTokens, 32);
}

void TestContextShape::whatWasAskedForIsDone()
{
    LoadOptions options;
    options.flashAttention = FlashAttention::On;
    QVERIFY(shape(options).flashAttention);
    QCOMPARE(contextParameters(shape(options)).flash_attn_type, LLAMA_FLASH_ATTN_TYPE_ENABLED);
    options.contextTokens = 131'072;
    options.flashAttention = FlashAttention::Off;
    QVERIFY(!shape(options).flashAttention);
    QCOMPARE(shape(options).ubatchTokens, 512);
}

void TestContextShape::quantisedValuesNeedIt()
{
    LoadOptions options;
    options.kvTypeV = "q8_0";
    QVERIFY(checkOptions(options).ok());
    QVERIFY(shape(options).flashAttention);
    options.flashAttention = FlashAttention::Off;
    QCOMPARE(checkOptions(options).error().code, ErrorCode::InvalidArgument);
}

void TestContextShape::anEncoderIsNeverCut()
{
    LoadOptions options;
    options.contextTokens = 8192;
    const ContextShape found = shape(options, ModelKind::Embedding);
    QVERIFY(found.flashAttention);
    QCOMPARE(contextParameters(found).n_ubatch, std::uint32_t{8192});
}

QTEST_APPLESS_MAIN(TestContextShape)
#include "tst_context_shape.moc"
