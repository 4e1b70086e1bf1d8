// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/adapter_checks.h"

#include "inference/catalog/gguf_reader.h"
#include "inference/catalog/model_checks.h"
#include "tests/support/gguf/adapter_writer.h"

#include <QTest>

#include <bit>
#include <functional>
#include <limits>

using namespace tramontane;
using namespace tramontane::catalog;
using namespace tramontane::test;

namespace {

constexpr AdapterBase kTiny{"llama", 2, 8, 16};

GgufFile fileOf(const GgufWriter &writer)
{
    const std::string content = writer.bytes();
    MemorySource source(content);
    auto file = readGguf(source);
    if (!file)
        qFatal("the reader refused it: %s", file.error().detail.c_str());
    return std::move(*file);
}

/// The model that loraAdapter(kTiny) fits.
GgufWriter baseModel()
{
    GgufWriter model = soundModel(); // has an output of its own
    for (int i = 0; i < kTiny.layers; ++i) {
        const std::string block = "blk." + std::to_string(i) + ".";
        model.tensor({block + "attn_output.weight", {8, 8}}).tensor({block + "ffn_down.weight", {16, 8}});
    }
    model.tensor({"blk.0.ffn_up_exps.weight", {8, 16, 4}});
    return model;
}

GgufWriter pairOf(const std::string &name, std::vector<std::uint64_t> a, std::vector<std::uint64_t> b,
                  std::uint32_t type = 0)
{
    GgufWriter adapter = adapterKeys("One");
    return adapter.tensor({name + ".lora_a", std::move(a), type}).tensor({name + ".lora_b", std::move(b), type});
}

std::string bitsOf(float value)
{
    return little(std::bit_cast<std::uint32_t>(value));
}

} // namespace

// What llama.cpp would believe, and stop the process over, must not come that far.
class TestAdapterChecks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSoundAdapterPasses();
    void normsAreIgnored();
    void saysWhatItIs();
    void eachRuleRefuses_data();
    void eachRuleRefuses();
    void itMustFitTheModel_data();
    void itMustFitTheModel();
    void anAdapterIsNoModel();
};

void TestAdapterChecks::aSoundAdapterPasses()
{
    const GgufFile adapter = fileOf(loraAdapter(1, kTiny));
    QVERIFY(isAdapter(adapter));
    QVERIFY(checkAdapter(adapter).ok());
    QVERIFY(checkAdapterFits(adapter, {fileOf(baseModel())}).ok());
    // Both orders of the halves of a pair, and of experts.
    QVERIFY(checkAdapterFits(fileOf(pairOf("token_embd.weight", {4, 3}, {4, 8})), {fileOf(baseModel())}).ok());
    QVERIFY(checkAdapterFits(fileOf(pairOf("blk.0.ffn_up_exps.weight", {8, 4, 4}, {4, 16, 4})), {fileOf(baseModel())})
                .ok());
}

void TestAdapterChecks::normsAreIgnored()
{
    GgufWriter adapter = loraAdapter(1, kTiny);
    adapter.tensor({"blk.0.attn_norm.weight", {8}});
    QVERIFY(checkAdapter(fileOf(adapter)).ok());
    GgufWriter alone = adapterKeys("Norms");
    QCOMPARE(checkAdapter(fileOf(alone.tensor({"blk.0.attn_norm.weight", {8}}))).error().code,
             ErrorCode::ModelUnsupported);
}

void TestAdapterChecks::saysWhatItIs()
{
    const ModelDescription about = summariseAdapter(fileOf(loraAdapter(7, kTiny)));
    QCOMPARE(about.kind, ModelKind::Adapter);
    QCOMPARE(about.name, std::string("Random 7"));
    QCOMPARE(about.architecture, std::string("llama"));
    QCOMPARE(about.quantisation, std::string("F32"));
    QCOMPARE(about.facts->adapterRank, 4);
    QCOMPARE(about.facts->tensors, 8);
    QCOMPARE(about.parameters, std::int64_t{2} * (2 * 8 * 4 + (16 + 8) * 4));
}

void TestAdapterChecks::eachRuleRefuses_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("detail");
    const auto row = [](const char *name, const GgufWriter &writer, ErrorCode code, const char *detail) {
        QTest::newRow(name) << QByteArray::fromStdString(writer.bytes()) << int(code) << QString::fromUtf8(detail);
    };
    const auto damaged = ErrorCode::ModelNotGguf;
    const auto unsupported = ErrorCode::ModelUnsupported;
    const auto keys = [](const char *type, const char *kind, const char *architecture) {
        GgufWriter writer;
        writer.text("general.type", type).text("adapter.type", kind).text("general.architecture", architecture);
        return writer.tensor({"x.weight.lora_a", {8, 4}}).tensor({"x.weight.lora_b", {4, 8}});
    };
    row("a model", soundModel(), unsupported, "general.type");
    row("another type", keys("model", "lora", "llama"), unsupported, "general.type");
    row("another kind", keys("adapter", "control_vector", "llama"), unsupported, "adapter.type");
    row("an unknown architecture", keys("adapter", "lora", "llamas"), unsupported, "architecture");
    row("no architecture", keys("adapter", "lora", ""), unsupported, "architecture");
    row("type is a number", keys("adapter", "lora", "llama").u32("adapter.lora.alpha", 8), damaged, "alpha");
    row("alpha is no number",
        keys("adapter", "lora", "llama").raw("adapter.lora.alpha", 6, bitsOf(std::numeric_limits<float>::quiet_NaN())),
        damaged, "alpha");
    row("alpha is endless",
        keys("adapter", "lora", "llama").raw("adapter.lora.alpha", 6, bitsOf(std::numeric_limits<float>::infinity())),
        damaged, "alpha");
    row("aLoRA", keys("adapter", "lora", "llama").array("adapter.alora.invocation_tokens", 4, 1, little(7)),
        unsupported, "invocation");
    row("aLoRA, empty", keys("adapter", "lora", "llama").array("adapter.alora.invocation_tokens", 4, 0, {}),
        unsupported, "invocation");
    row("no tensors", adapterKeys("None"), unsupported, "no tensors");
    row("half a pair", adapterKeys("Half").tensor({"x.weight.lora_a", {8, 4}}), damaged, "only one half");
    row("a tensor of another name", loraAdapter(1, kTiny).tensor({"x.weight", {8, 4}}), damaged, "half of a pair");
    row("no name before the end", adapterKeys("None").tensor({".lora_a", {8, 4}}), damaged, "name");
    row("the end twice", pairOf("x.lora_a", {8, 4}, {4, 8}), damaged, "name");
    row("the end in the middle", pairOf("x.lora_b.weight", {8, 4}, {4, 8}), damaged, "name");
    row("ranks that differ", pairOf("x.weight", {8, 4}, {5, 8}), damaged, "fit each other");
    row("ranks of the tokens that differ", pairOf("token_embd.weight", {4, 8}, {5, 8}), damaged, "fit each other");
    row("one expert too many", pairOf("x.weight", {8, 4, 3}, {4, 8, 4}), damaged, "fit each other");
    row("no matrix", pairOf("x.weight", {8}, {1, 8}), damaged, "matrix");
    row("whole numbers", pairOf("x.weight", {8, 4}, {4, 8}, 26), damaged, "type");
    row("a rank beyond all", pairOf("x.weight", {1, 65537}, {65537, 1}), damaged, "fit each other");
}

void TestAdapterChecks::eachRuleRefuses()
{
    QFETCH(QByteArray, content);
    QFETCH(int, code);
    QFETCH(QString, detail);
    const std::string bytes = content.toStdString();
    MemorySource source(bytes);
    const auto file = readGguf(source);
    QVERIFY2(file.ok(), file ? "" : file.error().detail.c_str());
    const Status checked = checkAdapter(*file);
    QVERIFY(!checked.ok());
    QCOMPARE(int(checked.error().code), code);
    QVERIFY2(checked.error().detail.find(detail.toStdString()) != std::string::npos, checked.error().detail.c_str());
}

void TestAdapterChecks::itMustFitTheModel_data()
{
    QTest::addColumn<QByteArray>("adapter");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QString>("detail");
    const auto row = [](const char *name, const GgufWriter &adapter, const GgufWriter &model, const char *detail) {
        QTest::newRow(name) << QByteArray::fromStdString(adapter.bytes()) << QByteArray::fromStdString(model.bytes())
                            << QString::fromUtf8(detail);
    };
    row("another architecture", loraAdapter(1, {"qwen2", 2, 8, 16}), baseModel(), "qwen2");
    row("more layers", loraAdapter(1, {"llama", 3, 8, 16}), baseModel(), "blk.2");
    row("wider", loraAdapter(1, {"llama", 2, 16, 16}), baseModel(), "other sizes");
    row("another feed forward", loraAdapter(1, {"llama", 2, 8, 8}), baseModel(), "other sizes");
    row("experts for a plain matrix", pairOf("blk.0.attn_output.weight", {8, 4, 2}, {4, 8, 2}), baseModel(), "sizes");
    row("the tokens the wrong way round", pairOf("token_embd.weight", {4, 8}, {4, 3}), baseModel(), "other sizes");
    GgufWriter tied;
    tied.text("general.architecture", "llama").tensor({"token_embd.weight", {8, 3}});
    row("tokens that are the output", pairOf("token_embd.weight", {4, 3}, {4, 8}), tied, "output");
    GgufWriter nvfp4;
    nvfp4.text("general.architecture", "llama").tensor({"x.weight", {64, 8}, 40, -1, 36 * 8});
    row("a base of NVFP4", pairOf("x.weight", {64, 4}, {4, 8}), nvfp4, "type");
}

void TestAdapterChecks::itMustFitTheModel()
{
    QFETCH(QByteArray, adapter);
    QFETCH(QByteArray, model);
    QFETCH(QString, detail);
    const auto read = [](const QByteArray &content) {
        const std::string bytes = content.toStdString();
        MemorySource source(bytes);
        auto file = readGguf(source);
        if (!file)
            qFatal("the reader refused it: %s", file.error().detail.c_str());
        return std::move(*file);
    };
    const GgufFile file = read(adapter);
    QVERIFY(checkAdapter(file).ok());
    const Status fits = checkAdapterFits(file, {read(model)});
    QVERIFY(!fits.ok());
    QCOMPARE(fits.error().code, ErrorCode::ModelUnsupported);
    QVERIFY2(fits.error().detail.find(detail.toStdString()) != std::string::npos, fits.error().detail.c_str());
}

void TestAdapterChecks::anAdapterIsNoModel()
{
    const Status checked = checkModel({fileOf(loraAdapter(1, kTiny))});
    QCOMPARE(checked.error().code, ErrorCode::ModelUnsupported);
    QVERIFY(checked.error().message.find("--adapter") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestAdapterChecks)
#include "tst_adapter_checks.moc"
