// SPDX-License-Identifier: Apache-2.0
#include "engine_process.h"
#include "llama_server.h"
#include "tests/support/answers/near_ties.h"
#include "tests/support/gguf/adapter_writer.h"

#include <QCryptographicHash>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <map>
#include <utility>

using namespace tramontane;
using namespace tramontane::protocol;

namespace {

constexpr int kContext = 2048;
constexpr int kThreads = 1; // as tst_peer_equality
constexpr int kBatch = 2048;
constexpr int kUbatch = 512;
constexpr int kMaxTokens = 48;

const char *const kQuestions[] = {"What is the capital of France?", "List five fruits, one a line.",
                                  "How do I boil an egg?", "Grüße aus Köln! Wie heißt der Fluss dort?"};

} // namespace

// With a LoRA adapter, greedy answers equal those of llama-server --lora and --lora-scaled, token for token; and two
// conversations with different scales, answered at the same time by one worker, say what each says alone.
class TestAdapterEquality : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void eachScaleIsThePeers_data();
    void eachScaleIsThePeers();
    void twoAtATimeSayWhatEachSaysAlone();

private:
    Generate ask(const char *text, double scale);
    std::vector<std::int32_t> answered(std::uint64_t id);

    QTemporaryDir m_folder;
    std::string m_sha256;
    EngineProcess m_engine;
    LlamaServer m_whole;
    LlamaServer m_half;
};

void TestAdapterEquality::initTestCase()
{
    const QByteArray content = QByteArray::fromStdString(test::loraAdapter(1).bytes());
    QFile file(m_folder.filePath(QStringLiteral("adapter.gguf")));
    QVERIFY(file.open(QFile::WriteOnly) && file.write(content) == content.size());
    file.close();
    m_sha256 = QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex().toStdString();
    const std::string model = modelPath(kChatModel);
    QVERIFY(m_whole.start(model, kContext, kThreads, kBatch, kUbatch,
                          {QStringLiteral("-fa"), QStringLiteral("on"), QStringLiteral("--lora"), file.fileName()}));
    QVERIFY(m_half.start(model, kContext, kThreads, kBatch, kUbatch,
                         {QStringLiteral("-fa"), QStringLiteral("on"), QStringLiteral("--lora-scaled"),
                          file.fileName() + QStringLiteral(":0.5")}));
    Load request;
    request.options = {kContext, kThreads, kBatch, kUbatch, FlashAttention::On};
    request.options.adapters = {{file.fileName().toStdString(), m_sha256}};
    const auto failed = m_engine.load(kChatModel, request);
    QVERIFY2(!failed, failed ? (failed->message + failed->detail).c_str() : "");
    QCOMPARE(m_engine.model().adapters, (std::vector<LoadedAdapter>{{"Random 1", m_sha256}}));
}

Generate TestAdapterEquality::ask(const char *text, double scale)
{
    Generate byIds = question({}, kMaxTokens);
    byIds.turns.clear();
    byIds.promptTokenIds = m_engine.generate(question(text, 1)).done->promptTokenIds;
    byIds.reusePrefix = false; // as the peer
    if (scale != 0)
        byIds.adapters = {{m_sha256, scale}};
    return byIds;
}

std::vector<std::int32_t> TestAdapterEquality::answered(std::uint64_t id)
{
    const Answer answer = m_engine.finish(id);
    return answer.done ? answer.done->answerTokenIds.value_or(std::vector<std::int32_t>{})
                       : std::vector<std::int32_t>{};
}

void TestAdapterEquality::eachScaleIsThePeers_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : kQuestions)
        QTest::newRow(text) << QByteArray(text);
}

void TestAdapterEquality::eachScaleIsThePeers()
{
    QFETCH(QByteArray, text);
    const Generate whole = ask(text.constData(), 1);
    const Generate half = ask(text.constData(), 0.5);
    const auto one = answered(m_engine.ask(whole));
    const auto two = answered(m_engine.ask(half));
    const auto none = answered(m_engine.ask(ask(text.constData(), 0)));
    QVERIFY(!one.empty() && !two.empty() && !none.empty());
    QVERIFY(one != none && two != none && one != two);
    QCOMPARE(one, m_whole.complete(*whole.promptTokenIds, kMaxTokens));
    QCOMPARE(two, m_half.complete(*half.promptTokenIds, kMaxTokens));
}

void TestAdapterEquality::twoAtATimeSayWhatEachSaysAlone()
{
    std::vector<Generate> requests = {ask(kQuestions[0], 1), ask(kQuestions[1], 0.5)};
    std::vector<Answer> alone;
    std::vector<std::uint64_t> ids;
    for (Generate &request : requests) {
        request.sampling.logprobs = 2;
        alone.push_back(m_engine.generate(request));
        QVERIFY(alone.back().done.has_value());
    }
    for (const Generate &request : requests)
        ids.push_back(m_engine.ask(request));
    std::map<std::uint64_t, std::vector<TokenLogprob>> together;
    int running = 2;
    int changes = 0; // between the two, while both write
    std::uint64_t last = 0;
    while (running > 0) {
        const auto frame = m_engine.receive();
        QVERIFY(frame.has_value());
        QVERIFY(!std::holds_alternative<Failure>(frame->payload));
        running -= std::holds_alternative<Done>(frame->payload) ? 1 : 0;
        if (const auto *chances = std::get_if<Logprobs>(&frame->payload)) {
            auto &list = together[frame->id];
            list.insert(list.end(), chances->tokens.begin(), chances->tokens.end());
            changes += running == 2 && std::exchange(last, frame->id) != frame->id ? 1 : 0;
        }
    }
    QVERIFY(changes > 2); // they took turns, one did not wait for the other's end
    double largest = 0;
    for (std::size_t i = 0; i < ids.size(); ++i)
        largest = std::max(largest, test::largestDifference(alone[i].logprobs, together[ids[i]]));
    for (std::size_t i = 0; i < ids.size(); ++i) {
        QVERIFY(!together[ids[i]].empty());
        const auto gap = test::gapWhereTheyPart(alone[i].logprobs, together[ids[i]]);
        QVERIFY(test::gapWhereTheyPart(alone[1 - i].logprobs, together[ids[i]]).has_value()); // not the other's
        QVERIFY2(test::isNearTie(gap, largest),
                 qPrintable(QStringLiteral("%1 of %2").arg(gap.value_or(0)).arg(largest)));
    }
    qInfo("two at a time change the logarithms by at most %g", largest);
}

QTEST_GUILESS_MAIN(TestAdapterEquality)
#include "tst_adapter_equality.moc"
