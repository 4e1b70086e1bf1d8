// SPDX-License-Identifier: Apache-2.0
#include "engine_process.h"
#include "llama_server.h"

#include <QTest>

using namespace tramontane;
using namespace tramontane::protocol;

namespace {

constexpr int kContext = 4096;
constexpr int kThreads = 1; // more would spin against each other on a busy machine; the figures do not depend on it
constexpr int kBatch = 2048;
constexpr int kUbatch = 512;
constexpr int kMaxTokens = 96;

const char *const kQuestions[] = {
    "What is the capital of France?",
    "Write a haiku about the sea.",
    "Explain in two sentences why the sky is blue.",
    "List five fruits, one a line.",
    "What is 17 times 23?",
    "Translate \"good morning\" into German, Spanish and Italian.",
    "Give me a recipe for pancakes.",
    "Who wrote Faust?",
    "Write a C function that adds two integers.",
    "What is the difference between a virus and a bacterium?",
    "Summarise the story of Little Red Riding Hood in three sentences.",
    "Name the planets of the solar system in order.",
    "How do I boil an egg?",
    "Write a polite refusal of an invitation.",
    "What does HTTP stand for?",
    "Describe a lighthouse in a storm.",
    "Grüße aus Köln! Wie heißt der Fluss dort?",
    "Write JSON with a name and an age.",
    "What should I pack for a week in the mountains?",
    "Tell me a joke about computers.",
};

} // namespace

// Greedy answers equal those of llama-server, token for token: same model, options and prompt ids.
class TestPeerEquality : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void promptIsThePeersPrompt_data();
    void promptIsThePeersPrompt();
    void answerIsThePeersAnswer_data() { promptIsThePeersPrompt_data(); }
    void answerIsThePeersAnswer();
    void cleanupTestCase();

private:
    EngineProcess m_engine;
    LlamaServer m_server;
    int m_equal = 0;
    std::size_t m_tokens = 0;
};

void TestPeerEquality::initTestCase()
{
    QVERIFY(m_server.start(modelPath(kChatModel), kContext, kThreads, kBatch, kUbatch));
    Load request;
    request.options = {kContext, kThreads, kBatch, kUbatch, FlashAttention::On};
    QVERIFY(!m_engine.load(kChatModel, request));
    QCOMPARE(m_engine.model().contextTokens, kContext);
}

void TestPeerEquality::promptIsThePeersPrompt_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : kQuestions)
        QTest::newRow(text) << QByteArray(text);
}

void TestPeerEquality::promptIsThePeersPrompt()
{
    QFETCH(QByteArray, text);
    const Answer answer = m_engine.generate(question(text.toStdString(), 1));
    QVERIFY(answer.done && answer.done->promptTokenIds);
    const auto peer = m_server.tokenize(m_server.applyTemplate(text.toStdString()));
    QVERIFY(!peer.empty());
    QCOMPARE(*answer.done->promptTokenIds, peer);
}

void TestPeerEquality::answerIsThePeersAnswer()
{
    QFETCH(QByteArray, text);
    const Answer first = m_engine.generate(question(text.toStdString(), 1));
    QVERIFY(first.done.has_value());
    Generate byIds = question({}, kMaxTokens);
    byIds.turns.clear();
    byIds.promptTokenIds = first.done->promptTokenIds;
    byIds.reusePrefix =
        false; // as the peer is asked with cache_prompt false: a prompt read in other pieces rounds otherwise
    const Answer answer = m_engine.generate(byIds);
    QVERIFY(answer.done.has_value());
    const auto peer = m_server.complete(*byIds.promptTokenIds, kMaxTokens);
    QVERIFY(!peer.empty());
    QCOMPARE(*answer.done->answerTokenIds, peer);
    ++m_equal;
    m_tokens += peer.size();
}

void TestPeerEquality::cleanupTestCase()
{
    qInfo("%d of %zu answers equal, %zu tokens compared", m_equal, std::size(kQuestions), m_tokens);
}

QTEST_GUILESS_MAIN(TestPeerEquality)
#include "tst_peer_equality.moc"
