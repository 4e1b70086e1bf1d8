// SPDX-License-Identifier: Apache-2.0
#include "app/audit/canonical_json.h"
#include "app/core/secret.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace tramontane;
using nlohmann::json;

class TestCanonicalJson : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void writesAsRfc8785_data();
    void writesAsRfc8785();
    void refuses_data();
    void refuses();
    void refusesTextThatIsNotUtf8();
    void refusesDeepNesting();
};

void TestCanonicalJson::writesAsRfc8785_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("expected");
    // RFC 8785, section 3.2.3: property names sort by UTF-16 code units, which puts U+1F600 before U+FB33.
    QTest::newRow("RFC sorting")
        << QByteArray(R"({"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",)"
                      R"("1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control",)"
                      R"("\u00f6":"Latin Small Letter O With Diaeresis"})")
        << QByteArray("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\","
                      "\"\xC3\xB6\":\"Latin Small Letter O With Diaeresis\",\"\xE2\x82\xAC\":\"Euro Sign\","
                      "\"\xF0\x9F\x98\x80\":\"Emoji: Grinning Face\","
                      "\"\xEF\xAC\xB3\":\"Hebrew Letter Dalet With Dagesh\"}");
    // Section 3.2.2, without its fractions.
    QTest::newRow("RFC strings and literals")
        << QByteArray(R"({"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]})")
        << QByteArray("{\"literals\":[null,true,false],\"string\":\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    QTest::newRow("empty object") << QByteArray("{ }") << QByteArray("{}");
    QTest::newRow("empty list") << QByteArray("[ ]") << QByteArray("[]");
    QTest::newRow("nested") << QByteArray(R"({"b":{"d":1,"c":2},"a":[{"z":0,"y":-0}]})")
                            << QByteArray(R"({"a":[{"y":0,"z":0}],"b":{"c":2,"d":1}})");
    QTest::newRow("control characters") << QByteArray(R"("\u0000\u0008\u0009\u000a\u000b\u000c\u000d\u001f\u007f")")
                                        << QByteArray("\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\x7f\"");
    QTest::newRow("largest integers") << QByteArray("[9007199254740991,-9007199254740991]")
                                      << QByteArray("[9007199254740991,-9007199254740991]");
    QTest::newRow("names that are prefixes")
        << QByteArray(R"({"aa":2,"a":1,"":0})") << QByteArray(R"({"":0,"a":1,"aa":2})");
}

void TestCanonicalJson::writesAsRfc8785()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, expected);
    const auto text = audit::canonicalJson(json::parse(input.toStdString()));
    QVERIFY(text.ok());
    QCOMPARE(QByteArray::fromStdString(*text), expected);
}

void TestCanonicalJson::refuses_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QString>("pointer");
    QTest::newRow("fraction") << QByteArray(R"({"a":[1,0.5]})") << "/a/1";
    QTest::newRow("whole number written as a fraction") << QByteArray("1.0") << "/";
    QTest::newRow("exponent") << QByteArray(R"({"a":{"b":1e3}})") << "/a/b";
    QTest::newRow("too large") << QByteArray("[9007199254740992]") << "/0";
    QTest::newRow("too small") << QByteArray("[-9007199254740992]") << "/0";
    QTest::newRow("largest unsigned") << QByteArray("[18446744073709551615]") << "/0";
}

void TestCanonicalJson::refuses()
{
    QFETCH(QByteArray, input);
    QFETCH(QString, pointer);
    const auto text = audit::canonicalJson(json::parse(input.toStdString()));
    QVERIFY(!text.ok());
    QCOMPARE(text.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(QString::fromStdString(text.error().detail), pointer);
}

void TestCanonicalJson::refusesTextThatIsNotUtf8()
{
    for (const std::string bad : {"\x80", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "ok\xFF"}) {
        QVERIFY(!audit::canonicalJson(json(bad)).ok());
        QVERIFY(!audit::canonicalJson(json{{bad, 1}}).ok());
    }
}

void TestCanonicalJson::refusesDeepNesting()
{
    json nested = 1;
    for (int i = 0; i < 64; ++i)
        nested = json::array({nested});
    QVERIFY(audit::canonicalJson(nested).ok());
    QVERIFY(!audit::canonicalJson(json::array({nested})).ok());
}

QTEST_GUILESS_MAIN(TestCanonicalJson)
#include "tst_canonical_json.moc"
