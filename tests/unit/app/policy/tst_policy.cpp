// SPDX-License-Identifier: Apache-2.0
#include "app/platform/process/hardening.h"
#include "app/policy/policy.h"

#include "app/core/digest.h"
#include "app/policy/policy_schema.h"

#include <QCryptographicHash>
#include <QFile>
#include <QTest>

#include <functional>
#include <set>

using namespace tramontane;

namespace {

const std::string kHash(64, 'a');

PolicyFile file(const char *name, const QByteArray &values, const QByteArray &more = {})
{
    const QByteArray text = "{\"id\":\"" + QByteArray(name) + "\",\"version\":1,\"values\":" + values + more + "}";
    return {std::string("/etc/") + name + ".json", text.toStdString(), ""};
}

EffectivePolicy managed(std::vector<PolicyFile> files)
{
    return effectivePolicy({std::move(files), "", true});
}

} // namespace

class TestPolicy : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsTheStoredExample();
    void nothingMeansUnmanaged();
    void aFileMeansManaged();
    void laterFilesWinKeyByKey();
    void reasonsStayWithTheirValues();
    void unmanagedMustBeSaid();
    void unmanagedMustStandAlone();
    void vanishedPolicyIsInvalid();
    void problemsOfThePlatformAreInvalid();
    void allProblemsAreNamed();
    void invalidIsMostRestrictive();
    void everyKeyOfTheSchemaDecidesSomething();
    void organisationIsRead();
    void requiredLayersAreRead();
    void modelsByHash_data();
    void modelsByHash();
    void accessorsRead();
    void hashIsThatOfTheCanonicalText();
    void hashFollowsModeAndValuesOnly();
};

void TestPolicy::readsTheStoredExample()
{
    QFile stored(TRAMONTANE_SOURCE_DIR "/tests/data/formats/policy-v1.json");
    QVERIFY(stored.open(QIODevice::ReadOnly));
    const EffectivePolicy policy = managed({{"policy-v1.json", stored.readAll().toStdString(), ""}});
    QCOMPARE(policy.mode, PolicyMode::Managed);
    QCOMPARE(policy.id, std::string("acme-2026"));
    QVERIFY(mayUseModel(policy, kHash).allowed);
    QVERIFY(!mayUseModel(policy, std::string(64, 'b')).allowed);
    QVERIFY(!mayUseSlot(policy, "keychain").allowed);
    QCOMPARE(policy.values.at("models.import").reason, std::string("Models come from the IT department only."));
    for (const char *key : {"export.allow", "models.allow", "models.import", "vault.networkFileSystem", "vault.slots"})
        QVERIFY2(policy.values.at(key).locked, key);
    QVERIFY(!policy.values.at("models.manifestKeys").locked); // younger than the example
}

void TestPolicy::nothingMeansUnmanaged()
{
    const EffectivePolicy policy = effectivePolicy({});
    QCOMPARE(policy.mode, PolicyMode::Unmanaged);
    QCOMPARE(policy.id, std::string());
    QVERIFY(policy.problems.empty());
    QVERIFY(mayUseModel(policy, kHash).allowed);
    QVERIFY(mayImportModel(policy).allowed);
    QVERIFY(mayExport(policy).allowed);
    QVERIFY(mayUseSlot(policy, "keychain").allowed);
    QVERIFY(mayUseSlot(policy, "passphrase").allowed);
    QVERIFY(!mayUseNetworkFileSystem(policy).allowed);
    for (const auto &[key, value] : policy.values) {
        QVERIFY(!value.locked);
        QCOMPARE(value.source, PolicyValueSource::Default);
    }
}

void TestPolicy::aFileMeansManaged()
{
    const EffectivePolicy policy = managed({file("acme", "{\"models.import\":false}")});
    QCOMPARE(policy.mode, PolicyMode::Managed);
    QCOMPARE(policy.id, std::string("acme"));
    QCOMPARE(policy.sources, std::vector<std::string>{"/etc/acme.json"});
    QVERIFY(policy.values.at("models.import").locked);
    QCOMPARE(policy.values.at("models.import").source, PolicyValueSource::Managed);
    QVERIFY(!policy.values.at("export.allow").locked);
    QVERIFY(!mayImportModel(policy).allowed);
    QVERIFY(mayExport(policy).allowed);
}

void TestPolicy::laterFilesWinKeyByKey()
{
    const EffectivePolicy policy = managed(
        {file("10", "{\"models.import\":false,\"export.allow\":false}"), file("20", "{\"export.allow\":true}")});
    QCOMPARE(policy.id, std::string("10+20"));
    QVERIFY(!mayImportModel(policy).allowed);
    QVERIFY(mayExport(policy).allowed);
    QVERIFY(policy.values.at("export.allow").locked);
}

void TestPolicy::reasonsStayWithTheirValues()
{
    const PolicyFile first = file("10", "{\"export.allow\":false,\"models.import\":false}",
                                  ",\"reasons\":{\"export.allow\":\"Directive 12\",\"models.import\":\"Ask IT\"}");
    const EffectivePolicy policy = managed({first, file("20", "{\"export.allow\":true}")});
    QCOMPARE(policy.values.at("models.import").reason, std::string("Ask IT"));
    // The value of the first file is gone, so its reason is too.
    QCOMPARE(policy.values.at("export.allow").reason, std::string());
}

void TestPolicy::unmanagedMustBeSaid()
{
    const PolicyFile said{"/etc/a.json", R"({"id":"a","version":1,"unmanaged":true})", ""};
    QCOMPARE(managed({said}).mode, PolicyMode::Unmanaged);
    const PolicyFile not_said{"/etc/a.json", R"({"id":"a","version":1,"unmanaged":false})", ""};
    QCOMPARE(managed({not_said}).mode, PolicyMode::Managed);
}

void TestPolicy::unmanagedMustStandAlone()
{
    const PolicyFile said{"/etc/a.json", R"({"id":"a","version":1,"unmanaged":true})", ""};
    const EffectivePolicy policy = managed({file("10", "{\"models.import\":false}"), said});
    QCOMPARE(policy.mode, PolicyMode::Invalid);
    QVERIFY(policy.problems.front().find("unmanaged") != std::string::npos);
}

void TestPolicy::vanishedPolicyIsInvalid()
{
    const EffectivePolicy policy = effectivePolicy({{}, "", true});
    QCOMPARE(policy.mode, PolicyMode::Invalid);
    QCOMPARE(policy.problems.size(), std::size_t(1));
    QVERIFY(!mayUseModel(policy, kHash).allowed);
}

void TestPolicy::problemsOfThePlatformAreInvalid()
{
    QCOMPARE(effectivePolicy({{}, "The folder cannot be read.", false}).mode, PolicyMode::Invalid);
    PolicyFile written = file("a", "{}");
    written.problem = "writable by group";
    const EffectivePolicy policy = managed({written});
    QCOMPARE(policy.mode, PolicyMode::Invalid);
    QCOMPARE(policy.problems.front(), std::string("/etc/a.json: writable by group"));
}

void TestPolicy::allProblemsAreNamed()
{
    const EffectivePolicy policy = managed({file("a", "{\"x\":1}"), file("b", "{}"), file("c", "[]")});
    QCOMPARE(policy.problems.size(), std::size_t(2));
    QCOMPARE(policy.sources.size(), std::size_t(3));
}

void TestPolicy::invalidIsMostRestrictive()
{
    const EffectivePolicy policy = managed({file("a", "{\"export.allow\":true}"), file("b", "[]")});
    QCOMPARE(policy.id, std::string());
    QCOMPARE(policy.values.size(), policy::policyKeys().size());
    for (const auto &key : policy::policyKeys()) {
        QCOMPARE(policy.values.at(key.name).json, key.restrictive.dump());
        QVERIFY(policy.values.at(key.name).locked);
    }
    QCOMPARE(mayExport(policy).rule, std::string("policy.invalid"));
}

/// One line for each key: the value that forbids, and the decision that must then say no under its own rule.
void TestPolicy::everyKeyOfTheSchemaDecidesSomething()
{
    struct Probe {
        const char *allows;
        const char *forbids;
        const char *rule;
        std::function<PolicyDecision(const EffectivePolicy &)> decide;
    };
    const std::map<std::string, Probe> probes{
        {"export.allow", {"true", "false", "export.allow", mayExport}},
        {"models.allow", {"[\"*\"]", "[]", "model.allow", [](const auto &p) { return mayUseModel(p, kHash); }}},
        {"attachments.maxMiB", {"1", "0", "attachments.size", mayAttach}},
        {"models.import", {"true", "false", "model.import", mayImportModel}},
        {"vault.networkFileSystem", {"true", "false", "vault.network", mayUseNetworkFileSystem}},
        {"vault.slots",
         {"[\"keychain\"]", "[\"passphrase\"]", "vault.slots",
          [](const auto &p) { return mayUseSlot(p, "keychain"); }}},
    };
    std::set<std::string> keys;
    for (const auto &key : policy::policyKeys())
        keys.insert(key.name);
    // Values that allow and forbid nothing by themselves.
    std::set<std::string> probed{"backup.everyDays",
                                 "backup.folder",
                                 "backup.keep",
                                 "energy.gramsPerKilowattHour",
                                 "models.manifestKeys",
                                 "vault.clearClipboardAtLock",
                                 "vault.lockAfterMinutes",
                                 "retention.action",
                                 "retention.binDays",
                                 "retention.days"};
    for (const auto &[key, probe] : probes) {
        probed.insert(key);
        const auto decisionFor = [&](const char *value) {
            return probe.decide(managed({file("a", "{\"" + QByteArray::fromStdString(key) + "\":" + value + "}")}));
        };
        QVERIFY2(decisionFor(probe.allows).allowed, key.c_str());
        QVERIFY2(decisionFor(probe.allows).reason.empty(), key.c_str());
        QVERIFY2(!decisionFor(probe.forbids).allowed, key.c_str());
        QVERIFY2(!decisionFor(probe.forbids).reason.empty(), key.c_str());
        QCOMPARE(decisionFor(probe.forbids).rule, std::string(probe.rule));
        QCOMPARE(decisionFor(probe.allows).rule, std::string(probe.rule));
    }
    probed.insert("engine.sandbox"); // a list that the engine program is given: requiredLayersAreRead()
    probed.insert({"vault.organisationKey", "vault.organisationName"}); // values: organisationIsRead()
    QCOMPARE(probed, keys);
}

void TestPolicy::organisationIsRead()
{
    constexpr auto kKey = "6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";
    const auto named = [&](const std::string &key, const std::string &name) {
        return namedOrganisation(
            managed({file("a", QByteArray::fromStdString("{\"vault.organisationKey\":\"" + key
                                                         + "\",\"vault.organisationName\":\"" + name + "\"}"))}));
    };
    const auto found = named(kKey, "Klinik M\xC3\xBCnchen");
    QVERIFY(found.has_value());
    QCOMPARE(found->name, std::string("Klinik M\xC3\xBCnchen"));
    QCOMPARE(toHex(found->publicKey), std::string("ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c"));
    QVERIFY(!named(kKey, ""));
    QVERIFY(!named("", "Klinik"));
    // 43 characters of which the last one has bits that belong to no byte.
    QVERIFY(!named("6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0ix=", "Klinik"));
    QVERIFY(!namedOrganisation(effectivePolicy({})));
    QVERIFY(!namedOrganisation(effectivePolicy({{}, "", true})));
}

void TestPolicy::requiredLayersAreRead()
{
    using Names = std::vector<std::string>;
    QCOMPARE(requiredSandboxLayers(effectivePolicy({})), Names());
    QCOMPARE(requiredSandboxLayers(managed({file("a", R"({"engine.sandbox":["files","own-network"]})")})),
             (Names{"files", "own-network"}));
    QCOMPARE(managed({file("a", R"({"engine.sandbox":["walls"]})")}).mode, PolicyMode::Invalid);
    // A policy that cannot be trusted demands every layer that there is.
    const Names all = requiredSandboxLayers(effectivePolicy({{}, "", true}));
    QCOMPARE(all, process::layerNames());
}

void TestPolicy::modelsByHash_data()
{
    QTest::addColumn<QByteArray>("list");
    QTest::addColumn<bool>("allowed");
    const QByteArray hash = QByteArray::fromStdString(kHash);
    QTest::newRow("none") << QByteArray("[]") << false;
    QTest::newRow("every") << QByteArray("[\"*\"]") << true;
    QTest::newRow("this one") << QByteArray("[\"" + hash + "\"]") << true;
    QTest::newRow("another one") << QByteArray("[\"" + QByteArray(64, 'b') + "\"]") << false;
    QTest::newRow("this among others") << QByteArray("[\"" + QByteArray(64, 'b') + "\",\"" + hash + "\"]") << true;
}

void TestPolicy::modelsByHash()
{
    QFETCH(QByteArray, list);
    QFETCH(bool, allowed);
    const EffectivePolicy policy = managed({file("a", "{\"models.allow\":" + list + "}")});
    QCOMPARE(mayUseModel(policy, kHash).allowed, allowed);
    QCOMPARE(mayUseModel(policy, "").allowed, list == "[\"*\"]");
}

void TestPolicy::accessorsRead()
{
    EffectivePolicy policy = effectivePolicy({});
    QVERIFY(policy.flag("models.import"));
    QCOMPARE(policy.list("vault.slots"),
             (std::vector<std::string>{"keychain", "passphrase", "recovery", "organisation"}));
    policy.values["test.number"].json = "-42";
    policy.values["test.text"].json = "\"a\\u00e9\"";
    QCOMPARE(policy.integer("test.number"), std::int64_t(-42));
    QCOMPARE(policy.text("test.text"), std::string("a\xC3\xA9"));
}

void TestPolicy::hashIsThatOfTheCanonicalText()
{
    const EffectivePolicy policy = managed({file("acme", "{\"models.import\":false,\"models.allow\":[]}")});
    const QByteArray text =
        R"({"mode":"managed","values":{"attachments.maxMiB":256,"backup.everyDays":0,"backup.folder":"","backup.keep":7,)"
        R"("energy.gramsPerKilowattHour":0,"engine.sandbox":[],"export.allow":true,)"
        R"("models.allow":[],"models.import":false,"models.manifestKeys":[],"retention.action":"delete",)"
        R"("retention.binDays":30,"retention.days":0,"vault.clearClipboardAtLock":true,"vault.lockAfterMinutes":15,)"
        R"("vault.networkFileSystem":false,"vault.organisationKey":"","vault.organisationName":"",)"
        R"("vault.slots":["keychain","passphrase","recovery","organisation"]}})";
    QCOMPARE(QByteArray::fromStdString(policy.sha256),
             QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex());
}

void TestPolicy::hashFollowsModeAndValuesOnly()
{
    const EffectivePolicy unmanaged = effectivePolicy({});
    const EffectivePolicy same = managed({file("a", "{}")});
    const EffectivePolicy invalid = effectivePolicy({{}, "", true});
    QVERIFY(unmanaged.sha256 != same.sha256);
    QVERIFY(unmanaged.sha256 != invalid.sha256);
    QCOMPARE(same.sha256, managed({file("b", "{\"export.allow\":true}")}).sha256);
    QVERIFY(same.sha256 != managed({file("a", "{\"export.allow\":false}")}).sha256);
}

QTEST_GUILESS_MAIN(TestPolicy)
#include "tst_policy.moc"
