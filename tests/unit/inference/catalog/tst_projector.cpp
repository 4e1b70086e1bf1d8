// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/projector.h"

#include "inference/catalog/gguf_reader.h"
#include "inference/catalog/model_checks.h"
#include "inference/catalog/model_summary.h"
#include "tests/support/gguf/gguf_writer.h"

#include <QTest>

using namespace tramontane;
using namespace tramontane::catalog;
using namespace tramontane::test;

class TestProjector : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isDescribed();
    void isNoModel();
    void theWidthOfItsVectors();
    void eachRuleRefuses_data();
    void eachRuleRefuses();
};

namespace {

const std::string kThree = little<std::uint32_t>(0) + little<std::uint32_t>(0) + little<std::uint32_t>(0);

/// Without `left`, so that a test can write another value.
GgufWriter sound(const std::string &left = {})
{
    GgufWriter writer;
    writer.text("general.architecture", "clip").text("general.name", "Tiny eyes").u32("general.file_type", 0);
    if (left != "has_vision_encoder")
        writer.flag("clip.has_vision_encoder", true);
    if (left != "projector_type")
        writer.text("clip.projector_type", "idefics3");
    const std::pair<const char *, std::uint32_t> counts[] = {
        {"embedding_length", 8}, {"feed_forward_length", 16}, {"projection_dim", 8}, {"attention.head_count", 2},
        {"block_count", 3},      {"image_size", 32},          {"patch_size", 8}};
    for (const auto &[name, value] : counts) {
        if (left != name)
            writer.u32("clip.vision." + std::string(name), value);
    }
    for (const char *name : {"image_mean", "image_std"}) {
        if (left != name)
            writer.array("clip.vision." + std::string(name), 6, 3, kThree);
    }
    return writer.tensor({"mm.model.fc.weight", {32, 576}});
}

GgufFile read(const GgufWriter &writer)
{
    const std::string content = writer.bytes();
    MemorySource source(content);
    auto file = readGguf(source);
    if (!file)
        qFatal("not readable: %s", file.error().detail.c_str());
    return std::move(*file);
}

} // namespace

void TestProjector::isDescribed()
{
    const std::vector<GgufFile> parts{read(sound())};
    QVERIFY(isProjector(parts.front()));
    QVERIFY(checkProjector(parts).ok());
    const ModelDescription description = summarise(parts);
    QCOMPARE(description.kind, ModelKind::Projector);
    QCOMPARE(description.name, std::string("Tiny eyes"));
    QCOMPARE(description.architecture, std::string("clip"));
    QCOMPARE(description.embeddingLength, 576);
    QCOMPARE(description.layers, 3);
    QCOMPARE(description.facts->projector, std::string("idefics3"));
    QCOMPARE(description.facts->memory, std::string("none"));
    QCOMPARE(description.facts->heads, 2);
}

void TestProjector::isNoModel()
{
    const auto checked = checkModel({read(sound())});
    QCOMPARE(checked.error().code, ErrorCode::ModelUnsupported);
    QVERIFY(checked.error().message.find("is a projector") != std::string::npos);
    QVERIFY(!isProjector(read(soundModel())));
    QVERIFY(summarise({read(soundModel())}).facts->projector.empty());
}

void TestProjector::theWidthOfItsVectors()
{
    const auto widthOf = [](const char *tensor) {
        GgufWriter writer;
        writer.text("general.architecture", "clip").tensor({tensor, {32, 2048}});
        return projectorWidth(read(writer));
    };
    QCOMPARE(widthOf("mm.2.weight"), 2048);
    QCOMPARE(widthOf("mm.0.weight"), 2048);
    QCOMPARE(widthOf("mm.9.weight"), 0);
}

void TestProjector::eachRuleRefuses_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("detail");
    const auto row = [](const char *name, const GgufWriter &writer, ErrorCode code, const char *detail) {
        QTest::newRow(name) << QByteArray::fromStdString(writer.bytes()) << int(code) << QString::fromLatin1(detail);
    };
    const auto damaged = ErrorCode::ModelNotGguf;
    const auto unsupported = ErrorCode::ModelUnsupported;
    const auto with = [](const char *name, std::uint32_t value) {
        return sound(name).u32("clip.vision." + std::string(name), value);
    };
    row("no tensors", GgufWriter().text("general.architecture", "clip"), unsupported, "no tensors");
    row("no eyes", sound("has_vision_encoder"), unsupported, "reads no images");
    row("eyes switched off", sound("has_vision_encoder").flag("clip.has_vision_encoder", false), unsupported,
        "reads no images");
    row("no type", sound("projector_type"), unsupported, "does not name its type");
    row("an endless type", sound("projector_type").text("clip.projector_type", std::string(1000, 'x')), unsupported,
        "does not name its type");
    row("one of several", sound().u16("split.count", 2), unsupported, "several files");
    row("no patches", with("patch_size", 0), damaged, "patch_size is 0");
    row("no image", with("image_size", 0), damaged, "image_size is 0");
    row("an endless image", with("image_size", 1 << 20), damaged, "image_size is");
    row("a patch larger than the image", with("patch_size", 64), damaged, "patch is larger");
    row("no heads", with("attention.head_count", 0), damaged, "head_count is 0");
    row("heads that do not share", with("attention.head_count", 3), damaged, "do not share");
    row("no width", with("embedding_length", 0), damaged, "embedding_length is 0");
    row("too many layers", with("block_count", 5000), damaged, "block_count is 5000");
    row("a count is missing", sound("block_count"), damaged, "is no count");
    row("a count as text", sound("image_size").text("clip.vision.image_size", "32"), damaged, "is no count");
    row("no mean", sound("image_mean"), damaged, "image_mean");
    row("two deviations", sound("image_std").array("clip.vision.image_std", 6, 2, kThree.substr(4)), damaged,
        "image_std");
    row("a mean of another type", sound("image_mean").array("clip.vision.image_mean", 4, 3, kThree), damaged,
        "image_mean");
}

void TestProjector::eachRuleRefuses()
{
    QFETCH(QByteArray, content);
    QFETCH(int, code);
    QFETCH(QString, detail);
    const std::string bytes = content.toStdString();
    MemorySource source(bytes);
    auto file = readGguf(source);
    QVERIFY2(file.ok(), file.ok() ? "" : file.error().detail.c_str());
    const auto checked = checkProjector({std::move(*file)});
    QVERIFY(!checked.ok());
    QCOMPARE(int(checked.error().code), code);
    QVERIFY2(QString::fromStdString(checked.error().detail).contains(detail), checked.error().detail.c_str());
}

QTEST_APPLESS_MAIN(TestProjector)
#include "tst_projector.moc"
