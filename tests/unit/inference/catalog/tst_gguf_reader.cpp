// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/gguf_reader.h"

#include "tests/support/gguf/gguf_writer.h"

#include <QTest>

#include <functional>

using namespace tramontane;
using namespace tramontane::catalog;
using namespace tramontane::test;

class TestGgufReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsASoundFile();
    void readsEveryKindOfValue();
    void keepsFewOfManyIntegers();
    void readsTheOlderVersion();
    void readsTheStarterModels();
    void eachRuleRefuses_data();
    void eachRuleRefuses();
    void aDeclaredSizeIsNotTrusted();
    void aHeaderHasAnEnd();
    void aGapBetweenTensorsIsNoError();
};

namespace {

Result<GgufFile> read(const std::string &content, const GgufLimits &limits = {})
{
    MemorySource source(content);
    return readGguf(source, limits);
}

struct Lie {
    const char *name;
    std::function<void(GgufWriter &)> tell;
    ErrorCode code;
    const char *detail;
};

std::vector<Lie> liesAboutKeys()
{
    const auto damaged = ErrorCode::ModelNotGguf;
    return {
        {"magic", [](GgufWriter &w) { w.magic = "GGML"; }, damaged, "does not begin with GGUF"},
        {"version 1", [](GgufWriter &w) { w.version = 1; }, ErrorCode::ModelUnsupported, "GGUF version 1"},
        {"version 4", [](GgufWriter &w) { w.version = 4; }, ErrorCode::ModelUnsupported, "GGUF version 4"},
        {"big endian", [](GgufWriter &w) { w.version = 0x03000000; }, ErrorCode::ModelUnsupported, "big-endian"},
        {"many tensors", [](GgufWriter &w) { w.tensorCount = 1LL << 40; }, damaged, "tensors and"},
        {"many keys", [](GgufWriter &w) { w.keyCount = 1LL << 40; }, damaged, "keys"},
        {"more keys than there are", [](GgufWriter &w) { w.keyCount = 1000; }, damaged, ""},
        {"empty key", [](GgufWriter &w) { w.u32("", 1); }, damaged, "is empty or has characters"},
        {"blank in a key", [](GgufWriter &w) { w.u32("a b", 1); }, damaged, "characters that no key has"},
        {"terminal code in a key", [](GgufWriter &w) { w.u32("a\x1b[31m", 1); }, damaged, "characters that no key has"},
        {"byte above 127 in a key", [](GgufWriter &w) { w.u32("caf\xC3\xA9", 1); }, damaged, "characters that no key"},
        {"long key", [](GgufWriter &w) { w.u32(std::string(256, 'k'), 1); }, damaged, "a key of 256 bytes"},
        {"key twice", [](GgufWriter &w) { w.u32("general.name", 1); }, damaged, "general.name is there twice"},
        {"unknown type", [](GgufWriter &w) { w.raw("k", 13, ""); }, damaged, "a value of type 13"},
        {"truth of 2", [](GgufWriter &w) { w.raw("k", 7, "\2"); }, damaged, "a truth value of 2"},
        {"long text", [](GgufWriter &w) { w.raw("k", 8, little<std::uint64_t>(1ULL << 40)); }, damaged, "a text of"},
        {"array of arrays", [](GgufWriter &w) { w.array("k", 9, 1, ""); }, damaged, "an array of arrays"},
        {"array of no type", [](GgufWriter &w) { w.array("k", 77, 1, ""); }, damaged, "a value of type 77"},
        {"endless array", [](GgufWriter &w) { w.array("k", 0, ~0ULL, ""); }, damaged,
         "an array of 18446744073709551615"},
        {"array of false truths", [](GgufWriter &w) { w.array("k", 7, 2, "\1\3"); }, damaged, "a truth value of 3"},
        {"endless text in an array", [](GgufWriter &w) { w.array("k", 8, 1, little<std::uint64_t>(~0ULL)); }, damaged,
         "a text of"},
        {"alignment of another type", [](GgufWriter &w) { w.i32("general.alignment", 32); }, damaged, "another type"},
        {"alignment of 0", [](GgufWriter &w) { w.u32("general.alignment", 0); }, damaged, "an alignment of 0"},
        {"alignment of 48", [](GgufWriter &w) { w.u32("general.alignment", 48); }, damaged, "an alignment of 48"},
        {"alignment of 2^31", [](GgufWriter &w) { w.u32("general.alignment", 1U << 31); }, damaged, "an alignment of"},
    };
}

std::vector<Lie> liesAboutTensors()
{
    const auto damaged = ErrorCode::ModelNotGguf;
    const auto huge = std::uint64_t{1} << 62;
    return {
        {"tensor without name", [](GgufWriter &w) { w.tensor({""}); }, damaged, "has no name"},
        {"line end in a name", [](GgufWriter &w) { w.tensor({"a\nb"}); }, damaged, "characters that no name has"},
        {"long name", [](GgufWriter &w) { w.tensor({std::string(64, 't')}); }, damaged, "a tensor's name of 64"},
        {"tensor twice", [](GgufWriter &w) { w.tensor({"output.weight"}); }, damaged, "is there twice"},
        {"five dimensions",
         [](GgufWriter &w) {
             w.tensor({"t", {1, 1, 1, 1, 1}});
         },
         damaged, "5 dimensions"},
        {"dimensions of another number", [](GgufWriter &w) { w.dimensionCount = 100; }, damaged, "100 dimensions"},
        {"size of zero",
         [](GgufWriter &w) {
             w.tensor({"t", {4, 0}});
         },
         damaged, "a size of zero"},
        {"elements overflow",
         [huge](GgufWriter &w) {
             w.tensor({"t", {huge, huge}, 0, 0, 0});
         },
         damaged, "elements than"},
        {"negative size",
         [](GgufWriter &w) {
             w.tensor({"t", {~0ULL}, 0, 0, 0});
         },
         damaged, "than can be counted"},
        {"bytes overflow",
         [huge](GgufWriter &w) {
             w.tensor({"t", {huge}, 28, 0, 0});
         },
         damaged, "bytes than can be"},
        {"unknown tensor type",
         [](GgufWriter &w) {
             w.tensor({"t", {4}, 200});
         },
         damaged, "is of type 200"},
        {"type that was given up",
         [](GgufWriter &w) {
             w.tensor({"t", {4}, 31});
         },
         damaged, "is of type 31"},
        {"half a block",
         [](GgufWriter &w) {
             w.tensor({"t", {48}, 2, -1, 27});
         },
         damaged, "no whole number of blocks"},
    };
}

std::vector<Lie> liesAboutPlaces()
{
    const auto damaged = ErrorCode::ModelNotGguf;
    const auto cut = ErrorCode::ModelTruncated;
    return {
        {"offset off the alignment",
         [](GgufWriter &w) {
             w.tensor({"t", {4}, 0, 8});
         },
         damaged, "multiple of the align"},
        {"overlap",
         [](GgufWriter &w) {
             w.tensor({"t", {4}, 0, 32});
         },
         damaged, "overlap"},
        {"same place",
         [](GgufWriter &w) {
             w.tensor({"t", {4}, 0, 0});
         },
         damaged, "overlap"},
        {"offset beyond the end",
         [](GgufWriter &w) {
             w.tensor({"t", {4}, 0, 1 << 20});
         },
         cut, "beyond the end"},
        {"offset near 2^63",
         [](GgufWriter &w) {
             w.tensor({"t", {4}, 0, INT64_MAX - 31});
         },
         cut, "beyond the end"},
        {"larger than its data",
         [](GgufWriter &w) {
             w.tensor({"t", {1000}, 0, -1, 16});
         },
         cut, "beyond the end"},
        {"more tensors than there are", [](GgufWriter &w) { w.tensorCount = 4; }, damaged, ""},
    };
}

} // namespace

void TestGgufReader::readsASoundFile()
{
    const std::string content = soundModel().bytes();
    const auto file = read(content);
    QVERIFY2(file.ok(), file.ok() ? "" : file.error().detail.c_str());
    QCOMPARE(file->version, 3U);
    QCOMPARE(file->alignment, std::uint64_t{32});
    QCOMPARE(file->fileBytes, std::uint64_t{content.size()});
    QCOMPARE(file->text("general.name"), std::string_view("Tiny"));
    QCOMPARE(file->number("llama.block_count").value(), std::uint64_t{2});
    QCOMPARE(file->tensors.size(), std::size_t{3});
    QCOMPARE(file->tensors[1].name, std::string("output.weight"));
    QCOMPARE(file->tensors[1].elements, std::uint64_t{24});
    QCOMPARE(file->tensors[1].bytes, std::uint64_t{96});
    QCOMPARE(file->tensors[1].offset, std::uint64_t{96});
    QCOMPARE(file->dataOffset % 32, std::uint64_t{0});
    QCOMPARE(file->dataOffset + 96 + 96 + 32, std::uint64_t{content.size()});
}

void TestGgufReader::readsEveryKindOfValue()
{
    GgufWriter writer = soundModel();
    writer.raw("k0", 0, "\xFF").raw("k1", 1, "\xFF").raw("k2", 2, "\xFE\xFF").raw("k3", 3, "\xFE\xFF");
    writer.raw("k5", 5, little(-7)).raw("k6", 6, little(0x3F800000U)).flag("k7", true);
    writer.raw("k10", 10, little(~0ULL))
        .raw("k11", 11, little<std::int64_t>(-1))
        .raw("k12", 12, little(0x4000000000000000ULL));
    writer.array("k9", 1, 3, "\1\2\xFF").texts("texts", {"a", "", "c"}).array("floats", 6, 2, std::string(8, '\0'));
    const auto file = read(writer.bytes());
    QVERIFY(file.ok());
    QCOMPARE(file->number("k0").value(), std::uint64_t{255});
    QVERIFY(!file->number("k1")); // -1 is no count
    QCOMPARE(file->number("k2").value(), std::uint64_t{0xFFFE});
    QVERIFY(!file->number("k5"));
    QCOMPARE(std::get<std::int64_t>(file->metadata.at("k5").value), std::int64_t{-7});
    QCOMPARE(std::get<double>(file->metadata.at("k6").value), 1.0);
    QCOMPARE(file->flag("k7").value(), true);
    QCOMPARE(file->number("k10").value(), ~std::uint64_t{0});
    QCOMPARE(std::get<double>(file->metadata.at("k12").value), 2.0);
    QCOMPARE(file->array("k9")->integers, (std::vector<std::int64_t>{1, 2, -1}));
    QCOMPARE(file->array("texts")->count, std::uint64_t{3});
    QVERIFY(file->array("texts")->integers.empty());
    QCOMPARE(file->array("floats")->count, std::uint64_t{2});
    // Asked for as something else: as if it were not there.
    QVERIFY(file->text("k0").empty() && !file->number("k7") && !file->flag("k0") && file->array("k0") == nullptr);
    QVERIFY(!file->number("absent"));
}

void TestGgufReader::keepsFewOfManyIntegers()
{
    GgufWriter writer = soundModel();
    const std::string bytes(4096, '\1');
    for (int i = 0; i < 300; ++i)
        writer.array("array" + std::to_string(i), i % 2 == 0 ? 0 : 7, bytes.size(), bytes); // bytes and truth values
    writer.array("long", 0, bytes.size() + 1, bytes + '\1');
    const auto file = read(writer.bytes());
    QVERIFY(file.ok());
    std::size_t kept = 0;
    for (int i = 0; i < 300; ++i) {
        const ArrayValue *array = file->array("array" + std::to_string(i));
        QCOMPARE(array->count, std::uint64_t{4096});
        QVERIFY(array->integers.empty() || array->integers.size() == 4096);
        kept += array->integers.size();
    }
    QVERIFY2(kept >= (1 << 20) - 4096 && kept <= 1 << 20, std::to_string(kept).c_str());
    QVERIFY(file->array("long")->integers.empty());
}

void TestGgufReader::readsTheOlderVersion()
{
    GgufWriter writer = soundModel();
    writer.version = 2;
    writer.alignment = 64;
    writer.u32("general.alignment", 64);
    const auto file = read(writer.bytes());
    QVERIFY(file.ok());
    QCOMPARE(file->version, 2U);
    QCOMPARE(file->alignment, std::uint64_t{64});
    QCOMPARE(file->tensors[1].offset, std::uint64_t{128});
}

void TestGgufReader::readsTheStarterModels()
{
    for (const auto &[name, tensors] :
         {std::pair{"SmolLM2-135M-Instruct.Q4_1.gguf", 272U}, {"all-MiniLM-L6-v2.gguf", 101U}}) {
        const std::string path = std::string(TRAMONTANE_MODEL_DIR "/") + name;
        std::FILE *stream = std::fopen(path.c_str(), "rb");
        QVERIFY(stream != nullptr);
        std::fseek(stream, 0, SEEK_END);
        const auto bytes = static_cast<std::uint64_t>(std::ftell(stream));
        {
            FileSource source(stream, bytes);
            const auto file = readGguf(source);
            QVERIFY2(file.ok(), file.ok() ? "" : file.error().detail.c_str());
            QCOMPARE(file->tensors.size(), std::size_t{tensors});
            std::uint64_t end = 0;
            for (const TensorEntry &tensor : file->tensors)
                end = std::max(end, file->dataOffset + tensor.offset + tensor.bytes);
            QVERIFY(end <= bytes && bytes - end < file->alignment);
        }
        QCOMPARE(std::ftell(stream), 0L);
        std::fclose(stream);
    }
}

void TestGgufReader::eachRuleRefuses_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("detail");
    for (const auto &lies : {liesAboutKeys(), liesAboutTensors(), liesAboutPlaces()}) {
        for (const Lie &lie : lies) {
            GgufWriter writer = soundModel();
            lie.tell(writer);
            QTest::newRow(lie.name) << QByteArray::fromStdString(writer.bytes()) << int(lie.code)
                                    << QString::fromLatin1(lie.detail);
        }
    }
}

void TestGgufReader::eachRuleRefuses()
{
    QFETCH(QByteArray, content);
    QFETCH(int, code);
    QFETCH(QString, detail);
    const auto file = read(content.toStdString());
    QVERIFY(!file.ok());
    QCOMPARE(int(file.error().code), code);
    QVERIFY2(QString::fromStdString(file.error().detail).contains(detail), file.error().detail.c_str());
    QVERIFY(!file.error().message.empty() && !file.error().detail.empty());
}

void TestGgufReader::aDeclaredSizeIsNotTrusted()
{
    // The system says that there are 100 GiB, and then there are not: no memory is asked for what is not there.
    GgufWriter writer;
    writer.keyCount = 1;
    const std::string content = writer.header() + ggufText("k") + little(8U) + little<std::uint64_t>(32 << 20);
    MemorySource source(content, std::uint64_t{100} << 30);
    const auto file = readGguf(source);
    QCOMPARE(file.error().code, ErrorCode::ModelTruncated);
}

void TestGgufReader::aHeaderHasAnEnd()
{
    GgufWriter writer = soundModel();
    writer.array("k", 0, 100'000, std::string(100'000, '\0'));
    GgufLimits limits;
    QVERIFY(read(writer.bytes(), limits).ok());
    limits.headerBytes = 100'000;
    const auto file = read(writer.bytes(), limits);
    QCOMPARE(file.error().code, ErrorCode::ModelUnsupported);
    QVERIFY(file.error().detail.find("header is longer") != std::string::npos);
}

void TestGgufReader::aGapBetweenTensorsIsNoError()
{
    GgufWriter writer = soundModel();
    writer.tensor({"t", {4}, 0, 256, 64});
    const auto file = read(writer.bytes());
    QVERIFY2(file.ok(), file.ok() ? "" : file.error().detail.c_str());
}

QTEST_APPLESS_MAIN(TestGgufReader)
#include "tst_gguf_reader.moc"
