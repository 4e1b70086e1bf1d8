// SPDX-License-Identifier: Apache-2.0
#include "engine_process.h"
#include "inference/protocol/bulk.h"
#include "llama_server.h"

#include <QTest>

#include <algorithm>
#include <bit>
#include <cmath>

using namespace tramontane;
using namespace tramontane::protocol;

namespace {

constexpr int kThreads = 1;
constexpr double kTolerance = 1e-5; // of the largest value of a vector

/// Short ones: less than 64 tokens, which go through the model without flash attention.
const std::vector<std::string> kShort{"The wind is cold.", "", "Grüße aus Köln und anderswo",
                                      "A tramontane is a cold wind from the north that blows over the mountains."};

std::vector<std::string> longTexts()
{
    std::string text = "The history of the harbour";
    for (int i = 0; i < 100; ++i)
        text += " and of its " + std::to_string(i) + " ships";
    return {text.substr(0, 700), text.substr(100, 1200)};
}

std::vector<float> embed(EngineProcess &engine, const std::string &text, Normalisation normalisation)
{
    const auto id = engine.ask(Embed{{text}, normalisation});
    std::vector<float> vector;
    while (const auto frame = engine.receive()) {
        const auto *bulk = std::get_if<Bulk>(&frame->payload);
        if (frame->id != id || std::holds_alternative<Failure>(frame->payload))
            return {};
        for (std::size_t at = 0; bulk != nullptr && at + 4 <= bulk->data.size(); at += 4) {
            std::uint32_t bits = 0;
            for (std::size_t i = 0; i < 4; ++i)
                bits |= std::uint32_t{static_cast<unsigned char>(bulk->data[at + i])} << (8 * i);
            vector.push_back(std::bit_cast<float>(bits));
        }
        if (bulk != nullptr && bulk->last)
            return vector;
    }
    return {};
}

/// Of the largest value; 1 where the lengths differ.
double difference(const std::vector<float> &ours, const std::vector<float> &theirs)
{
    if (ours.empty() || ours.size() != theirs.size())
        return 1;
    double most = 0;
    double largest = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        most = std::max(most, std::abs(double(ours[i]) - double(theirs[i])));
        largest = std::max(largest, std::abs(double(theirs[i])));
    }
    return largest > 0 ? most / largest : 1;
}

std::string tinyModel(const QByteArray &name)
{
    return TRAMONTANE_RERANKER_DIR "/" + name.toStdString() + ".gguf";
}

} // namespace

// Vectors and scores equal those of llama-server: the same model, pooling, normalisation and kind of attention.
class TestTextPeer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void vectorsAreThePeers_data();
    void vectorsAreThePeers();
    void scoresAreThePeers_data();
    void scoresAreThePeers();
    void hostileRequestsLeaveTheWorkerAlive();
};

void TestTextPeer::vectorsAreThePeers_data()
{
    QTest::addColumn<int>("pooling");
    QTest::addColumn<bool>("isShort");
    for (const Pooling pooling : {Pooling::Mean, Pooling::Cls, Pooling::Last}) {
        const QByteArray name = QByteArray::fromStdString(std::string(poolingName(pooling)));
        QTest::newRow((name + ", short").constData()) << int(pooling) << true;
        QTest::newRow((name + ", long").constData()) << int(pooling) << false;
    }
}

void TestTextPeer::vectorsAreThePeers()
{
    QFETCH(int, pooling);
    QFETCH(bool, isShort);
    Load request;
    request.kind = ModelKind::Embedding;
    request.options.threads = kThreads;
    request.options.pooling = static_cast<Pooling>(pooling);
    const std::string name(poolingName(request.options.pooling));
    EngineProcess engine;
    QVERIFY(!engine.load(kEmbeddingModel, request));
    QCOMPARE(engine.model().pooling, name);
    LlamaServer server;
    QVERIFY(server.start(modelPath(kEmbeddingModel), 512, kThreads, 512, 512,
                         {QStringLiteral("--embeddings"), QStringLiteral("--pooling"), QString::fromStdString(name),
                          QStringLiteral("-fa"), isShort ? QStringLiteral("off") : QStringLiteral("on")}));
    using Method = Normalisation::Method;
    const std::pair<Normalisation, int> norms[] = {{{Method::None}, -1},
                                                   {{Method::MaxAbs}, 0},
                                                   {{Method::PNorm, 1}, 1},
                                                   {{Method::PNorm, 2}, 2},
                                                   {{Method::PNorm, 3}, 3}};
    double most = 0;
    for (const std::string &text : isShort ? kShort : longTexts()) {
        for (const auto &[ours, theirs] : norms)
            most = std::max(most, difference(embed(engine, text, ours), server.embed(text, theirs)));
    }
    qInfo("largest difference: %g of the largest value", most);
    QVERIFY(most <= kTolerance);
}

void TestTextPeer::scoresAreThePeers_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<bool>("flashAttention");
    QTest::newRow("encoder, short") << QByteArray("bert") << false;
    QTest::newRow("encoder, long") << QByteArray("bert") << true;
    QTest::newRow("decoder") << QByteArray("qwen3") << true;
    QTest::newRow("decoder, ordinary attention") << QByteArray("qwen3") << false;
}

void TestTextPeer::scoresAreThePeers()
{
    QFETCH(QByteArray, model);
    QFETCH(bool, flashAttention);
    const std::string query = "What is a panda?";
    std::vector<std::string> documents{"hi", "It is a bear.", "The giant panda is a bear species of China.", "Überall"};
    if (model == "bert" && flashAttention) {
        for (std::string &document : documents)
            document = longTexts().front().substr(0, 400) + " " + document;
    }
    Load request;
    request.kind = ModelKind::Reranker;
    request.options.threads = kThreads;
    request.options.flashAttention = model == "bert" || flashAttention ? FlashAttention::On : FlashAttention::Off;
    EngineProcess engine;
    QVERIFY(!engine.load(tinyModel(model), request));
    LlamaServer server;
    QVERIFY(server.start(tinyModel(model), 256, kThreads, 256, 256,
                         {QStringLiteral("--rerank"), QStringLiteral("--no-cache-prompt"), QStringLiteral("-fa"),
                          flashAttention ? QStringLiteral("on") : QStringLiteral("off")}));
    const auto theirs = server.rerank(query, documents);
    QCOMPARE(theirs.size(), documents.size());
    const auto id = engine.ask(Rerank{query, documents});
    const auto frame = engine.receive();
    QVERIFY(frame && frame->id == id);
    const auto &ours = std::get<Ranked>(frame->payload).scores;
    QCOMPARE(ours.size(), documents.size());
    double most = 0;
    for (std::size_t i = 0; i < ours.size(); ++i)
        most = std::max(most, std::abs(ours[i] - theirs[i]));
    const auto [least, largest] = std::minmax_element(ours.begin(), ours.end());
    qInfo("largest difference: %g; the scores are %g to %g", most, *least, *largest);
    QVERIFY(*largest - *least > 1e-3); // else equal scores would prove nothing
    QVERIFY(most <= kTolerance);
}

void TestTextPeer::hostileRequestsLeaveTheWorkerAlive()
{
    Load request;
    request.kind = ModelKind::Reranker;
    EngineProcess engine;
    QVERIFY(!engine.load(tinyModel("bert"), request));
    const auto code = [&](Payload payload) {
        const Answer answer = engine.finish(engine.ask(std::move(payload)));
        return answer.error ? answer.error->code : ErrorCode::Internal;
    };
    QCOMPARE(code(Rerank{"q", {}}), ErrorCode::InvalidArgument);
    QCOMPARE(code(Rerank{"q", std::vector<std::string>(kMostRanked + 1)}), ErrorCode::InvalidArgument);
    QCOMPARE(code(Rerank{"q", {std::string(2'000'000, 'x')}}), ErrorCode::ContextFull);
    QCOMPARE(code(Rerank{std::string(2'000'000, '.'), {"d"}}), ErrorCode::ContextFull);
    QCOMPARE(code(Embed{{"a"}}), ErrorCode::ModelUnsupported);
    QCOMPARE(code(question("Hello")), ErrorCode::ModelUnsupported);
    const auto id = engine.ask(Rerank{"q", {"still alive"}});
    const auto frame = engine.receive();
    QVERIFY(frame && frame->id == id && std::holds_alternative<Ranked>(frame->payload));
}

QTEST_GUILESS_MAIN(TestTextPeer)
#include "tst_text_peer.moc"
