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

/// A vocabulary like SentencePiece's: every byte, but not those from `bytes` on.
std::vector<std::string> byteTokens(int bytes)
{
    constexpr const char *digits = "0123456789ABCDEF";
    std::vector<std::string> tokens{"<s>"};
    for (int byte = 0; byte < bytes; ++byte)
        tokens.push_back(std::string("<0x") + digits[byte / 16] + digits[byte % 16] + ">");
    return tokens;
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
    GgufWriter experts = bare("deepseek2");
    experts.u32("deepseek2.block_count", 512).u32("deepseek2.nextn_predict_layers", 1);
    experts.u32("deepseek2.expert_count", 1024).u32("deepseek2.expert_used_count", 8);
    experts.u32("deepseek2.expert_group_count", 8).u32("deepseek2.expert_group_used_count", 4);
    QVERIFY(check(experts).ok());
    // Numbers that llama.cpp does not look at in these two: one expert is none, and one group is no grouping.
    QVERIFY(check(bare("hunyuan-dense").u32("hunyuan-dense.expert_count", 1)).ok());
    QVERIFY(check(bare("llama")
                      .u32("llama.expert_count", 2)
                      .u32("llama.expert_used_count", 1)
                      .u32("llama.expert_group_count", 1))
                .ok());
    for (const char *scaling : {"none", "linear", "yarn", "longrope"})
        QVERIFY(check(bare("llama").text("llama.rope.scaling.type", scaling)).ok());
    std::vector<std::string> bytes = byteTokens(255);
    bytes.emplace_back("\xFF");
    QVERIFY(check(bare("llama").text("tokenizer.ggml.model", "llama").texts("tokenizer.ggml.tokens", bytes)).ok());
    GgufWriter weights = bare("llama");
    weights.tensor({"blk.0.ffn_gate_tid2eid.weight", {2, 8}, 26, -1, 64}).tensor({"d2t", {8}, 27, -1, 64});
    weights.tensor({"output_norm.weight", {8}}).tensor({"output.weight", {8, 2}, 1, -1, 32});
    QVERIFY(check(weights).ok());
    // Each empty text gets one of its own, and texts may be there twice in any other list.
    QVERIFY(check(bare("llama").texts("tokenizer.ggml.tokens", {"a", "", ""})).ok());
    QVERIFY(check(bare("llama").texts("tokenizer.ggml.merges", {"a b", "a b"})).ok());
}

namespace {

constexpr auto kDamaged = ErrorCode::ModelNotGguf;
constexpr auto kUnsupported = ErrorCode::ModelUnsupported;

void row(const char *name, const GgufWriter &writer, ErrorCode code, const char *detail)
{
    QTest::newRow(name) << QByteArray::fromStdString(writer.bytes()) << int(code) << QString::fromLatin1(detail);
}

void addHyperparameters()
{
    row("no tensors", GgufWriter().text("general.architecture", "llama"), kUnsupported, "no tensors");
    row("no architecture", GgufWriter().tensor({"t"}), kUnsupported, "does not name its architecture");
    row("architecture of another type", GgufWriter().u32("general.architecture", 1).tensor({"t"}), kUnsupported,
        "does not name");
    row("unknown architecture", bare("nonsense"), kUnsupported, "does not know");
    row("projector", bare("clip"), kUnsupported, "clip");
    row("one of several", bare("llama").u16("split.count", 3), kUnsupported, "one part of several");
    row("too many layers", bare("llama").u32("llama.block_count", 513), kDamaged, "block_count is 513");
    row("no layers", bare("llama").u32("llama.block_count", 0), kDamaged, "block_count is 0");
    row("more layers that guess", bare("llama").u32("llama.block_count", 2).u32("llama.nextn_predict_layers", 3),
        kDamaged, "nextn_predict_layers is more");
    row("negative layers", bare("llama").i32("llama.block_count", -1), kDamaged, "is no count");
    row("layers as text", bare("llama").text("llama.block_count", "2"), kDamaged, "is no count");
    row("too many heads", bare("llama").u32("llama.attention.head_count", 1 << 17), kDamaged, "head_count is");
    row("negative heads of a layer", bare("llama").array("llama.attention.head_count_kv", 5, 2, little(4) + little(-4)),
        kDamaged, "is -4");
    row("too many experts", bare("llama").u32("llama.expert_count", 1025), kDamaged, "expert_count is 1025");
    const auto experts = [](std::uint32_t all, std::uint32_t used) {
        return bare("llama").u32("llama.expert_count", all).u32("llama.expert_used_count", used);
    };
    row("no expert used", experts(8, 0), kDamaged, "expert_used_count");
    row("more experts used", experts(2, 3), kDamaged, "expert_used_count");
    row("experts used of none", bare("llama").u32("llama.expert_used_count", 1), kDamaged, "expert_used_count");
    row("more experts used in a layer",
        bare("llama").u32("llama.expert_count", 2).array("llama.expert_used_count", 5, 2, little(2) + little(3)),
        kDamaged, "expert_used_count");
    row("as many groups as experts", experts(4, 2).u32("llama.expert_group_count", 4), kDamaged, "expert_group_count");
    row("groups of unequal size",
        experts(8, 2).u32("llama.expert_group_count", 3).u32("llama.expert_group_used_count", 1), kDamaged,
        "expert_group_count");
    row("no group used", experts(8, 2).u32("llama.expert_group_count", 4), kDamaged, "expert_group_used_count");
    const auto epsilon = [](std::uint32_t bits) {
        return bare("llama").raw("llama.attention.layer_norm_rms_epsilon", 6, little(bits));
    };
    row("negative epsilon", epsilon(0xBF800000), kDamaged, "layer_norm_rms_epsilon");
    row("epsilon that is no number", epsilon(0x7FC00000), kDamaged, "layer_norm_rms_epsilon");
    row("endless epsilon", epsilon(0x7F800000), kDamaged, "layer_norm_rms_epsilon");
    row("epsilon as text", bare("llama").text("llama.attention.layer_norm_epsilon", "0"), kDamaged,
        "layer_norm_epsilon");
    row("unknown scaling of positions", bare("llama").text("llama.rope.scaling.type", "sideways"), kDamaged,
        "rope.scaling.type");
}

void addVocabularies()
{
    row("tokens that are numbers", bare("llama").array("tokenizer.ggml.tokens", 4, 1, little(1U)), kDamaged,
        "no list of texts");
    row("no token", bare("llama").texts("tokenizer.ggml.tokens", {}), kDamaged, "no list of texts");
    row("a token twice", bare("llama").texts("tokenizer.ggml.tokens", {"a", "b", "a"}), kDamaged, "holds a text twice");
    row("a token twice up to a NUL", bare("llama").texts("tokenizer.ggml.tokens", {"a", std::string("a\0b", 3)}),
        kDamaged, "holds a text twice");
    const auto sentencePiece = [](const std::vector<std::string> &tokens) {
        return bare("llama").text("tokenizer.ggml.model", "llama").texts("tokenizer.ggml.tokens", tokens);
    };
    row("no byte 255", sentencePiece(byteTokens(255)), kDamaged, "for 255 bytes only");
    std::vector<std::string> odd = byteTokens(256);
    odd[11] = "<0x-1>";
    row("byte of -1", sentencePiece(odd), kDamaged, "for 255 bytes only");
    row("a token that is no text", bare("llama").texts("tokenizer.ggml.tokens", {"a", "<\xAFs>"}), kDamaged,
        "not UTF-8");
    for (const char *kind : {"bert", "rwkv"}) {
        row(kind,
            bare("llama")
                .text("tokenizer.ggml.model", kind)
                .texts("tokenizer.ggml.tokens", {"a", "<0x0A>"})
                .array("tokenizer.ggml.token_type", 5, 2, little(1) + little(6)),
            kDamaged, "token_type has bytes");
    }
    GgufWriter words = bare("llama");
    words.texts("tokenizer.ggml.tokens", {"a", "b", "c"});
    GgufWriter scores = words;
    row("too few scores", scores.array("tokenizer.ggml.scores", 6, 2, std::string(8, '\0')), kDamaged,
        "not as long as");
    GgufWriter kinds = words;
    row("too many types", kinds.array("tokenizer.ggml.token_type", 5, 4, std::string(16, '\0')), kDamaged,
        "not as long as");
    row("types of another kind", words.array("tokenizer.ggml.token_type", 4, 3, std::string(12, '\0')), kDamaged,
        "of another type");
}

void addWeights()
{
    const auto weight = [](const char *name, std::uint32_t type, std::int64_t bytes) {
        return GgufWriter().text("general.architecture", "llama").tensor({name, {256}, type, -1, bytes});
    };
    row("weights of I8", weight("blk.0.attn_q.weight", 24, 256), kUnsupported, "attn_q.weight is of type I8");
    row("weights of I16", weight("blk.0.attn_q.weight", 25, 512), kUnsupported, "is of type I16");
    row("weights of I32", weight("token_embd.weight", 26, 1024), kUnsupported, "is of type I32");
    row("weights of I64", weight("token_embd.weight", 27, 2048), kUnsupported, "is of type I64");
    row("weights of F64", weight("output.weight", 28, 2048), kUnsupported, "is of type F64");
    row("weights of Q8_1", weight("output.weight", 9, 288), kUnsupported, "is of type Q8_1");
    row("weights of Q8_K", weight("output.weight", 15, 292), kUnsupported, "is of type Q8_K");
    row("half a norm", weight("blk.0.attn_norm.weight", 1, 512), kUnsupported, "attn_norm.weight is of type F16");
    row("a bias in blocks", weight("blk.0.attn_q.bias", 8, 272), kUnsupported, "attn_q.bias is of type Q8_0");
}

} // namespace

void TestModelChecks::eachRuleRefuses_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("detail");
    addHyperparameters();
    addVocabularies();
    addWeights();
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
