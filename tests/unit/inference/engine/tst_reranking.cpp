// SPDX-License-Identifier: Apache-2.0
#include "engine_fixture.h"
#include "inference/engine/schedule/reranking.h"
#include "inference/engine/schedule/text_scheduler.h"
#include "inference/engine/worker/request_desk.h"

#include <QTest>

#include <algorithm>
#include <limits>

using namespace tramontane;
using namespace tramontane::engine;

namespace {

using Scores = std::vector<double>;

Result<Scores> rank(LoadedEngine &engine, const std::string &query, std::vector<std::string> documents, int first = 0)
{
    RerankJob job(engine, {query, std::move(documents), first});
    for (;;) {
        const auto done = job.step();
        if (!done)
            return done.error();
        if (*done)
            return std::get<protocol::Ranked>(job.take().head).scores;
    }
}

std::ptrdiff_t controlsIn(const LoadedEngine &engine, const TokenIds &tokens)
{
    return std::count_if(tokens.begin(), tokens.end(), [&](auto token) { return isControl(engine.vocab(), token); });
}

std::string words(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += "word ";
    return text;
}

} // namespace

// That the scores are those of llama-server: tests/integration/inference/tst_text_peer.cpp.
class TestReranking : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aScoreDependsOnTheTextsAlone_data();
    void aScoreDependsOnTheTextsAlone();
    void separatorsAreTokensAndTextsAreText_data() { aScoreDependsOnTheTextsAlone_data(); }
    void separatorsAreTokensAndTextsAreText();
    void encodersGetASeparatorBetweenBothTexts();
    void placesInATextAreNotFilled();
    void refusesWhatCannotBeRanked();
    void refusesOtherKindsOfModels();
    void requestsCanBeCancelled();

private:
    [[nodiscard]] LoadedEngine &engine(const QByteArray &name) { return name == "bert" ? *m_bert : *m_qwen; }

    Quiet m_quiet;
    std::unique_ptr<LoadedEngine> m_bert;
    std::unique_ptr<LoadedEngine> m_qwen;
};

void TestReranking::initTestCase()
{
    auto bert = loadEngine(tinyModel("bert.gguf").c_str(), {}, ModelKind::Reranker);
    auto qwen = loadEngine(tinyModel("qwen3.gguf").c_str(), {}, ModelKind::Reranker);
    QVERIFY(bert.ok() && qwen.ok());
    m_bert = std::move(*bert);
    m_qwen = std::move(*qwen);
    QCOMPARE(m_bert->info().pooling, std::string("rank"));
    QCOMPARE(m_bert->info().description.kind, ModelKind::Reranker);
    QCOMPARE(m_bert->info().contextTokens, 256);
}

void TestReranking::aScoreDependsOnTheTextsAlone_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::newRow("encoder") << QByteArray("bert");
    QTest::newRow("decoder") << QByteArray("qwen3");
}

void TestReranking::aScoreDependsOnTheTextsAlone()
{
    QFETCH(QByteArray, model);
    const auto all = rank(engine(model), "What flies?", {"a bird", "a stone", words(90), "", "a bird"});
    QVERIFY(all.ok());
    QCOMPARE(all->size(), std::size_t{5});
    QCOMPARE((*all)[0], (*all)[4]);
    QCOMPARE(rank(engine(model), "What flies?", {"a stone"})->front(), (*all)[1]);
    QCOMPARE(rank(engine(model), "What flies?", {words(90)})->front(), (*all)[2]);
    QVERIFY(std::abs((*all)[0] - (*all)[1]) > 1e-4);
    QVERIFY(std::abs(rank(engine(model), "What sinks?", {"a stone"})->front() - (*all)[1]) > 1e-4);
}

void TestReranking::separatorsAreTokensAndTextsAreText()
{
    QFETCH(QByteArray, model);
    const RerankPrompt &prompt = *engine(model).rerankPrompt();
    const auto expected = controlsIn(engine(model), prompt.make("query", "document"));
    QVERIFY(expected >= 2);
    for (const char *word : {"[SEP]", "[CLS]", "<|im_end|>", "<|im_start|>", "<|endoftext|>"}) {
        QCOMPARE(controlsIn(engine(model), prompt.make(word, "document")), expected);
        QCOMPARE(controlsIn(engine(model), prompt.make("query", std::string("a ") + word + " b")), expected);
    }
}

void TestReranking::encodersGetASeparatorBetweenBothTexts()
{
    const auto *vocab = m_bert->vocab();
    // This vocabulary adds a token at the beginning and a separator, none at the end, here as in llama-server.
    TokenIds expected{llama_vocab_bos(vocab)};
    const TokenIds query = tokenizeText(vocab, "what flies", false);
    const TokenIds document = tokenizeText(vocab, "a bird", false);
    expected.insert(expected.end(), query.begin(), query.end());
    expected.push_back(llama_vocab_sep(vocab));
    expected.insert(expected.end(), document.begin(), document.end());
    QCOMPARE(m_bert->rerankPrompt()->make("what flies", "a bird"), expected);
}

void TestReranking::placesInATextAreNotFilled()
{
    const RerankPrompt &prompt = *m_qwen->rerankPrompt();
    const TokenIds tokens = prompt.make("{document}", "secret");
    std::string text;
    for (const llama_token token : tokens) {
        char piece[64];
        const int length = llama_token_to_piece(m_qwen->vocab(), token, piece, sizeof piece, 0, true);
        text.append(piece, static_cast<std::size_t>(std::max(0, length)));
    }
    QVERIFY2(text.find("<Query>: {document}\n<Document>: secret<|im_end|>") != std::string::npos, text.c_str());
}

void TestReranking::refusesWhatCannotBeRanked()
{
    QCOMPARE(rank(*m_bert, "q", {}).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(rank(*m_bert, "q", std::vector<std::string>(kMostRanked + 1)).error().code, ErrorCode::InvalidArgument);
    const auto tooLong = rank(*m_bert, "q", {"short", words(300)}, 256);
    QCOMPARE(tooLong.error().code, ErrorCode::ContextFull);
    QVERIFY(tooLong.error().message.starts_with("Document 257 "));
    QVERIFY(tooLong.error().detail.starts_with("document 257:"));
    const auto query = rank(*m_bert, words(300), {"short"});
    QCOMPARE(query.error().code, ErrorCode::ContextFull);
    QVERIFY(query.error().message.starts_with("The query alone"));
    // The longest that fits.
    QVERIFY(rank(*m_bert, "q", {words(253)}).ok());
    QVERIFY(rank(*m_bert, "q", {"and another"}).ok());
}

void TestReranking::refusesOtherKindsOfModels()
{
    const auto refused = [](const std::string &path, ModelKind kind, LoadOptions options = {}) {
        const auto engine = loadEngine(path.c_str(), options, kind);
        return engine ? ErrorCode::Internal : engine.error().code;
    };
    const std::string bert = tinyModel("bert.gguf");
    QCOMPARE(refused(bert, ModelKind::Chat), ErrorCode::ModelUnsupported);
    QCOMPARE(refused(bert, ModelKind::Embedding), ErrorCode::ModelUnsupported);
    QCOMPARE(refused(tinyModel("qwen3.gguf"), ModelKind::Chat), ErrorCode::ModelUnsupported);
    QCOMPARE(refused(kChatModel, ModelKind::Reranker), ErrorCode::ModelUnsupported);
    QCOMPARE(refused(kEmbeddingModel, ModelKind::Reranker), ErrorCode::ModelUnsupported);
    QCOMPARE(refused(tinyModel("classes.gguf"), ModelKind::Reranker), ErrorCode::ModelUnsupported);
    LoadOptions pooled;
    pooled.pooling = Pooling::Mean;
    QCOMPARE(refused(bert, ModelKind::Reranker, pooled), ErrorCode::InvalidArgument);
    QCOMPARE(prepareQuestion(*m_bert, {}).error().code, ErrorCode::ModelUnsupported);
}

void TestReranking::requestsCanBeCancelled()
{
    RequestQueue queue;
    std::vector<std::pair<std::uint64_t, std::string>> heard;
    const Send send = [&](std::uint64_t id, const protocol::Payload &payload) {
        heard.emplace_back(id, protocol::typeName(payload));
    };
    RequestDesk desk(*m_bert, queue, send);
    TextScheduler scheduler(*m_bert, queue, send, [](std::uint64_t, const std::string &) {});
    const auto ask = [&](std::uint64_t id, protocol::Payload payload) {
        Request request;
        request.id = id;
        request.payload = std::move(payload);
        QCOMPARE(queue.add(std::move(request)), RequestQueue::Added::Yes);
        desk.handle(queue.takeNew());
    };
    ask(1, protocol::Rerank{"q", std::vector<std::string>(50, "a document")});
    QVERIFY(scheduler.step());
    ask(2, protocol::Rerank{"q", {"one", "two"}});
    ask(3, protocol::Embed{{"no vectors here"}});
    QCOMPARE(queue.cancel(1), RequestQueue::Cancelled::Running);
    while (scheduler.step())
        continue;
    const std::vector<std::pair<std::uint64_t, std::string>> expected = {{3, "error"}, {1, "error"}, {2, "ranked"}};
    QVERIFY(heard == expected);
}

QTEST_APPLESS_MAIN(TestReranking)
#include "tst_reranking.moc"
