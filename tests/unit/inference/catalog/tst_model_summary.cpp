// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/model_summary.h"

#include "inference/catalog/gguf_reader.h"
#include "inference/catalog/plain_text.h"
#include "tests/support/gguf/gguf_writer.h"

#include <QTest>

using namespace tramontane;
using namespace tramontane::catalog;
using namespace tramontane::test;

class TestModelSummary : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesWhatTheKeysSay();
    void keysOfAnotherTypeCountAsAbsent();
    void knowsEmbeddingModels();
    void knowsRerankers_data();
    void knowsRerankers();
    void knowsWhoseMemoryCannotBeCut();
    void namesTheTypeOfMostWeights();
    void textsAreMadePlain_data();
    void textsAreMadePlain();
};

namespace {

ModelDescription summaryOf(const GgufWriter &writer)
{
    const std::string content = writer.bytes();
    MemorySource source(content);
    auto file = readGguf(source);
    if (!file)
        qFatal("not readable: %s", file.error().detail.c_str());
    return summarise({std::move(*file)});
}

} // namespace

void TestModelSummary::takesWhatTheKeysSay()
{
    GgufWriter writer = soundModel();
    writer.text("general.license", "apache-2.0").text("general.basename", "Tiny").text("tokenizer.ggml.model", "gpt2");
    writer.text("tokenizer.ggml.pre", "tekken").text("tokenizer.chat_template", "{{ messages }}");
    writer.u32("llama.expert_count", 8).u32("llama.expert_used_count", 2);
    const ModelDescription model = summaryOf(writer);
    QCOMPARE(model.name, std::string("Tiny"));
    QCOMPARE(model.architecture, std::string("llama"));
    QCOMPARE(model.licence, std::string("apache-2.0"));
    QCOMPARE(model.quantisation, std::string("F32"));
    QCOMPARE(model.kind, ModelKind::Chat);
    QCOMPARE(model.fileBytes, std::int64_t(writer.bytes().size()));
    QCOMPARE(model.parameters, std::int64_t{56});
    QCOMPARE(model.contextLength, 64);
    QCOMPARE(model.layers, 2);
    QCOMPARE(model.embeddingLength, 8);
    QCOMPARE(model.vocabulary, 3);
    QVERIFY(model.hasTemplate);
    QCOMPARE(model.facts->heads, 4);
    QCOMPARE(model.facts->kvHeads, 2);
    QCOMPARE(model.facts->experts, 8);
    QCOMPARE(model.facts->expertsUsed, 2);
    QCOMPARE(model.facts->tokenizerVariant, std::string("tekken"));
    QCOMPARE(model.facts->baseName, std::string("Tiny"));
    QCOMPARE(model.facts->templateSha256.size(), std::size_t{64});
    QCOMPARE(model.facts->tensors, 3);
    QCOMPARE(model.facts->files, 1);
    QCOMPARE(model.facts->ggufVersion, 3);
    QVERIFY(model.facts->memoryCanBeCut);
}

void TestModelSummary::keysOfAnotherTypeCountAsAbsent()
{
    GgufWriter writer;
    writer.text("general.architecture", "llama").u32("general.name", 7).text("general.file_type", "Q4_0");
    writer.u32("tokenizer.chat_template", 1).tensor({"t"});
    const ModelDescription model = summaryOf(writer);
    QVERIFY(model.name.empty());
    QCOMPARE(model.quantisation, std::string("F32"));
    QVERIFY(!model.hasTemplate);
    QCOMPARE(model.layers, 0);
    QVERIFY(model.facts->templateSha256.empty());
}

void TestModelSummary::knowsEmbeddingModels()
{
    GgufWriter pooled;
    pooled.text("general.architecture", "bert").u32("bert.pooling_type", 1).tensor({"t"});
    QCOMPARE(summaryOf(pooled).kind, ModelKind::Embedding);
    QCOMPARE(summaryOf(pooled).facts->pooling, std::string("mean"));
    GgufWriter bothWays;
    bothWays.text("general.architecture", "bert").flag("bert.attention.causal", false).tensor({"t"});
    QCOMPARE(summaryOf(bothWays).kind, ModelKind::Embedding);
    QCOMPARE(summaryOf(bothWays).facts->pooling, std::string("none"));
}

void TestModelSummary::knowsRerankers_data()
{
    QTest::addColumn<int>("pooling"); // -1: the key is absent
    QTest::addColumn<QByteArray>("tensor");
    QTest::addColumn<bool>("ranks");
    QTest::newRow("says so") << 4 << QByteArray("t") << true;
    QTest::newRow("has a head") << -1 << QByteArray("cls.output.weight") << true;
    QTest::newRow("has a head of one layer") << -1 << QByteArray("cls.weight") << true;
    QTest::newRow("pools, and keeps the layer of its training") << 1 << QByteArray("cls.weight") << false;
    QTest::newRow("another tensor") << -1 << QByteArray("cls.output.weights") << false;
}

void TestModelSummary::knowsRerankers()
{
    QFETCH(int, pooling);
    QFETCH(QByteArray, tensor);
    QFETCH(bool, ranks);
    GgufWriter writer;
    writer.text("general.architecture", "bert").flag("bert.attention.causal", false).tensor({tensor.toStdString()});
    if (pooling >= 0)
        writer.u32("bert.pooling_type", static_cast<std::uint32_t>(pooling));
    const ModelDescription model = summaryOf(writer);
    QCOMPARE(model.kind, ranks ? ModelKind::Reranker : ModelKind::Embedding);
    QCOMPARE(model.facts->pooling == "rank", ranks);
}

void TestModelSummary::knowsWhoseMemoryCannotBeCut()
{
    GgufWriter recurrent;
    recurrent.text("general.architecture", "mamba").tensor({"t"});
    QVERIFY(!summaryOf(recurrent).facts->memoryCanBeCut);
    QCOMPARE(summaryOf(recurrent).facts->memory, std::string("recurrent"));
    GgufWriter window;
    window.text("general.architecture", "gemma3").u32("gemma3.attention.sliding_window", 1024).tensor({"t"});
    QVERIFY(!summaryOf(window).facts->memoryCanBeCut);
    QCOMPARE(summaryOf(window).facts->slidingWindow, 1024);
}

void TestModelSummary::namesTheTypeOfMostWeights()
{
    GgufWriter writer;
    writer.text("general.architecture", "llama").tensor({"norm", {64}});
    writer.tensor({"a", {256, 8}, 12, -1, 8 * 144}).tensor({"b", {256, 2}, 14, -1, 2 * 210});
    const ModelDescription model = summaryOf(writer);
    QCOMPARE(model.facts->weightType, std::string("Q4_K"));
    QCOMPARE(model.quantisation, std::string("Q4_K"));
    writer.u32("general.file_type", 15);
    QCOMPARE(summaryOf(writer).quantisation, std::string("Q4_K_M"));
}

void TestModelSummary::textsAreMadePlain_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("plain");
    QTest::newRow("plain") << QByteArray("Tiny 1B") << QByteArray("Tiny 1B");
    QTest::newRow("terminal") << QByteArray("a\x1b[31mb\n\x7F") << QByteArray("a[31mb");
    QTest::newRow("accents") << QByteArray("caf\xC3\xA9") << QByteArray("caf\xC3\xA9");
    QTest::newRow("no UTF-8") << QByteArray("a\xFF\xC3") << QByteArray("a\xEF\xBF\xBD\xEF\xBF\xBD");
    QTest::newRow("long") << QByteArray(500, 'x') << QByteArray(200, 'x');
    QTest::newRow("cut between characters") << QByteArray(199, 'x') + "\xC3\xA9" << QByteArray(199, 'x');
    QTest::newRow("empty") << QByteArray("") << QByteArray("");
}

void TestModelSummary::textsAreMadePlain()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, plain);
    QCOMPARE(QByteArray::fromStdString(plainText(bytes.toStdString())), plain);
}

QTEST_APPLESS_MAIN(TestModelSummary)
#include "tst_model_summary.moc"
