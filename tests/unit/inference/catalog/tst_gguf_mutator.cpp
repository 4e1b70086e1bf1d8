// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gguf/gguf_mutator.h"
#include "tests/support/gguf/gguf_writer.h"

#include <QTest>

#include <map>
#include <set>

using namespace tramontane;
using namespace tramontane::test;

class TestGgufMutator : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fieldsAreTheHeader();
    void noFieldsOfWhatIsNoModel();
    void aNumberAlwaysMakesTheSameFile();
    void everyKindOfFieldIsChanged();
};

void TestGgufMutator::fieldsAreTheHeader()
{
    const std::string whole = soundModel().bytes();
    std::string together;
    std::map<GgufFieldKind, int> kinds;
    for (const GgufField &field : ggufFields(whole)) {
        together += field.bytes;
        ++kinds[field.kind];
    }
    QVERIFY(together == soundModel().header());
    QCOMPARE(kinds[GgufFieldKind::Key], 10);
    QCOMPARE(kinds[GgufFieldKind::Text], 2 + 3); // two values and three tokens
    QCOMPARE(kinds[GgufFieldKind::Scalar], 6);
    QCOMPARE(kinds[GgufFieldKind::Elements], 1);
    QCOMPARE(kinds[GgufFieldKind::Name], 3);
    QCOMPARE(kinds[GgufFieldKind::Size], 2 + 2 + 1);
}

void TestGgufMutator::noFieldsOfWhatIsNoModel()
{
    const std::string header = soundModel().header();
    QVERIFY(ggufFields({}).empty());
    for (const std::size_t size : {std::size_t{3}, std::size_t{24}, header.size() / 2, header.size() - 1})
        QVERIFY(ggufFields(std::string_view(header).substr(0, size)).empty());
    QVERIFY(!GgufMutator("no model", 8).sound());
}

void TestGgufMutator::aNumberAlwaysMakesTheSameFile()
{
    const std::string whole = soundModel().bytes();
    const GgufMutator first(whole, whole.size());
    const GgufMutator second(whole, whole.size());
    std::set<std::string> different;
    for (std::uint64_t number = 0; number < 500; ++number) {
        const MutatedGguf one = first.mutate(7, number);
        const MutatedGguf two = second.mutate(7, number);
        QVERIFY(one.content == two.content && one.bytes == two.bytes && one.what == two.what);
        different.insert(one.content);
    }
    QVERIFY2(different.size() > 400, std::to_string(different.size()).c_str());
    QVERIFY(first.mutate(7, 3).content != first.mutate(8, 3).content);
}

void TestGgufMutator::everyKindOfFieldIsChanged()
{
    const std::string whole = soundModel().bytes();
    const GgufMutator mutator(whole, whole.size());
    std::string all;
    for (std::uint64_t number = 0; number < 4000; ++number)
        all += mutator.mutate(1, number).what + "\n";
    for (const char *what : {"version of",
                             "tensor count of",
                             "pair count of",
                             "key length of",
                             "scalar of",
                             "text length of",
                             "element type of",
                             "count of",
                             "elements of",
                             "name length of",
                             "dimensions of",
                             "size of",
                             "tensor type of",
                             "offset of",
                             "doubled",
                             "removed",
                             "alignment 0",
                             "alignment 3",
                             "another text",
                             "changed places",
                             "and its layout",
                             "cut to",
                             "-> 513",
                             "-> 18446744073709551615",
                             "-> 9223372036854775808"})
        QVERIFY2(all.find(what) != std::string::npos, what);
}

QTEST_APPLESS_MAIN(TestGgufMutator)
#include "tst_gguf_mutator.moc"
