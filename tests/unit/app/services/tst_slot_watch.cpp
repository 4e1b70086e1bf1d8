// SPDX-License-Identifier: Apache-2.0
// What is said about the ways to open a vault when it is opened, and when policy changes.
#include "app/services/slot_watch.h"

#include "tests/support/fakes/await.h"
#include "tests/support/fakes/fake_policy_source.h"
#include "tests/support/fakes/fake_vault.h"

using namespace tramontane;
using namespace tramontane::test;

using Names = std::vector<std::string>;

namespace {

constexpr auto kKey = "B6N8vBQgk8i3VdwbEOhstCY3StFqqFPtC9/AsrhtHHw=";
constexpr auto kOtherKey = "6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";

std::string namedInPolicy(const std::string &key, const std::string &name = "Klinik Nord")
{
    return R"({"id": "test", "version": 1, "values": {"vault.organisationKey": ")" + key
           + R"(", "vault.organisationName": ")" + name + "\"}}";
}

struct WatchBench {
    Script script;
    FakePolicySource policy;
    FakeVault vault{script};
    SlotWatch watch{vault, policy};

    /// A vault that is sealed to what policy names now.
    void seal() { (void)await(vault.slotStore.addOrganisation(*namedOrganisation(policy.current()))); }
};

} // namespace

class SlotWatchTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }

    void nothingToSay()
    {
        WatchBench b;
        QVERIFY(await(b.watch.start()).ok());
        b.policy.setManaged(namedInPolicy(kKey));
        b.seal();
        QVERIFY(await(b.watch.start()).ok());
        QVERIFY(!b.watch.alarm());
        QVERIFY(b.vault.log.names().empty());
    }

    void anotherKeyIsAnAlarm()
    {
        WatchBench b;
        b.policy.setManaged(namedInPolicy(kKey));
        b.seal();
        const std::string sealedTo = b.vault.slotStore.slots.front().fingerprint;
        b.policy.setManaged(namedInPolicy(kOtherKey, "Klinik Sued"));
        QVERIFY(await(b.watch.start()).ok());
        QVERIFY(b.watch.alarm());
        for (const std::string &part : {sealedTo, std::string("Klinik Nord"), std::string("Klinik Sued")})
            QVERIFY2(b.watch.alarm()->find(part) != std::string::npos, b.watch.alarm()->c_str());
        QCOMPARE(b.vault.log.names(), (Names{"key.organisation_differs"}));
        QCOMPARE(b.vault.log.events[0].severity, 4);
        QCOMPARE(b.script.count("slots.addOrganisation") + b.script.count("slots.replace"), 1); // only seal()
        QCOMPARE(b.vault.slotStore.slots.front().fingerprint, sealedTo);
    }

    void policyThatChangesWhileItIsOpen()
    {
        WatchBench b;
        b.policy.setManaged(namedInPolicy(kKey));
        b.seal();
        QVERIFY(await(b.watch.start()).ok());
        int told = 0;
        connect(&b.watch, &SlotWatch::alarmChanged, this, [&] { ++told; });
        b.policy.setManaged(namedInPolicy(kOtherKey));
        QTRY_COMPARE(told, 1);
        QVERIFY(b.watch.alarm());
        QTRY_COMPARE(b.vault.log.names(), (Names{"key.organisation_differs"}));
        b.policy.setManaged(namedInPolicy(kOtherKey)); // the same once more says nothing new
        b.policy.setManaged(namedInPolicy(kKey));
        QTRY_COMPARE(told, 2);
        QVERIFY(!b.watch.alarm());
        QCOMPARE(b.vault.log.names().size(), std::size_t(1));
    }

    void policyWithoutAKeyIsNoAlarm()
    {
        WatchBench b;
        b.policy.setManaged(namedInPolicy(kKey));
        b.seal();
        for (const std::string &policy : {namedInPolicy(""), namedInPolicy(kOtherKey, "")}) {
            b.policy.setManaged(policy);
            QVERIFY(!organisationAlarm(b.vault.slotStore.slots, b.policy.current()));
        }
        b.policy.setInvalid(); // has a banner of its own
        QVERIFY(!organisationAlarm(b.vault.slotStore.slots, b.policy.current()));
    }

    void oneOfSeveralIsEnoughForAnAlarm()
    {
        WatchBench b;
        b.policy.setManaged(namedInPolicy(kKey));
        b.seal();
        b.policy.setManaged(namedInPolicy(kOtherKey));
        b.seal();
        QVERIFY(organisationAlarm(b.vault.slotStore.slots, b.policy.current()));
        b.vault.slotStore.slots.erase(b.vault.slotStore.slots.begin());
        QVERIFY(!organisationAlarm(b.vault.slotStore.slots, b.policy.current()));
    }

    void recoveryIsRecorded()
    {
        WatchBench b;
        b.vault.slotStore.opened.kind = SlotKind::Recovery;
        QVERIFY(await(b.watch.start()).ok());
        QCOMPARE(b.vault.log.names(), (Names{"key.recovered"}));
        QCOMPARE(b.vault.log.events[0].object->id, b.vault.slotStore.opened.id);
        QCOMPARE(b.vault.log.events[0].severity, 4);
    }

    void nothingStopsTheOpening()
    {
        WatchBench b;
        b.vault.slotStore.opened.kind = SlotKind::Recovery;
        b.vault.log.unwritable = Error{ErrorCode::AuditUnavailable, "full", {}};
        b.script.fail("slots.list", {ErrorCode::VaultDamaged, "damaged", {}});
        QVERIFY(await(b.watch.start()).ok());
        QVERIFY(!b.watch.alarm());
        // An alarm that cannot be recorded is still told.
        b.policy.setManaged(namedInPolicy(kKey));
        b.seal();
        b.policy.setManaged(namedInPolicy(kOtherKey));
        QTRY_VERIFY(b.watch.alarm().has_value());
    }
};

QTEST_GUILESS_MAIN(SlotWatchTest)
#include "tst_slot_watch.moc"
