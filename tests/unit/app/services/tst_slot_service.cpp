// SPDX-License-Identifier: Apache-2.0
// Adding, replacing and removing the ways to open a vault: what is recorded, what policy and the keychain can do about it.
#include "app/services/slot_service.h"

#include "app/services/organisation_key_file.h"
#include "app/services/vault_service.h"
#include "tests/support/fakes/await.h"
#include "tests/support/fakes/fake_policy_source.h"
#include "tests/support/fakes/fake_secret_store.h"
#include "tests/support/fakes/fake_vault.h"
#include "tests/support/fakes/movable_clock.h"

using namespace tramontane;
using namespace tramontane::test;

using Names = std::vector<std::string>;

namespace {

constexpr auto kDirectory = "/home/somebody/vault";
/// X25519 public key of the private key 01 02 … 20 (RFC 7748), base64.
constexpr auto kPolicyKey = "B6N8vBQgk8i3VdwbEOhstCY3StFqqFPtC9/AsrhtHHw=";

std::shared_ptr<SecretBytes> secret(const std::string &text)
{
    return std::make_shared<SecretBytes>(SecretBytes::copyOf(std::string_view(text)));
}

std::string policyWith(const std::string &values)
{
    return R"({"id": "test", "version": 1, "values": {)" + values + "}}";
}

std::string namedInPolicy(const std::string &name = "Klinik Nord", const std::string &key = kPolicyKey)
{
    return policyWith(R"("vault.organisationKey": ")" + key + R"(", "vault.organisationName": ")" + name + "\"");
}

struct SlotBench {
    Script script;
    MovableClock clock;
    FakePolicySource policy;
    FakeVault vault{script};
    FakeSecretStore secrets{script};
    SlotService slots{vault, secrets, policy, clock, kDirectory};
    std::string entry = keychainEntryName(kDirectory);

    SlotInfo with(SlotKind kind, const std::string &opens = {})
    {
        const auto made = await(vault.slotStore.add({kind, secret(opens.empty() ? "unknown" : opens)}));
        script.forgetCalls();
        return *made;
    }
    [[nodiscard]] Names records() const { return vault.log.names(); }
    [[nodiscard]] std::size_t count() const { return vault.slotStore.slots.size(); }
};

} // namespace

class SlotServiceTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }

    void addsAPassphrase()
    {
        SlotBench b;
        const auto made = await(b.slots.addPassphrase(secret("correct horse")));
        QVERIFY(made.ok());
        QCOMPARE(b.script.calls(), (Names{"append:key.change.attempted", "slots.add", "append:key.created"}));
        const AuditEvent &attempt = b.vault.log.events[0];
        const AuditEvent &created = b.vault.log.events[1];
        QVERIFY(!attempt.corr.empty());
        QCOMPARE(attempt.corr, created.corr);
        QCOMPARE(attempt.flags, (Names{"add", "passphrase"}));
        QVERIFY(created.outcome == Outcome::Success);
        QCOMPARE(created.object->type, std::string("slot"));
        QCOMPARE(created.object->id, made->id);
        QCOMPARE(await(b.slots.addPassphrase(secret("1234567"))).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(await(b.slots.addPassphrase(nullptr)).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(b.records().size(), std::size_t(2));
    }

    void nothingWithoutARecord()
    {
        SlotBench b;
        const SlotInfo first = b.with(SlotKind::Passphrase);
        (void)b.with(SlotKind::Passphrase);
        b.vault.log.unwritable = Error{ErrorCode::AuditUnavailable, "full", {}};
        QCOMPARE(await(b.slots.addPassphrase(secret("correct horse"))).error().code, ErrorCode::AuditUnavailable);
        QCOMPARE(await(b.slots.addKeychain()).error().code, ErrorCode::AuditUnavailable);
        QCOMPARE(await(b.slots.changePassphrase(first.id, secret("correct horse"))).error().code,
                 ErrorCode::AuditUnavailable);
        QCOMPARE(await(b.slots.remove(first.id)).error().code, ErrorCode::AuditUnavailable);
        QCOMPARE(b.count(), std::size_t(2));
        QVERIFY(b.secrets.entries.empty());
    }

    void failuresAreRecorded()
    {
        SlotBench b;
        b.script.fail("slots.add", {ErrorCode::NoSpace, "full", {}});
        QCOMPARE(await(b.slots.addPassphrase(secret("correct horse"))).error().code, ErrorCode::NoSpace);
        QCOMPARE(b.records(), (Names{"key.change.attempted", "key.change.failed"}));
        QCOMPARE(b.vault.log.events[1].flags, (Names{"add", "passphrase", "no_space"}));
    }

    void policyRefuses()
    {
        SlotBench b;
        const SlotInfo old = b.with(SlotKind::Passphrase);
        (void)b.with(SlotKind::Recovery);
        b.policy.setManaged(policyWith(R"("vault.slots": [])"));
        const RecoveryCode code = RecoveryCode::random();
        QCOMPARE(await(b.slots.addPassphrase(secret("correct horse"))).error().code, ErrorCode::PolicyDenied);
        QCOMPARE(await(b.slots.addKeychain()).error().code, ErrorCode::PolicyDenied);
        QCOMPARE(await(b.slots.addRecovery(code, std::make_shared<SecretBytes>(code.text()))).error().code,
                 ErrorCode::PolicyDenied);
        QCOMPARE(b.records(), (Names{"key.change.denied", "key.change.denied", "key.change.denied"}));
        QCOMPARE(b.vault.log.events[0].policy.rule, std::string("vault.slots"));
        QCOMPARE(b.count(), std::size_t(2));
        // What is there can always go.
        QVERIFY(await(b.slots.remove(old.id)).ok());
        b.policy.setInvalid();
        QCOMPARE(await(b.slots.addPassphrase(secret("correct horse"))).error().code, ErrorCode::PolicyDenied);
    }

    void recoveryOnlyAfterItWasTypedBack()
    {
        SlotBench b;
        const RecoveryCode code = RecoveryCode::random();
        const auto typed = std::make_shared<SecretBytes>(code.text());
        for (const auto &wrong : {secret(""), secret("not a code"), std::shared_ptr<SecretBytes>(),
                                  std::make_shared<SecretBytes>(RecoveryCode::random().text())})
            QCOMPARE(await(b.slots.addRecovery(code, wrong)).error().code, ErrorCode::InvalidArgument);
        QVERIFY(b.records().empty());
        const auto made = await(b.slots.addRecovery(code, typed));
        QVERIFY(made.ok() && made->kind == SlotKind::Recovery);
        const auto bytes = code.bytes();
        QCOMPARE(b.vault.slotStore.secrets[made->id], std::string(bytes->bytes().begin(), bytes->bytes().end()));
    }

    void keychain()
    {
        SlotBench b;
        const auto made = await(b.slots.addKeychain());
        QVERIFY(made.ok());
        QCOMPARE(b.secrets.entries.at(b.entry)->size(), Key32::kSize);
        const auto key = b.secrets.entries[b.entry];
        QCOMPARE(b.vault.slotStore.secrets[made->id], std::string(key->bytes().begin(), key->bytes().end()));
        // A second one would open no better.
        QCOMPARE(await(b.slots.addKeychain()).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(b.script.count("secret.write"), 1);
        QCOMPARE(b.count(), std::size_t(1));
    }

    void keychainKeyThatLiesThereIsNeverOverwritten()
    {
        SlotBench b;
        const std::string old(32, 'k');
        b.secrets.entries[b.entry] = secret(old);
        QVERIFY(await(b.slots.addKeychain()).ok());
        QCOMPARE(b.script.count("secret.write"), 0);
        SlotBench other;
        other.secrets.entries[other.entry] = secret("something else");
        QCOMPARE(await(other.slots.addKeychain()).error().code, ErrorCode::KeychainUnavailable);
        QCOMPARE(other.script.count("secret.write") + other.script.count("slots.add"), 0);
    }

    void keychainThatCannotBeUsed_data()
    {
        QTest::addColumn<int>("code");
        QTest::newRow("absent") << int(ErrorCode::KeychainUnavailable);
        QTest::newRow("locked") << int(ErrorCode::KeychainLocked);
    }
    void keychainThatCannotBeUsed()
    {
        QFETCH(int, code);
        SlotBench b;
        b.script.fail("secret.read", {ErrorCode(code), "no", {}});
        QCOMPARE(int(await(b.slots.addKeychain()).error().code), code);
        b.script.fail("secret.write", {ErrorCode(code), "no", {}});
        QCOMPARE(int(await(b.slots.addKeychain()).error().code), code);
        QCOMPARE(b.count(), std::size_t(0));
        QVERIFY(b.secrets.entries.empty());
    }

    void keyOfASlotThatWasNotMadeIsRemovedAgain()
    {
        SlotBench b;
        b.script.fail("slots.add", {ErrorCode::NoSpace, "full", {}});
        QCOMPARE(await(b.slots.addKeychain()).error().code, ErrorCode::NoSpace);
        QVERIFY(b.secrets.entries.empty());
        b.secrets.entries[b.entry] = secret(std::string(32, 'k'));
        b.script.fail("slots.add", {ErrorCode::NoSpace, "full", {}});
        QCOMPARE(await(b.slots.addKeychain()).error().code, ErrorCode::NoSpace);
        QCOMPARE(b.secrets.entries.size(), std::size_t(1)); // it was not ours to remove
    }

    void organisationOnlyAfterItsFingerprint()
    {
        SlotBench b;
        QCOMPARE(b.slots.offeredOrganisation().error().code, ErrorCode::NotFound);
        QCOMPARE(await(b.slots.addOrganisation("0000")).error().code, ErrorCode::NotFound);
        b.policy.setManaged(namedInPolicy());
        const auto offered = b.slots.offeredOrganisation();
        QVERIFY(offered.ok());
        QCOMPARE(offered->name, std::string("Klinik Nord"));
        const std::string fingerprint = organisationFingerprint(offered->publicKey);
        for (const std::string &wrong : {std::string(), std::string("0000-0000"), fingerprint.substr(5)})
            QCOMPARE(await(b.slots.addOrganisation(wrong)).error().code, ErrorCode::InvalidArgument);
        QVERIFY(b.records().empty());
        const auto made = await(b.slots.addOrganisation(fingerprint));
        QVERIFY(made.ok());
        QCOMPARE(made->fingerprint, fingerprint);
        QCOMPARE(made->organisation, std::string("Klinik Nord"));
        QCOMPARE(await(b.slots.addOrganisation(fingerprint)).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(b.count(), std::size_t(1));
    }

    void changesAPassphrase()
    {
        SlotBench b;
        QCOMPARE(await(b.slots.changePassphrase({}, secret("correct horse"))).error().code, ErrorCode::NotFound);
        const SlotInfo only = b.with(SlotKind::Passphrase);
        const SlotInfo keychain = b.with(SlotKind::Keychain);
        const auto changed = await(b.slots.changePassphrase({}, secret("correct horse")));
        QVERIFY(changed.ok());
        QVERIFY(changed->id != only.id);
        QCOMPARE(b.script.calls(),
                 (Names{"slots.list", "append:key.change.attempted", "slots.replace", "append:key.rotated"}));
        QCOMPARE(await(b.slots.changePassphrase(keychain.id, secret("correct horse"))).error().code,
                 ErrorCode::InvalidArgument);
        QCOMPARE(await(b.slots.changePassphrase("unknown", secret("correct horse"))).error().code, ErrorCode::NotFound);
        QCOMPARE(await(b.slots.changePassphrase({}, secret("short"))).error().code, ErrorCode::InvalidArgument);
        (void)b.with(SlotKind::Passphrase);
        QCOMPARE(await(b.slots.changePassphrase({}, secret("correct horse"))).error().code, ErrorCode::InvalidArgument);
    }

    void theLastWayStays()
    {
        SlotBench b;
        b.policy.setManaged(namedInPolicy());
        const SlotInfo only = b.with(SlotKind::Passphrase);
        QVERIFY(await(b.slots.addOrganisation(organisationFingerprint(b.slots.offeredOrganisation()->publicKey))).ok());
        const auto refused = await(b.slots.remove(only.id));
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        QVERIFY(refused.error().message.find("last way") != std::string::npos);
        QCOMPARE(b.count(), std::size_t(2));
        QCOMPARE(await(b.slots.remove("unknown")).error().code, ErrorCode::NotFound);
        QVERIFY(await(b.slots.addPassphrase(secret("correct horse"))).ok());
        QVERIFY(await(b.slots.remove(only.id)).ok());
        QCOMPARE(b.records().back(), std::string("key.removed"));
    }

    // A keychain that has lost the key, or is locked just now, is no way to open the vault.
    void aKeychainCountsOnlyWhileItOpens()
    {
        SlotBench b;
        const std::string key(32, 'k');
        const SlotInfo passphrase = b.with(SlotKind::Passphrase);
        const SlotInfo keychain = b.with(SlotKind::Keychain, key);
        QCOMPARE(await(b.slots.remove(passphrase.id)).error().code, ErrorCode::InvalidArgument);
        b.secrets.entries[b.entry] = secret(std::string(32, 'o'));
        QCOMPARE(await(b.slots.remove(passphrase.id)).error().code, ErrorCode::InvalidArgument);
        b.secrets.entries[b.entry] = secret(key);
        b.script.fail("secret.read", {ErrorCode::KeychainLocked, "no", {}});
        QCOMPARE(await(b.slots.remove(passphrase.id)).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(b.count(), std::size_t(2));
        QVERIFY(await(b.slots.remove(passphrase.id)).ok());
        QCOMPARE(await(b.slots.remove(keychain.id)).error().code, ErrorCode::InvalidArgument);
        QVERIFY(b.secrets.entries.contains(b.entry));
    }

    void keyLeavesTheKeychainWithItsSlot()
    {
        SlotBench b;
        (void)b.with(SlotKind::Passphrase);
        const std::string key(32, 'k');
        const SlotInfo keychain = b.with(SlotKind::Keychain, key);
        b.secrets.entries[b.entry] = secret(key);
        const auto removed = await(b.slots.remove(keychain.id));
        QVERIFY(removed.ok());
        QVERIFY(!removed->keyLeftInKeychain);
        QVERIFY(b.secrets.entries.empty());
    }

    void aKeyThatIsNotOfTheSlotStays()
    {
        SlotBench b;
        (void)b.with(SlotKind::Passphrase);
        const SlotInfo keychain = b.with(SlotKind::Keychain, std::string(32, 'k'));
        b.secrets.entries[b.entry] = secret(std::string(32, 'o'));
        const auto removed = await(b.slots.remove(keychain.id));
        QVERIFY(removed.ok() && removed->keyLeftInKeychain);
        QCOMPARE(b.secrets.entries.size(), std::size_t(1));
        QCOMPARE(b.script.count("secret.remove"), 0);
    }

    void aLockedKeychainKeepsTheKeyOfARemovedSlot()
    {
        SlotBench b;
        (void)b.with(SlotKind::Passphrase);
        const std::string key(32, 'k');
        const SlotInfo keychain = b.with(SlotKind::Keychain, key);
        b.secrets.entries[b.entry] = secret(key);
        b.script.fail("secret.remove", {ErrorCode::KeychainLocked, "no", {}});
        const auto removed = await(b.slots.remove(keychain.id));
        QVERIFY(removed.ok() && removed->keyLeftInKeychain);
        QCOMPARE(b.count(), std::size_t(1));
    }

    void aSlotThatStaysKeepsItsKey()
    {
        SlotBench b;
        (void)b.with(SlotKind::Passphrase);
        const std::string key(32, 'k');
        const SlotInfo keychain = b.with(SlotKind::Keychain, key);
        b.secrets.entries[b.entry] = secret(key);
        b.script.fail("slots.remove", {ErrorCode::NoSpace, "full", {}});
        QCOMPARE(await(b.slots.remove(keychain.id)).error().code, ErrorCode::NoSpace);
        QCOMPARE(b.secrets.entries.size(), std::size_t(1));
        QCOMPARE(b.records().back(), std::string("key.change.failed"));
    }
};

QTEST_GUILESS_MAIN(SlotServiceTest)
#include "tst_slot_service.moc"
