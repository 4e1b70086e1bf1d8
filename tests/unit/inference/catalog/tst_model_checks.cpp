// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/model_checks.h"

#include "inference/catalog/architectures.h"
#include "inference/catalog/gguf_reader.h"
#include "tests/support/gguf/gguf_writer.h"

#include <QTest>

#include <functional>

using namespace tramontane;
using namespace tramontane::catalog;
using namespace tramontane::test;

class TestModelChecks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSoundModelPasses();
    void eachRuleRefuses_data();
    void eachRuleRefuses();
    void knowsWhatArchitecturesKeep();
};

namespace {

Status check(const GgufWriter &writer)
{
    const std::string content = writer.bytes();
    MemorySource source(content);
    auto file = readGguf(source);
    if (!file)
        return Error{ErrorCode::Internal, "the reader refused it: " + file.error().detail, {}};
    return checkModel({std::move(*file)});
}

/// A model of which only the architecture is known.
GgufWriter bare(const char *architecture)
{
    GgufWriter writer;
    writer.text("general.architecture", architecture).tensor({"t"});
    return writer;
}

} // namespace

void TestModelChecks::aSoundModelPasses()
{
    QVERIFY(check(soundModel()).ok());
    QVERIFY(check(bare("llama")).ok());
    GgufWriter layers = bare("llama");
    layers.array("llama.attention.head_count_kv", 5, 2, little(4) + little(0)); // one number for each layer
    QVERIFY(check(layers).ok());
}

void TestModelChecks::eachRuleRefuses_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("detail");
    const auto row = [](const char *name, GgufWriter writer, ErrorCode code, const char *detail) {
        QTest::newRow(name) << QByteArray::fromStdString(writer.bytes()) << int(code) << QString::fromLatin1(detail);
    };
    const auto damaged = ErrorCode::ModelNotGguf;
    const auto unsupported = ErrorCode::ModelUnsupported;
    row("no tensors", GgufWriter().text("general.architecture", "llama"), unsupported, "no tensors");
    row("no architecture", GgufWriter().tensor({"t"}), unsupported, "does not name its architecture");
    row("architecture of another type", GgufWriter().u32("general.architecture", 1).tensor({"t"}), unsupported,
        "does not name");
    row("unknown architecture", bare("nonsense"), unsupported, "does not know");
    row("projector", bare("clip"), unsupported, "clip");
    row("one of several", bare("llama").u16("split.count", 3), unsupported, "one part of several");
    row("too many layers", bare("llama").u32("llama.block_count", 1025), damaged, "block_count is 1025");
    row("negative layers", bare("llama").i32("llama.block_count", -1), damaged, "is no count");
    row("layers as text", bare("llama").text("llama.block_count", "2"), damaged, "is no count");
    row("too many heads", bare("llama").u32("llama.attention.head_count", 1 << 17), damaged, "head_count is");
    row("negative heads of a layer", bare("llama").array("llama.attention.head_count_kv", 5, 2, little(4) + little(-4)),
        damaged, "is -4");
    row("too many experts", bare("llama").u32("llama.expert_count", 1 << 17), damaged, "expert_count");
    row("tokens that are numbers", bare("llama").array("tokenizer.ggml.tokens", 4, 1, little(1U)), damaged,
        "no list of texts");
    row("no token", bare("llama").texts("tokenizer.ggml.tokens", {}), damaged, "no list of texts");
    GgufWriter words = bare("llama");
    words.texts("tokenizer.ggml.tokens", {"a", "b", "c"});
    GgufWriter scores = words;
    row("too few scores", scores.array("tokenizer.ggml.scores", 6, 2, std::string(8, '\0')), damaged, "not as long as");
    GgufWriter kinds = words;
    row("too many types", kinds.array("tokenizer.ggml.token_type", 5, 4, std::string(16, '\0')), damaged,
        "not as long as");
    row("types of another kind", words.array("tokenizer.ggml.token_type", 4, 3, std::string(12, '\0')), damaged,
        "of another type");
}

void TestModelChecks::eachRuleRefuses()
{
    QFETCH(QByteArray, content);
    QFETCH(int, code);
    QFETCH(QString, detail);
    const std::string bytes = content.toStdString();
    MemorySource source(bytes);
    auto file = readGguf(source);
    QVERIFY2(file.ok(), file.ok() ? "" : file.error().detail.c_str());
    const auto checked = checkModel({std::move(*file)});
    QVERIFY(!checked.ok());
    QCOMPARE(int(checked.error().code), code);
    QVERIFY2(QString::fromStdString(checked.error().detail).contains(detail), checked.error().detail.c_str());
    QVERIFY(!checked.error().message.empty());
}

void TestModelChecks::knowsWhatArchitecturesKeep()
{
    QCOMPARE(memoryKind("llama").value(), MemoryKind::Attention);
    QCOMPARE(memoryKind("mistral4").value(), MemoryKind::Attention);
    QCOMPARE(memoryKind("mamba").value(), MemoryKind::Recurrent);
    QCOMPARE(memoryKind("jamba").value(), MemoryKind::Hybrid);
    QCOMPARE(memoryKind("clip").value(), MemoryKind::Projector);
    QVERIFY(!memoryKind("") && !memoryKind("(unknown)") && !memoryKind("LLAMA"));
}

QTEST_APPLESS_MAIN(TestModelChecks)
#include "tst_model_checks.moc"
