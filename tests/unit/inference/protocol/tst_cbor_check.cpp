// SPDX-License-Identifier: Apache-2.0
#include "inference/protocol/cbor_check.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace tramontane::protocol;
using nlohmann::json;

class TestCborCheck : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void countsPairs();
    void findsTheLongestBytes();
    void refuses_data();
    void refuses();
    void depthIsLimited();
};

void TestCborCheck::countsPairs()
{
    const json map = {{"a", 1}, {"b", {{"c", json::array({1, -2, 3.5, true, "x", json::binary({1})})}, {"d", {}}}}};
    std::string bytes;
    json::to_cbor(json{{"a", 1}, {"b", {{"c", map["b"]["c"]}, {"d", json::object()}}}}, bytes);
    QCOMPARE(surveyCbor(bytes)->pairs, std::size_t{4});
}

void TestCborCheck::findsTheLongestBytes()
{
    const std::vector<std::uint8_t> longest(3000, 7);
    const json inner = {{"deeper", json::binary(std::vector<std::uint8_t>(9000, 1))}};
    std::string bytes;
    json::to_cbor(json{{"a", json::binary({1, 2})}, {"b", inner}, {"c", json::binary(longest)}, {"d", "text"}}, bytes);
    const auto survey = surveyCbor(bytes);
    QVERIFY(survey.has_value());
    QCOMPARE(survey->pairs, std::size_t{5});
    QCOMPARE(survey->longestKey, std::string_view("c"));
    QCOMPARE(survey->longest, std::string_view(reinterpret_cast<const char *>(longest.data()), longest.size()));
    QCOMPARE(survey->longest.data() - (bytes.data() + survey->longestHead), std::ptrdiff_t{3}); // 59 0B B8
    std::string none;
    json::to_cbor(json{{"a", "text"}, {"b", json::binary({})}}, none);
    QVERIFY(surveyCbor(none)->longest.empty());
}

void TestCborCheck::refuses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("array") << QByteArray::fromHex("8101");
    QTest::newRow("key is a number") << QByteArray::fromHex("a10101");
    QTest::newRow("value missing") << QByteArray::fromHex("a16161");
    QTest::newRow("null") << QByteArray::fromHex("a16161f6");
    QTest::newRow("half float") << QByteArray::fromHex("a16161f93c00");
    QTest::newRow("simple value 32") << QByteArray::fromHex("a16161f820");
    QTest::newRow("break") << QByteArray::fromHex("a16161ff");
    QTest::newRow("tag") << QByteArray::fromHex("a16161c11a514b67b0");
    QTest::newRow("indefinite text") << QByteArray::fromHex("a161617f6161ff");
    QTest::newRow("reserved length") << QByteArray::fromHex("a161611c");
    QTest::newRow("length cut off") << QByteArray::fromHex("a161611900");
    QTest::newRow("text too short") << QByteArray::fromHex("a161616261");
    QTest::newRow("array count beyond the end") << QByteArray::fromHex("a1616183010203").chopped(1);
}

void TestCborCheck::refuses()
{
    QFETCH(QByteArray, bytes);
    QVERIFY(!surveyCbor({bytes.constData(), static_cast<std::size_t>(bytes.size())}));
}

void TestCborCheck::depthIsLimited()
{
    const auto nested = [](int arrays) {
        return std::string("\xA1\x61x", 3) + std::string(std::size_t(arrays), '\x81') + '\1';
    };
    QVERIFY(surveyCbor(nested(kMaxCborDepth - 1)).has_value());
    QVERIFY(!surveyCbor(nested(kMaxCborDepth)).has_value());
}

QTEST_APPLESS_MAIN(TestCborCheck)
#include "tst_cbor_check.moc"
