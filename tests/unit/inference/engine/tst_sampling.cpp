// SPDX-License-Identifier: Apache-2.0
#include "engine_fixture.h"
#include "inference/engine/answer/sampling.h"

#include <QTest>

#include <functional>
#include <limits>

using namespace tramontane;
using namespace tramontane::engine;

using Change = std::function<void(SamplingParameters &)>;
Q_DECLARE_METATYPE(Change)

class TestSampling : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rangesAreChecked_data();
    void rangesAreChecked();
    void grammarsAreChecked_data();
    void grammarsAreChecked();
    void aSeedIsDrawn();
    void theMostLikelyTokenIsChosen();

private:
    Quiet m_quiet;
};

void TestSampling::rangesAreChecked_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<bool>("good");
    const auto row = [](const char *name, bool good, Change change) { QTest::newRow(name) << change << good; };
    constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
    row("as it is", true, [](auto &) {});
    row("greedy", true, [](auto &p) { p.temperature = 0; });
    row("hottest", true, [](auto &p) { p.temperature = 5; });
    row("too hot", false, [](auto &p) { p.temperature = 5.01; });
    row("below zero", false, [](auto &p) { p.temperature = -0.01; });
    row("temperature not a number", false, [=](auto &p) { p.temperature = kNan; });
    row("top-p off", true, [](auto &p) { p.topP = 1; });
    row("top-p above 1", false, [](auto &p) { p.topP = 1.1; });
    row("top-p not a number", false, [=](auto &p) { p.topP = kNan; });
    row("top-k off", true, [](auto &p) { p.topK = 0; });
    row("top-k negative", false, [](auto &p) { p.topK = -1; });
    row("min-p above 1", false, [](auto &p) { p.minP = 2; });
    row("penalty lowest", true, [](auto &p) { p.repeatPenalty = 0.5; });
    row("penalty too low", false, [](auto &p) { p.repeatPenalty = 0.4; });
    row("penalty infinite", false, [](auto &p) { p.repeatPenalty = std::numeric_limits<double>::infinity(); });
    row("no tokens", false, [](auto &p) { p.maxTokens = 0; });
    row("sixteen stops", true, [](auto &p) { p.stop.assign(16, "x"); });
    row("seventeen stops", false, [](auto &p) { p.stop.assign(17, "x"); });
    row("empty stop", false, [](auto &p) { p.stop = {""}; });
    row("long stop", false, [](auto &p) { p.stop = {std::string(257, 'x')}; });
    row("bias", true, [](auto &p) { p.logitBias = {{1, -100}, {2, 100}}; });
    row("bias too strong", false, [](auto &p) { p.logitBias = {{1, 101}}; });
    row("bias not a number", false, [=](auto &p) { p.logitBias = {{1, kNan}}; });
    row("too many biases", false, [](auto &p) { p.logitBias.resize(kMaxBiases + 1); });
    row("logprobs", true, [](auto &p) { p.logprobs = 20; });
    row("too many alternatives", false, [](auto &p) { p.logprobs = 21; });
    row("negative alternatives", false, [](auto &p) { p.logprobs = -2; });
    row("long grammar", false, [](auto &p) { p.grammar.assign(kMaxGrammarBytes + 1, ' '); });
}

void TestSampling::rangesAreChecked()
{
    QFETCH(Change, change);
    QFETCH(bool, good);
    SamplingParameters parameters;
    change(parameters);
    const Status checked = checkSampling(parameters);
    QCOMPARE(checked.ok(), good);
    if (!good)
        QCOMPARE(checked.error().code, ErrorCode::InvalidArgument);
}

void TestSampling::grammarsAreChecked_data()
{
    QTest::addColumn<QByteArray>("grammar");
    QTest::addColumn<bool>("good");
    QTest::newRow("good") << QByteArray("root ::= \"yes\" | \"no\"") << true;
    QTest::newRow("with rules") << QByteArray("root ::= word (\" \" word)*\nword ::= [a-z]+") << true;
    QTest::newRow("no grammar at all") << QByteArray("this is not a grammar") << false;
    QTest::newRow("no root") << QByteArray("start ::= \"a\"") << false;
    QTest::newRow("unknown rule") << QByteArray("root ::= other") << false;
    QTest::newRow("open text") << QByteArray("root ::= \"a") << false;
    QTest::newRow("left recursion") << QByteArray("root ::= root \"a\" | \"b\"") << false;
    QTest::newRow("only white") << QByteArray("  \n") << false;
    QTest::newRow("another kind") << QByteArray("%llguidance {}") << false;
    QTest::newRow("deep") << QByteArray("root ::= ") + QByteArray(2000, '(') + "\"a\"" + QByteArray(2000, ')') << true;
}

void TestSampling::grammarsAreChecked()
{
    QFETCH(QByteArray, grammar);
    QFETCH(bool, good);
    auto engine = loadEngine(kChatModel, {512, 1, 0, 0, FlashAttention::On});
    QVERIFY(engine.ok());
    SamplingParameters parameters;
    parameters.grammar = grammar.toStdString();
    const auto sampler = Sampler::make((*engine)->model(), parameters);
    QCOMPARE(sampler.ok(), good);
    if (!good)
        QCOMPARE(sampler.error().code, ErrorCode::GrammarInvalid);
}

void TestSampling::aSeedIsDrawn()
{
    auto engine = loadEngine(kChatModel, {512, 1, 0, 0, FlashAttention::On});
    QVERIFY(engine.ok());
    SamplingParameters parameters;
    const auto first = Sampler::make((*engine)->model(), parameters);
    const auto second = Sampler::make((*engine)->model(), parameters);
    QVERIFY(first->seed() != second->seed());
    QVERIFY(first->seed() != 0xFFFFFFFF);
    parameters.seed = 7;
    QCOMPARE(Sampler::make((*engine)->model(), parameters)->seed(), 7U);
}

void TestSampling::theMostLikelyTokenIsChosen()
{
    const std::vector<float> logits{-3, 5, 2, 5, -1, 4.5F};
    QCOMPARE(GreedyChoice()(logits), 1); // the first of two
    QCOMPARE(GreedyChoice({{1, kForbidden}})(logits), 3);
    QCOMPARE(GreedyChoice({{1, -1}, {3, kForbidden}})(logits), 5);
    QCOMPARE(GreedyChoice({{5, 0.25}, {5, 0.5}})(logits), 5); // together 5.25
    QCOMPARE(GreedyChoice({{0, 9}})(logits), 0);
    QCOMPARE(GreedyChoice({{4, 6.5}, {0, 8}})(logits), 4);
    QCOMPARE(GreedyChoice({{6, 100}, {-1, 100}})(logits), 1); // the model does not have them
    QCOMPARE(GreedyChoice()(std::vector<float>{-7}), 0);
    // As the chain of llama.cpp chooses, which a penalty that does nothing brings in.
    auto engine = loadEngine(kChatModel, {512, 1, 0, 0, FlashAttention::On});
    QVERIFY(engine.ok());
    llama_context *context = (*engine)->context();
    std::vector<llama_token> prompt{504, 3575, 282, 4649, 314};
    QCOMPARE(llama_decode(context, llama_batch_get_one(prompt.data(), 5)), 0);
    SamplingParameters parameters;
    parameters.temperature = 0;
    const auto most = Sampler::make((*engine)->model(), parameters)->next(context);
    for (const double bias : {kForbidden, -3.0, 0.5}) {
        parameters.logitBias = {{most, bias}, {1200, 2.5}};
        parameters.repeatPenalty = 1.0;
        const auto ours = Sampler::make((*engine)->model(), parameters)->next(context);
        parameters.repeatPenalty = 1.0000001;
        QCOMPARE(Sampler::make((*engine)->model(), parameters)->next(context), ours);
        QCOMPARE(ours == most, bias == 0.5);
    }
}

QTEST_APPLESS_MAIN(TestSampling)
#include "tst_sampling.moc"
