// SPDX-License-Identifier: Apache-2.0
#include "app/policy/policy.h"

#include <QTest>

using namespace tramontane;

/// Each of these must be refused, by checkPolicyText() and as a managed file: a policy that is not understood never
/// leaves anything allowed.
class TestBrokenPolicies : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void areRefused_data();
    void areRefused();
    void limitsAreExact();
    void accepted_data();
    void accepted();

private:
    static void syntax();
    static void structure();
    static void values();
};

namespace {

/// A policy around one "values" object.
QByteArray withValues(const QByteArray &values)
{
    return "{\"id\":\"acme\",\"version\":1,\"values\":" + values + "}";
}

void row(const char *name, const QByteArray &text, const char *message, const char *position)
{
    QTest::newRow(name) << text << message << position;
}

} // namespace

void TestBrokenPolicies::syntax()
{
    const char *json = "not valid JSON";
    row("empty file", "", json, "line 1, column 1");
    row("only spaces", "  \n ", json, "line 2");
    row("cut off", "{\"id\":\"acme\",\"version\":1,\"values\":{\"models.import\":fal", json, "line 1, column 5");
    row("cut off after a comma", "{\"id\":\"acme\",\n\"version\":1,", json, "line 2, column 1");
    row("trailing comma", "{\"id\":\"acme\",\"version\":1,}", json, "line 1, column 26");
    row("two values", "{\"id\":\"acme\",\"version\":1}{}", json, "line 1, column 26");
    row("trailing text", "{\"id\":\"acme\",\"version\":1} x", json, "line 1");
    row("comment", "{/* all fine */\"id\":\"acme\",\"version\":1}", json, "line 1, column 2");
    row("line comment", "// policy\n{\"id\":\"acme\",\"version\":1}", json, "line 1, column 1");
    row("single quotes", "{'id':'acme','version':1}", json, "line 1, column 2");
    row("name without quotes", "{id:\"acme\",\"version\":1}", json, "line 1, column 2");
    row("NaN", withValues("{\"models.import\":NaN}"), json, "line 1");
    row("infinity", withValues("{\"models.import\":Infinity}"), json, "line 1");
    row("minus infinity", "{\"id\":\"acme\",\"version\":-Infinity}", json, "line 1");
    row("number too large", "{\"id\":\"acme\",\"version\":1e999}", json, "line 1");
    row("hexadecimal", "{\"id\":\"acme\",\"version\":0x1}", json, "line 1");
    row("leading zero", "{\"id\":\"acme\",\"version\":01}", json, "line 1");
    row("upper-case literal", withValues("{\"models.import\":TRUE}"), json, "line 1");
    row("control character in a text", "{\"id\":\"ac\nme\",\"version\":1}", json, "line 1");
    row("NUL byte", QByteArray("{\"id\":\"ac\0me\",\"version\":1}", 24), json, "line 1");
    row("not UTF-8", "{\"id\":\"acm\xE9\",\"version\":1}", json, "line 1");
    row("overlong UTF-8", "{\"id\":\"\xC0\xAF\",\"version\":1}", json, "line 1");
    row("lone surrogate", "{\"id\":\"\\ud800\",\"version\":1}", json, "line 1");
    row("UTF-16", QByteArray("\xFF\xFE{\0}\0", 6), json, "line 1, column 1");
    row("unknown escape", "{\"id\":\"\\x61\",\"version\":1}", json, "line 1");
    row("YAML", "id: acme\nversion: 1\n", json, "line 1, column 1");
    row("duplicate at the top", "{\"id\":\"acme\",\"version\":1,\n\"id\":\"evil\"}", "sets \"id\" twice", "line 2");
    row("duplicate key", withValues("{\"models.import\":false,\n\"models.import\":true}"),
        "sets \"models.import\" twice", "line 2");
    row("duplicate by escape", withValues("{\"models.import\":false,\"models\\u002eimport\":true}"),
        "sets \"models.import\" twice", "line 1");
    row("duplicate object", "{\"id\":\"acme\",\"version\":1,\"values\":{},\"values\":{}}", "sets \"values\" twice",
        "line 1");
    row("too deep", QByteArray(100, '['), "more than 16 levels", "line 1, column 17");
    row("very deep", QByteArray(200000, '['), "more than 16 levels", "line 1, column 17");
    row("too deep in objects", QByteArray("{\"a\":").repeated(40), "more than 16 levels", "line 1");
    row("too large", withValues("{}") + QByteArray(300 * 1024, ' '), "larger than 256 KiB", "bytes");
}

void TestBrokenPolicies::structure()
{
    row("null", "null", "The policy must be an object", "line 1, /");
    row("list", "[]", "The policy must be an object", "line 1, /");
    row("text", "\"acme\"", "The policy must be an object", "line 1, /");
    row("number", "1", "The policy must be an object", "line 1, /");
    row("empty object", "{}", "The policy must have \"id\"", "line 1, /");
    row("no id", "{\"version\":1}", "The policy must have \"id\"", "line 1, /");
    row("no version", "{\"id\":\"acme\"}", "The policy must have \"version\"", "line 1, /");
    row("version 0", "{\"id\":\"acme\",\"version\":0}", "\"version\" must be at least 1", "line 1, /version");
    row("version 2", "{\"id\":\"acme\",\n\"version\":2}", "\"version\" must be at most 1", "line 2, /version");
    row("huge version", "{\"id\":\"acme\",\"version\":18446744073709551615}", "\"version\" must be at most 1",
        "/version");
    row("version as text", "{\"id\":\"acme\",\"version\":\"1\"}", "\"version\" must be a whole number", "/version");
    row("version as a fraction", "{\"id\":\"acme\",\"version\":1.0}", "\"version\" must be a whole number", "/version");
    row("id as a number", "{\"id\":7,\"version\":1}", "\"id\" must be a text", "line 1, /id");
    row("id as null", "{\"id\":null,\"version\":1}", "\"id\" must be a text", "line 1, /id");
    row("empty id", "{\"id\":\"\",\"version\":1}", "\"id\" must have the form", "line 1, /id");
    row("id with a space", "{\"id\":\"a b\",\"version\":1}", "\"id\" must have the form", "line 1, /id");
    row("id with a line break", "{\"id\":\"a\\nb\",\"version\":1}", "\"id\" must have the form", "line 1, /id");
    row("id ends in a line break", "{\"id\":\"a\\n\",\"version\":1}", "\"id\" must have the form", "line 1, /id");
    row("id too long", "{\"id\":\"" + QByteArray(65, 'a') + "\",\"version\":1}", "\"id\" is longer than 64",
        "line 1, /id");
    row("unknown top key", "{\"id\":\"acme\",\"version\":1,\n\n\"vaules\":{}}", "\"vaules\" is not a key",
        "line 3, /vaules");
    row("key at the top", "{\"id\":\"acme\",\"version\":1,\"models.import\":false}", "\"models.import\" is not a key",
        "/models.import");
    row("values as a list", withValues("[]"), "\"values\" must be an object", "line 1, /values");
    row("values as null", withValues("null"), "\"values\" must be an object", "line 1, /values");
    row("unmanaged as text", "{\"id\":\"acme\",\"version\":1,\"unmanaged\":\"yes\"}",
        "\"unmanaged\" must be true or false", "/unmanaged");
    row("unmanaged with values",
        "{\"id\":\"acme\",\"version\":1,\"unmanaged\":true,\"values\":{\"models.import\":false}}",
        "\"values\" must be empty", "/unmanaged");
    row("reasons as text", "{\"id\":\"acme\",\"version\":1,\"reasons\":\"x\"}", "\"reasons\" must be an object",
        "/reasons");
    row("reason as a number",
        "{\"id\":\"acme\",\"version\":1,\"values\":{\"models.import\":false},\"reasons\":{\"models.import\":7}}",
        "\"models.import\" must be a text", "/reasons/models.import");
    row("reason too long",
        "{\"id\":\"acme\",\"version\":1,\"values\":{\"models.import\":false},\"reasons\":{\"models.import\":\""
            + QByteArray(301, 'x') + "\"}}",
        "is longer than 300", "/reasons/models.import");
    row("reason without a value", "{\"id\":\"acme\",\"version\":1,\"reasons\":{\"models.import\":\"x\"}}",
        "\"models.import\" has a reason but no value", "/reasons/models.import");
}

void TestBrokenPolicies::values()
{
    const QByteArray hash(64, 'a');
    row("unknown key", withValues("{\"models.alow\":[]}"), "\"models.alow\" is not a key", "/values/models.alow");
    row("other case", withValues("{\"Models.Import\":false}"), "\"Models.Import\" is not a key",
        "/values/Models.Import");
    row("empty key", withValues("{\"\":false}"), "\"\" is not a key", "/values/");
    row("boolean as text", withValues("{\"models.import\":\"false\"}"), "\"models.import\" must be true or false",
        "/values/models.import");
    row("boolean as number", withValues("{\"models.import\":0}"), "\"models.import\" must be true or false",
        "/values/models.import");
    row("boolean as null", withValues("{\"export.allow\":null}"), "\"export.allow\" must be true or false",
        "/values/export.allow");
    row("boolean in a list", withValues("{\"export.allow\":[false]}"), "\"export.allow\" must be true or false",
        "/values/export.allow");
    row("boolean in an object", withValues("{\"export.allow\":{\"value\":false}}"),
        "\"export.allow\" must be true or false", "/values/export.allow");
    row("list as text", withValues("{\"models.allow\":\"" + hash + "\"}"), "\"models.allow\" must be a list",
        "/values/models.allow");
    row("list as object", withValues("{\"models.allow\":{}}"), "\"models.allow\" must be a list",
        "/values/models.allow");
    row("hash too short", withValues("{\"models.allow\":[\"" + hash.chopped(1) + "\"]}"),
        "Entry 1 of \"models.allow\" must have the form", "/values/models.allow/0");
    row("hash too long", withValues("{\"models.allow\":[\"" + hash + "a\"]}"), "Entry 1 of \"models.allow\" is longer",
        "/values/models.allow/0");
    row("upper-case hash", withValues("{\"models.allow\":[\"" + hash.toUpper() + "\"]}"), "Entry 1 of",
        "/values/models.allow/0");
    row("second hash bad", withValues("{\"models.allow\":[\"" + hash + "\",\n\"x\"]}"), "Entry 2 of",
        "line 2, /values/models.allow/1");
    row("hash as a number", withValues("{\"models.allow\":[12]}"), "Entry 1 of \"models.allow\" must be a text",
        "/values/models.allow/0");
    row("hash twice", withValues("{\"models.allow\":[\"" + hash + "\",\"" + hash + "\"]}"), "names entry 2 twice",
        "/values/models.allow");
    row("a pattern", withValues("{\"models.allow\":[\"a*\"]}"), "Entry 1 of", "/values/models.allow/0");
    row("too many models", withValues("{\"models.allow\":[" + QByteArray("\"*\",").repeated(1000) + "\"*\"]}"),
        "has more than 1000 entries", "/values/models.allow");
    row("unknown slot", withValues("{\"vault.slots\":[\"paper\"]}"), "Entry 1 of \"vault.slots\" must be one of",
        "/values/vault.slots/0");
    row("slot twice", withValues("{\"vault.slots\":[\"keychain\",\"keychain\"]}"), "names entry 2 twice",
        "/values/vault.slots");
    row("too many slots",
        withValues("{\"vault.slots\":[\"keychain\",\"passphrase\",\"recovery\",\"organisation\",\"keychain\"]}"),
        "has more than 4 entries", "/values/vault.slots");
    row("organisation's key too short", withValues("{\"vault.organisationKey\":\"AAAA\"}"), "must have the form",
        "/values/vault.organisationKey");
    row("organisation's key in hexadecimal", withValues("{\"vault.organisationKey\":\"" + QByteArray(64, 'a') + "\"}"),
        "is longer than 44 characters", "/values/vault.organisationKey");
    row("organisation's name with a line end", withValues("{\"vault.organisationName\":\"A\\nB\"}"),
        "must have the form", "/values/vault.organisationName");
    row("organisation's name as a number", withValues("{\"vault.organisationName\":1}"), "must be a text",
        "/values/vault.organisationName");
    row("slot as object", withValues("{\"vault.slots\":[{}]}"), "Entry 1 of \"vault.slots\" must be a text",
        "/values/vault.slots/0");
    row("grid factor below zero", withValues("{\"energy.gramsPerKilowattHour\":-1}"), "energy.gramsPerKilowattHour",
        "/values/energy.gramsPerKilowattHour");
    row("key that is too short", withValues("{\"models.manifestKeys\":[\"AAAA\"]}"), "models.manifestKeys",
        "/values/models.manifestKeys/0");
    row("network as a number", withValues("{\"vault.networkFileSystem\":1}"), "must be true or false",
        "/values/vault.networkFileSystem");
}

void TestBrokenPolicies::areRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("position");
    syntax();
    structure();
    values();
}

void TestBrokenPolicies::areRefused()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, message);
    QFETCH(QString, position);
    const Status checked = checkPolicyText(text.toStdString());
    QVERIFY(!checked.ok());
    QCOMPARE(checked.error().code, ErrorCode::PolicyInvalid);
    const QString said = QString::fromStdString(checked.error().message);
    const QString where = QString::fromStdString(checked.error().detail);
    QVERIFY2(said.contains(message), qPrintable(said));
    QVERIFY2(where.contains(position), qPrintable(where));

    ManagedPolicySources sources;
    sources.files = {{"/etc/10.json", "{\"id\":\"good\",\"version\":1}", ""}, {"/etc/20.json", text.toStdString(), ""}};
    const EffectivePolicy policy = effectivePolicy(sources);
    QCOMPARE(policy.mode, PolicyMode::Invalid);
    QCOMPARE(policy.problems.size(), std::size_t(1));
    QVERIFY(policy.problems.front().starts_with("/etc/20.json: "));
    for (const PolicyDecision &decision :
         {mayUseModel(policy, std::string(64, 'a')), mayImportModel(policy), mayExport(policy),
          mayUseSlot(policy, "keychain"), mayUseSlot(policy, "passphrase"), mayUseNetworkFileSystem(policy)}) {
        QVERIFY(!decision.allowed);
        QCOMPARE(decision.rule, std::string("policy.invalid"));
        QVERIFY(!decision.reason.empty());
    }
}

void TestBrokenPolicies::limitsAreExact()
{
    const QByteArray policy = withValues("{}");
    const QByteArray largest = policy + QByteArray(256 * 1024 - policy.size(), ' ');
    QVERIFY(checkPolicyText(largest.toStdString()).ok());
    QVERIFY(!checkPolicyText((largest + " ").toStdString()).ok());
    QVERIFY(checkPolicyText(("{\"id\":\"" + QByteArray(64, 'a') + "\",\"version\":1}").toStdString()).ok());
    // 16 levels are read (and then refused for what they are), 17 are not.
    const auto levels = [](int count) {
        return checkPolicyText(std::string(std::size_t(count), '[') + std::string(std::size_t(count), ']'));
    };
    QVERIFY(levels(16).error().message.find("must be an object") != std::string::npos);
    QVERIFY(levels(17).error().message.find("16 levels") != std::string::npos);
}

void TestBrokenPolicies::accepted_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray hash(64, 'a');
    QTest::newRow("least") << QByteArray("{\"id\":\"a\",\"version\":1}");
    QTest::newRow("spaces and line breaks") << QByteArray("\r\n{ \"version\" : 1 ,\n\t\"id\" : \"a\" }\n");
    QTest::newRow("byte order mark of an editor") << QByteArray("\xEF\xBB\xBF{\"id\":\"a\",\"version\":1}");
    QTest::newRow("unmanaged") << QByteArray("{\"id\":\"a\",\"version\":1,\"unmanaged\":true,\"values\":{}}");
    QTest::newRow("every key") << QByteArray(
        "{\"id\":\"a.b_c-1\",\"version\":1,\"values\":{\"energy.gramsPerKilowattHour\":56,\"export.allow\":false,"
        "\"models.allow\":[\"*\",\""
        + hash
        + "\"],\"models.import\":true,\"models.manifestKeys\":[\""
          "6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=\"],\"vault.networkFileSystem\":true,\"vault.organisationKey\":"
          "\"6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=\",\"vault.organisationName\":\"Klinik "
          "M\xC3\xBC\",\"vault.slots\":["
          "\"passphrase\"]},"
          "\"reasons\":{\"export.allow\":\"Données internes, §4\"}}");
    QTest::newRow("longest reason, in characters") << withValues("{\"export.allow\":false}").chopped(1)
                                                          + ",\"reasons\":{\"export.allow\":\""
                                                          + QByteArray("\xC3\xA9").repeated(300) + "\"}}";
}

void TestBrokenPolicies::accepted()
{
    QFETCH(QByteArray, text);
    const Status checked = checkPolicyText(text.toStdString());
    QVERIFY2(checked.ok(), checked.ok() ? "" : checked.error().message.c_str());
}

QTEST_GUILESS_MAIN(TestBrokenPolicies)
#include "tst_broken_policies.moc"
