// SPDX-License-Identifier: Apache-2.0
// slots.json and keys.json of version 2: what each kind of slot opens and what it does not, and how version 1 becomes 2.
#include "app/core/digest.h"
#include "app/core/recovery_code.h"
#include "storage/keys/key_file.h"
#include "storage/keys/slot_file.h"
#include "storage/keys/strict_json.h"

#include <QTest>

#include <sodium.h>

#include <fstream>
#include <functional>
#include <numeric>

using namespace tramontane;
using namespace tramontane::vault;
using nlohmann::json;

Q_DECLARE_METATYPE(std::function<void(json &)>)

namespace {

constexpr const char *kVaultId = "01928f4e-5b6c-7d8e-9f00-112233445566";
constexpr KdfParameters kCheap{.memoryMiB = KdfParameters::kMinMemoryMiB};

Key32 fixedKey(std::uint8_t first)
{
    std::array<std::uint8_t, 32> bytes;
    std::iota(bytes.begin(), bytes.end(), first);
    return *Key32::fromBytes(bytes);
}

SlotSecret secretOf(SlotKind kind, std::span<const std::uint8_t> bytes)
{
    return {kind, std::make_shared<SecretBytes>(SecretBytes::copyOf(bytes))};
}

SlotSecret recovery(std::uint8_t byte)
{
    return secretOf(SlotKind::Recovery, std::vector<std::uint8_t>(RecoveryCode::kBytes, byte));
}

SlotSecret organisationSecret(std::uint8_t first)
{
    return secretOf(SlotKind::Organisation, fixedKey(first).bytes());
}

OrganisationKey organisation(std::uint8_t first, std::string name = "Klinik Nord")
{
    OrganisationKey key{{}, std::move(name)};
    crypto_scalarmult_base(key.publicKey.data(), fixedKey(first).bytes().data());
    return key;
}

std::string stored(const char *name)
{
    std::ifstream file(std::string(TRAMONTANE_SOURCE_DIR) + "/tests/data/formats/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
}

json bodyOf(const std::string &text)
{
    json object = json::parse(text);
    for (const char *name : {"format", "version", "checksum"})
        object.erase(name);
    return object;
}

} // namespace

class TestSlotsV2 : public QObject {
    Q_OBJECT
private:
    const MasterKey *m_master = nullptr;
    std::unique_ptr<MasterKey> m_own;
    std::string m_slots;
    std::string m_keys;

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(initCrypto());
        m_own = std::make_unique<MasterKey>(fixedKey(7));
        m_master = m_own.get();
        const auto code = makeSlot(kVaultId, recovery(1), *m_master, kCheap, 1000);
        const auto sealed = makeOrganisationSlot(kVaultId, organisation(200), *m_master, 2000);
        QVERIFY(code && sealed);
        m_slots = slotFileText({kVaultId, {*code, *sealed}});
        m_keys = keyFileText(kVaultId, DataKeys(), *m_master);
    }

    void readsTheStoredFiles()
    {
        const auto file = parseSlotFile(stored("slots-v2.json"));
        QVERIFY2(file.ok(), file ? "" : file.error().detail.c_str());
        QCOMPARE(file->slots.size(), std::size_t(4));
        const auto text = std::string("correct horse battery staple");
        for (const SlotSecret &secret :
             {SlotSecret{SlotKind::Passphrase, std::make_shared<SecretBytes>(SecretBytes::copyOf(text))},
              secretOf(SlotKind::Keychain, fixedKey(99).bytes()), recovery(0x5a)}) {
            const auto opened = openSlot(*file, secret);
            QVERIFY(opened);
            QVERIFY(opened->master.whole() && opened->master.whole()->equals(fixedKey(7)));
            QVERIFY(opened->slot.kind == secret.kind);
            const auto keys = readKeyFile(stored("keys-v2.json"), kVaultId, opened->master);
            QVERIFY2(keys.ok(), keys ? "" : keys.error().detail.c_str());
            QVERIFY(keys->vault.equals(fixedKey(10)) && keys->audit.equals(fixedKey(20)));
            QVERIFY(keys->attachments.equals(fixedKey(40)) && keys->snapshots.equals(fixedKey(50)));
            QVERIFY(keys->signingSeed && keys->signingSeed->equals(fixedKey(30)));
        }
        const auto sealed = openSlot(*file, organisationSecret(200));
        QVERIFY(sealed && !sealed->master.whole());
        QCOMPARE(sealed->slot.organisation, std::string("Klinik Nord"));
        QVERIFY(readKeyFile(stored("keys-v2.json"), kVaultId, sealed->master)->vault.equals(fixedKey(10)));
    }

    void theOrganisationReadsEverythingButTheSeed()
    {
        const auto opened = openSlot(*parseSlotFile(m_slots), organisationSecret(200));
        QVERIFY(opened && !opened->master.whole());
        QVERIFY(opened->slot.kind == SlotKind::Organisation);
        QCOMPARE(opened->slot.fingerprint, organisationFingerprint(organisation(200).publicKey));
        const auto theirs = readKeyFile(m_keys, kVaultId, opened->master);
        const auto ours = readKeyFile(m_keys, kVaultId, *m_master);
        QVERIFY(theirs && ours);
        QVERIFY(!theirs->signingSeed && ours->signingSeed);
        QVERIFY(theirs->vault.equals(ours->vault) && theirs->audit.equals(ours->audit));
        QVERIFY(theirs->attachments.equals(ours->attachments) && theirs->snapshots.equals(ours->snapshots));
        QVERIFY(theirs->signingPublic == ours->signingPublic);
        // Neither is the seed anywhere in what their key opens, nor can they make a slot that would give it.
        QCOMPARE(makeSlot(kVaultId, recovery(9), opened->master, kCheap, 1).error().code, ErrorCode::VaultReadOnly);
        QCOMPARE(upgradedKeyFile(stored("keys-v1.json"), kVaultId, opened->master).error().code,
                 ErrorCode::VaultReadOnly);
        for (const json &key : bodyOf(m_keys)["keys"]) {
            if (key["purpose"] != "signing-seed")
                continue;
            SealedKey sealed;
            const auto nonce = key["nonce"].get<std::string>();
            const auto wrapped = key["wrapped"].get<std::string>();
            sodium_hex2bin(sealed.nonce.data(), 24, nonce.data(), nonce.size(), nullptr, nullptr, nullptr);
            sodium_hex2bin(sealed.wrapped.data(), 48, wrapped.data(), wrapped.size(), nullptr, nullptr, nullptr);
            const std::string place = std::string("tramontane key v1\n") + kVaultId + "\nsigning-seed\n1\n";
            QVERIFY(unsealKey(sealed, *m_master->whole(), place)); // the place is right
            QVERIFY(!unsealKey(sealed, opened->master.reading(), place));
        }
    }

    void opensOnlyWithTheRightSecret()
    {
        const auto file = parseSlotFile(m_slots);
        QVERIFY(openMaster(*file, recovery(1)));
        const std::string_view text = "0123456789abcdefghijk";
        for (const SlotSecret &wrong :
             {recovery(2), organisationSecret(201), SlotSecret{SlotKind::Recovery, nullptr},
              SlotSecret{SlotKind::Organisation, nullptr}, secretOf(SlotKind::Recovery, fixedKey(1).bytes()),
              secretOf(SlotKind::Organisation, bytesOf(text)), organisationSecret(0)})
            QCOMPARE(openMaster(*file, wrong).error().code, ErrorCode::WrongPassphrase);
    }

    void bindsTheSealToItsPlace_data()
    {
        QTest::addColumn<std::function<void(json &)>>("change");
        const auto row = [](const char *name, std::function<void(json &)> change) { QTest::newRow(name) << change; };
        row("another vault", [](json &f) { f["vault"] = "01928f4e-5b6c-7d8e-9f00-112233445567"; });
        row("another slot id", [](json &f) { f["slots"][1]["id"] = kVaultId; });
        row("another name", [](json &f) { f["slots"][1]["organisation"]["name"] = "Klinik Sued"; });
        row("another public key", [](json &f) { f["slots"][1]["organisation"]["public"] = std::string(64, '9'); });
        row("another ephemeral key",
            [](json &f) { f["slots"][1]["organisation"]["ephemeral"] = f["slots"][1]["organisation"]["public"]; });
        row("an ephemeral key of low order",
            [](json &f) { f["slots"][1]["organisation"]["ephemeral"] = std::string(64, '0'); });
        row("another nonce", [](json &f) { f["slots"][1]["nonce"] = std::string(48, '0'); });
    }
    void bindsTheSealToItsPlace()
    {
        QFETCH(std::function<void(json &)>, change);
        json body = bodyOf(m_slots);
        QVERIFY(openMaster(*parseSlotFile(vaultFileText(body, {"tramontane-slots", 2})), organisationSecret(200)));
        change(body);
        const auto file = parseSlotFile(vaultFileText(body, {"tramontane-slots", 2}));
        QVERIFY(file);
        QCOMPARE(openMaster(*file, organisationSecret(200)).error().code, ErrorCode::WrongPassphrase);
    }

    void refusesBadSlots_data()
    {
        QTest::addColumn<std::function<void(json &)>>("change");
        const auto row = [](const char *name, std::function<void(json &)> change) { QTest::newRow(name) << change; };
        row("no organisation", [](json &f) { f["slots"][1].erase("organisation"); });
        row("organisation of a recovery slot",
            [](json &f) { f["slots"][0]["organisation"] = f["slots"][1]["organisation"]; });
        row("no name", [](json &f) { f["slots"][1]["organisation"]["name"] = ""; });
        row("name too long", [](json &f) { f["slots"][1]["organisation"]["name"] = std::string(401, 'a'); });
        row("public key too short", [](json &f) { f["slots"][1]["organisation"]["public"] = "00"; });
        row("unknown member", [](json &f) { f["slots"][1]["organisation"]["extra"] = 1; });
        row("kdf of a recovery slot", [](json &f) { f["slots"][0]["kdf"] = json::object(); });
    }
    void refusesBadSlots()
    {
        QFETCH(std::function<void(json &)>, change);
        json body = bodyOf(m_slots);
        change(body);
        const auto file = parseSlotFile(vaultFileText(body, {"tramontane-slots", 2}));
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::VaultDamaged);
    }

    void version1HasTwoKindsOnly()
    {
        QCOMPARE(parseSlotFile(vaultFileText(bodyOf(m_slots), {"tramontane-slots", 1})).error().code,
                 ErrorCode::VaultDamaged);
    }

    void refusesKeysThatNothingCanBeSealedTo()
    {
        OrganisationKey none{{}, "Klinik Nord"};
        QCOMPARE(makeOrganisationSlot(kVaultId, none, *m_master, 1).error().code, ErrorCode::InvalidArgument);
        for (const std::string &name : {std::string(), std::string(401, 'a'), std::string("\xff")})
            QCOMPARE(makeOrganisationSlot(kVaultId, organisation(200, name), *m_master, 1).error().code,
                     ErrorCode::InvalidArgument);
        QCOMPARE(makeSlot(kVaultId, organisationSecret(200), *m_master, kCheap, 1).error().code,
                 ErrorCode::InvalidArgument);
    }

    void upgradesTheKeysOfVersion1()
    {
        const std::string old = stored("keys-v1.json");
        const auto upgraded = upgradedKeyFile(old, kVaultId, *m_master);
        QVERIFY(upgraded && upgraded->has_value());
        QVERIFY(json::parse(**upgraded)["version"] == 2);
        const auto keys = readKeyFile(**upgraded, kVaultId, *m_master);
        QVERIFY(keys);
        QVERIFY(keys->vault.equals(fixedKey(10)) && keys->audit.equals(fixedKey(20)));
        QVERIFY(keys->signingSeed->equals(fixedKey(30)));
        QVERIFY(keys->attachments.equals(fixedKey(40)) && keys->snapshots.equals(fixedKey(50)));
        QVERIFY(readKeyFile(**upgraded, kVaultId, MasterKey::readingOnly(m_master->reading().clone())));
        // The reading key opens nothing of the old file.
        QCOMPARE(readKeyFile(old, kVaultId, MasterKey::readingOnly(m_master->reading().clone())).error().code,
                 ErrorCode::VaultDamaged);
        QVERIFY(!upgradedKeyFile(**upgraded, kVaultId, *m_master)->has_value());
        QCOMPARE(upgradedKeyFile("{}", kVaultId, *m_master).error().code, ErrorCode::VaultForeign);
        QCOMPARE(upgradedKeyFile(old, kVaultId, MasterKey(fixedKey(8))).error().code, ErrorCode::VaultDamaged);
    }

    /// Rotated keys keep their numbers.
    void upgradeKeepsTheVersionsOfKeys()
    {
        json body = bodyOf(stored("keys-v1.json"));
        for (json &key : body["keys"]) {
            if (key["purpose"] != "vault")
                continue;
            const SealedKey sealed =
                sealKey(fixedKey(10), fixedKey(7), std::string("tramontane key v1\n") + kVaultId + "\nvault\n4\n");
            key["version"] = 4;
            key["nonce"] = toHex(sealed.nonce);
            key["wrapped"] = toHex(sealed.wrapped);
        }
        const auto upgraded = upgradedKeyFile(vaultFileText(body, {"tramontane-keys", 1}), kVaultId, *m_master);
        QVERIFY(upgraded && upgraded->has_value());
        for (const json &key : json::parse(**upgraded)["keys"])
            QCOMPARE(key["version"].get<int>(), key["purpose"] == "vault" ? 4 : 1);
    }

    /// Whoever has the reading key could wrap another public key; with the seed at hand it shows.
    void refusesAPublicKeyThatIsNotThatOfTheSeed()
    {
        json body = bodyOf(m_keys);
        for (json &key : body["keys"]) {
            if (key["purpose"] != "signing-public")
                continue;
            const SealedKey sealed = sealKey(fixedKey(77), m_master->reading(),
                                             std::string("tramontane key v1\n") + kVaultId + "\nsigning-public\n1\n");
            key["nonce"] = toHex(sealed.nonce);
            key["wrapped"] = toHex(sealed.wrapped);
        }
        QCOMPARE(readKeyFile(vaultFileText(body, {"tramontane-keys", 2}), kVaultId, *m_master).error().code,
                 ErrorCode::VaultDamaged);
    }

    void oneSlotOfThePersonIsUsable()
    {
        const auto slots = parseSlotFile(m_slots)->slots;
        QVERIFY(hasUsableSlot(slots));
        QVERIFY(hasUsableSlot({slots[0]}));
        QVERIFY(!hasUsableSlot({slots[1]}));
        QVERIFY(!hasUsableSlot({}));
    }
};

QTEST_GUILESS_MAIN(TestSlotsV2)
#include "tst_slots_v2.moc"
