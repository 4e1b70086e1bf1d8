// SPDX-License-Identifier: Apache-2.0
#include "app/policy/policy.h"
#include "app/policy/policy_schema.h"
#include "app/policy/schema_check.h"

#include <QFile>
#include <QTest>

using namespace tramontane;
using namespace tramontane::policy;
using nlohmann::json;

class TestSchemaCheck : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void schemaIsCompiledInByteForByte();
    void schemaUsesOnlyWhatIsUnderstood();
    void unknownKeywordsAreNotPassedOver_data();
    void unknownKeywordsAreNotPassedOver();
    void everyKeyIsDescribed();
    void defaultsAndRestrictionsHold();
    void integers_data();
    void integers();
};

void TestSchemaCheck::schemaIsCompiledInByteForByte()
{
    QFile file(TRAMONTANE_SOURCE_DIR "/resources/policy/policy.schema.json");
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QByteArray::fromStdString(policySchemaText()), file.readAll());
}

void TestSchemaCheck::schemaUsesOnlyWhatIsUnderstood()
{
    const Status status = checkSchemaKeywords(policySchema());
    QVERIFY2(status.ok(), status.ok() ? "" : status.error().detail.c_str());
}

void TestSchemaCheck::unknownKeywordsAreNotPassedOver_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QString>("pointer");
    QTest::newRow("top") << QByteArray(R"({"type":"object","oneOf":[]})") << "/oneOf";
    QTest::newRow("property") << QByteArray(R"({"properties":{"a":{"type":"string","format":"uri"}}})")
                              << "/properties/a/format";
    QTest::newRow("items") << QByteArray(R"({"items":{"minLength":1}})") << "/items/minLength";
    QTest::newRow("additional") << QByteArray(R"({"additionalProperties":{"not":{}}})") << "/additionalProperties/not";
}

void TestSchemaCheck::unknownKeywordsAreNotPassedOver()
{
    QFETCH(QByteArray, schema);
    QFETCH(QString, pointer);
    const Status status = checkSchemaKeywords(json::parse(schema.toStdString()));
    QVERIFY(!status.ok());
    QCOMPARE(QString::fromStdString(status.error().detail), pointer);
}

void TestSchemaCheck::everyKeyIsDescribed()
{
    const json &keys = policySchema().at("properties").at("values").at("properties");
    QCOMPARE(keys.size(), policyKeys().size());
    for (const auto &[name, key] : keys.items()) {
        for (const char *part : {"type", "default", "title", "description", "x-restrictive"})
            QVERIFY2(key.contains(part), (name + ": " + part).c_str());
    }
}

void TestSchemaCheck::defaultsAndRestrictionsHold()
{
    for (const KeyDescription &key : policyKeys()) {
        for (const json &value : {key.defaultValue, key.restrictive}) {
            const json policy = {{"id", "a"}, {"version", 1}, {"values", json::object({{key.name, value}})}};
            QVERIFY2(checkPolicyText(policy.dump()).ok(), key.name.c_str());
        }
    }
}

void TestSchemaCheck::integers_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("fine");
    QTest::newRow("lowest") << QByteArray("-5") << true;
    QTest::newRow("highest") << QByteArray("1000000") << true;
    QTest::newRow("below") << QByteArray("-6") << false;
    QTest::newRow("above") << QByteArray("1000001") << false;
    QTest::newRow("largest unsigned") << QByteArray("18446744073709551615") << false;
    QTest::newRow("smallest") << QByteArray("-9223372036854775808") << false;
    QTest::newRow("fraction") << QByteArray("1.5") << false;
    QTest::newRow("whole fraction") << QByteArray("1.0") << false;
    QTest::newRow("text") << QByteArray("\"1\"") << false;
    QTest::newRow("truth") << QByteArray("true") << false;
}

void TestSchemaCheck::integers()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, fine);
    const auto document = parsePositionedJson(text.toStdString());
    QVERIFY(document.ok());
    QCOMPARE(checkAgainstSchema(*document, json{{"type", "integer"}, {"minimum", -5}, {"maximum", 1000000}}).ok(),
             fine);
}

QTEST_GUILESS_MAIN(TestSchemaCheck)
#include "tst_schema_check.moc"
