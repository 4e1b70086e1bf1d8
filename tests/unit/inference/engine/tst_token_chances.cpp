// SPDX-License-Identifier: Apache-2.0
#include "engine_fixture.h"
#include "inference/engine/answer/token_chances.h"
#include "inference/engine/model/cache_types.h"
#include "inference/engine/schedule/batch_builder.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace tramontane;
using namespace tramontane::engine;

// Small parts of the engine's arithmetic: probabilities, batches, the types of the cache.
class TestTokenChances : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void chancesAreASoftmax();
    void impossibleIsFinite();
    void bytesOfTokens();
    void batchesKnowTheirPieces();
    void cacheTypesHaveNames();

private:
    Quiet m_quiet;
};

void TestTokenChances::chancesAreASoftmax()
{
    auto engine = loadEngine(kChatModel, {256, 1, 256, 64, FlashAttention::On});
    QVERIFY(engine.ok());
    const std::vector<float> logits = {1, 3, 2, 3};
    const TokenLogprob chances = tokenLogprob((*engine)->vocab(), logits, 2, 3);
    const double sum = std::exp(1.0) + 2 * std::exp(3.0) + std::exp(2.0);
    QVERIFY(std::abs(chances.chosen.logprob - (2 - std::log(sum))) < 1e-9);
    QCOMPARE(chances.chosen.token, 2);
    QCOMPARE(chances.alternatives.size(), std::size_t{3});
    QCOMPARE(chances.alternatives[0].token, 1); // equal ones by id
    QCOMPARE(chances.alternatives[1].token, 3);
    QCOMPARE(chances.alternatives[2].token, 2);
    QVERIFY(tokenLogprob((*engine)->vocab(), logits, 0, 0).alternatives.empty());
    QCOMPARE(tokenLogprob((*engine)->vocab(), logits, 0, 20).alternatives.size(), std::size_t{4});
}

void TestTokenChances::impossibleIsFinite()
{
    auto engine = loadEngine(kChatModel, {256, 1, 256, 64, FlashAttention::On});
    QVERIFY(engine.ok());
    const std::vector<float> logits = {1, -std::numeric_limits<float>::infinity()};
    QCOMPARE(tokenLogprob((*engine)->vocab(), logits, 1, 0).chosen.logprob, -10000.0);
}

void TestTokenChances::bytesOfTokens()
{
    auto engine = loadEngine(kChatModel, {256, 1, 256, 64, FlashAttention::On});
    QVERIFY(engine.ok());
    const llama_vocab *vocab = (*engine)->vocab();
    const TokenIds control = tokenizeText(vocab, "<|im_end|>", true);
    QCOMPARE(control.size(), std::size_t{1});
    QCOMPARE(tokenBytes(vocab, control[0], true), std::string("<|im_end|>"));
    QCOMPARE(tokenBytes(vocab, control[0], false), std::string());
}

void TestTokenChances::batchesKnowTheirPieces()
{
    BatchBuilder builder(8);
    const TokenIds prompt = {10, 11, 12};
    const TokenIds draft = {20, 21, 22};
    builder.add(3, 40, prompt, 0);
    builder.add(1, 7, draft, 3);
    QCOMPARE(builder.size(), std::size_t{6});
    QCOMPARE(builder.room(), std::size_t{2});
    const llama_batch &batch = builder.batch();
    QCOMPARE(batch.pos[2], 42);
    QCOMPARE(batch.seq_id[2][0], 3);
    QCOMPARE(int(batch.logits[2]), 0);
    QCOMPARE(batch.token[3], 20);
    QCOMPARE(batch.pos[3], 7);
    QCOMPARE(int(batch.logits[3]), 1);
    QCOMPARE(builder.pieces()[1].logitsFrom(), 3);
    builder.clear();
    builder.add(0, 0, prompt, 1);
    QCOMPARE(builder.pieces().size(), std::size_t{1});
    QCOMPARE(builder.pieces()[0].logitsFrom(), 2);
    QCOMPARE(int(batch.logits[1]), 0);
    QCOMPARE(int(batch.logits[2]), 1);
}

void TestTokenChances::cacheTypesHaveNames()
{
    QCOMPARE(*cacheType("f16"), GGML_TYPE_F16);
    QCOMPARE(*cacheType("q8_0"), GGML_TYPE_Q8_0);
    for (const char *name : {"", "F16", "q4_K", "q2_0", "i32"})
        QVERIFY(!cacheType(name).has_value());
    LoadOptions options{256, 1, 256, 64, FlashAttention::On};
    options.kvTypeK = options.kvTypeV = "q8_0";
    const auto quantised = loadEngine(kChatModel, options);
    QVERIFY(quantised.ok());
    QCOMPARE((*quantised)->info().kvTypeK, std::string("q8_0"));
    options.flashAttention = FlashAttention::Off;
    QCOMPARE(loadEngine(kChatModel, options).error().code, ErrorCode::InvalidArgument);
    options.kvTypeV = "fast";
    QCOMPARE(loadEngine(kChatModel, options).error().code, ErrorCode::InvalidArgument);
}

QTEST_APPLESS_MAIN(TestTokenChances)
#include "tst_token_chances.moc"
