// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/split_files.h"

#include "inference/catalog/gguf_reader.h"
#include "tests/support/gguf/gguf_writer.h"

#include <QTest>

using namespace tramontane;
using namespace tramontane::catalog;
using namespace tramontane::test;

class TestSplitFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsNames_data();
    void readsNames();
    void namesAllParts();
    void acceptsPartsThatBelongTogether();
    void refusesPartsThatDoNot_data();
    void refusesPartsThatDoNot();
};

namespace {

struct Parts {
    std::vector<std::uint16_t> numbers{0, 1, 2};
    std::vector<std::uint16_t> counts{3, 3, 3};
    std::vector<std::string> tensors{"a", "b", "c"};
    std::int32_t total = 3;
};

std::vector<GgufFile> filesOf(const Parts &parts)
{
    std::vector<GgufFile> files;
    for (std::size_t i = 0; i < parts.numbers.size(); ++i) {
        GgufWriter writer;
        writer.u16("split.no", parts.numbers[i]).u16("split.count", parts.counts[i]);
        writer.i32("split.tensors.count", parts.total);
        if (!parts.tensors[i].empty())
            writer.tensor({parts.tensors[i]});
        const std::string content = writer.bytes();
        MemorySource source(content);
        files.push_back(readGguf(source).value());
    }
    return files;
}

} // namespace

void TestSplitFiles::readsNames_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("number");
    QTest::addColumn<int>("count");
    QTest::newRow("first") << "/m/a-00001-of-00003.gguf" << 1 << 3;
    QTest::newRow("last") << "a-00003-of-00003.gguf" << 3 << 3;
    QTest::newRow("whole") << "/m/a.gguf" << 0 << 0;
    QTest::newRow("number beyond the count") << "a-00004-of-00003.gguf" << 0 << 0;
    QTest::newRow("part zero") << "a-00000-of-00003.gguf" << 0 << 0;
    QTest::newRow("too many parts") << "a-00001-of-99999.gguf" << 0 << 0;
    QTest::newRow("four digits") << "a-0001-of-0003.gguf" << 0 << 0;
    QTest::newRow("a sign") << "a-+0001-of-00003.gguf" << 0 << 0;
    QTest::newRow("no prefix") << "-00001-of-00003.gguf" << 0 << 0;
    QTest::newRow("another ending") << "a-00001-of-00003.ggu" << 0 << 0;
    QTest::newRow("empty") << "" << 0 << 0;
}

void TestSplitFiles::readsNames()
{
    QFETCH(QString, path);
    QFETCH(int, number);
    QFETCH(int, count);
    const auto name = partName(path.toStdString());
    QCOMPARE(name.has_value(), count > 0);
    if (!name)
        return;
    QCOMPARE(name->number, number);
    QCOMPARE(name->count, count);
    QVERIFY(path.toStdString().starts_with(name->prefix + "-"));
}

void TestSplitFiles::namesAllParts()
{
    QCOMPARE(partPaths("/m/x.gguf"), std::vector<std::string>{"/m/x.gguf"});
    QCOMPARE(partPaths("/m/x-00002-of-00002.gguf"),
             (std::vector<std::string>{"/m/x-00001-of-00002.gguf", "/m/x-00002-of-00002.gguf"}));
}

void TestSplitFiles::acceptsPartsThatBelongTogether()
{
    QVERIFY(checkParts(filesOf({})).ok());
    Parts onlyKeys;
    onlyKeys.tensors = {"", "b", "c"}; // the first part may hold nothing but keys
    onlyKeys.total = 2;
    QVERIFY(checkParts(filesOf(onlyKeys)).ok());
    Parts single;
    single.numbers = {0};
    single.counts = {1};
    single.total = 1;
    QVERIFY(checkParts(filesOf(single)).ok());
}

void TestSplitFiles::refusesPartsThatDoNot_data()
{
    QTest::addColumn<int>("which");
    QTest::addColumn<QString>("detail");
    QTest::newRow("wrong order") << 0 << "part 2 says that it is another part";
    QTest::newRow("another count") << 1 << "part 3 says that there are other parts";
    QTest::newRow("tensor twice") << 2 << "the tensor a is in two parts";
    QTest::newRow("wrong total") << 3 << "the parts hold 3 tensors";
    QTest::newRow("empty part") << 4 << "part 2 holds no tensors";
    QTest::newRow("alone") << 5 << "one part of several";
}

void TestSplitFiles::refusesPartsThatDoNot()
{
    QFETCH(int, which);
    QFETCH(QString, detail);
    Parts parts;
    switch (which) {
    case 0: parts.numbers = {0, 2, 1}; break;
    case 1: parts.counts = {3, 3, 4}; break;
    case 2: parts.tensors = {"a", "b", "a"}; break;
    case 3: parts.total = 4; break;
    case 4: parts.tensors = {"a", "", "c"}; break;
    default: parts.numbers = {0}; break;
    }
    const auto checked = checkParts(filesOf(parts));
    QVERIFY(!checked.ok());
    QCOMPARE(checked.error().code, which == 5 ? ErrorCode::ModelUnsupported : ErrorCode::ModelNotGguf);
    QVERIFY2(QString::fromStdString(checked.error().detail).contains(detail), checked.error().detail.c_str());
}

QTEST_APPLESS_MAIN(TestSplitFiles)
#include "tst_split_files.moc"
