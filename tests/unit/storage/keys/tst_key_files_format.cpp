// SPDX-License-Identifier: Apache-2.0
#include "storage/keys/key_file.h"
#include "storage/keys/slot_file.h"
#include "storage/keys/strict_json.h"

#include <QTest>

#include <array>
#include <fstream>
#include <functional>
#include <numeric>

using namespace tramontane;
using namespace tramontane::vault;
using nlohmann::json;

Q_DECLARE_METATYPE(std::function<void(json &)>)

namespace {

constexpr const char *kVaultId = "01928f4e-5b6c-7d8e-9f00-112233445566";

Key32 fixedKey(std::uint8_t first)
{
    std::array<std::uint8_t, 32> bytes;
    std::iota(bytes.begin(), bytes.end(), first);
    return *Key32::fromBytes(bytes);
}

MasterKey fixedMaster(std::uint8_t first)
{
    return MasterKey(fixedKey(first));
}

SlotSecret passphrase(const std::string &text)
{
    return {SlotKind::Passphrase, std::make_shared<SecretBytes>(SecretBytes::copyOf(text))};
}

SlotSecret keychain(const Key32 &key)
{
    return {SlotKind::Keychain, std::make_shared<SecretBytes>(SecretBytes::copyOf(key.bytes()))};
}

KdfParameters cheap()
{
    return {.memoryMiB = KdfParameters::kMinMemoryMiB};
}

std::string stored(const char *name)
{
    std::ifstream file(std::string(TRAMONTANE_SOURCE_DIR) + "/tests/data/formats/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A valid file, changed by `change` and given a fitting checksum again.
std::string changed(const std::string &text, const FormatName &format, const std::function<void(json &)> &change)
{
    json object = json::parse(text);
    for (const char *name : {"format", "version", "checksum"})
        object.erase(name);
    change(object);
    return vaultFileText(object, format);
}

} // namespace

class TestVaultFilesFormat : public QObject {
    Q_OBJECT
private:
    std::string m_slots;

    static std::string keysText() { return keyFileText(kVaultId, DataKeys(), fixedMaster(7)); }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(initCrypto());
        const auto slot = makeSlot(kVaultId, passphrase("correct horse"), fixedMaster(7), cheap(), 1000);
        const auto second = makeSlot(kVaultId, keychain(fixedKey(99)), fixedMaster(7), cheap(), 2000);
        m_slots = slotFileText({kVaultId, {*slot, *second}});
    }

    void readsTheStoredSlots()
    {
        const auto file = parseSlotFile(stored("slots-v1.json"));
        QVERIFY2(file.ok(), file ? "" : file.error().detail.c_str());
        QCOMPARE(file->slots.size(), std::size_t(2));
        QCOMPARE(file->vaultId, std::string(kVaultId));
        QVERIFY(openMaster(*file, passphrase("correct horse battery staple"))->whole()->equals(fixedKey(7)));
        QVERIFY(openMaster(*file, keychain(fixedKey(99)))->whole()->equals(fixedKey(7)));
    }

    void readsTheStoredKeys()
    {
        const auto keys = readKeyFile(stored("keys-v1.json"), kVaultId, fixedMaster(7));
        QVERIFY2(keys.ok(), keys ? "" : keys.error().detail.c_str());
        QVERIFY(keys->vault.equals(fixedKey(10)));
        QVERIFY(keys->audit.equals(fixedKey(20)));
        QVERIFY(keys->signingSeed->equals(fixedKey(30)));
        QVERIFY(keys->attachments.equals(fixedKey(40)));
        QVERIFY(keys->snapshots.equals(fixedKey(50)));
    }

    void opensOnlyWithTheRightSecret()
    {
        const auto file = parseSlotFile(m_slots);
        QVERIFY(file);
        QVERIFY(openMaster(*file, passphrase("correct horse"))->whole()->equals(fixedKey(7)));
        QVERIFY(openMaster(*file, keychain(fixedKey(99)))->whole()->equals(fixedKey(7)));
        for (const auto &secret :
             {passphrase("Correct horse"), passphrase(""), passphrase(std::string("correct horse\0", 14)),
              keychain(fixedKey(98)), keychain(fixedKey(7))})
            QCOMPARE(openMaster(*file, secret).error().code, ErrorCode::WrongPassphrase);
        const SlotSecret shortKey{SlotKind::Keychain, std::make_shared<SecretBytes>(SecretBytes::copyOf("short"))};
        QCOMPARE(openMaster(*file, shortKey).error().code, ErrorCode::WrongPassphrase);
        QVERIFY(!makeSlot(kVaultId, shortKey, fixedMaster(7), cheap(), 1));
        QVERIFY(!makeSlot(kVaultId, passphrase(""), fixedMaster(7), cheap(), 1));
    }

    void holdsNoSecret()
    {
        const std::string master = toHexText(fixedKey(7));
        QVERIFY(m_slots.find(master) == std::string::npos);
        QVERIFY(keysText().find(master) == std::string::npos);
        QVERIFY(m_slots.find("horse") == std::string::npos);
    }

    void bindsSlotsToTheirPlace_data()
    {
        QTest::addColumn<std::function<void(json &)>>("change");
        const auto row = [](const char *name, std::function<void(json &)> change) { QTest::newRow(name) << change; };
        row("another vault", [](json &f) { f["vault"] = "01928f4e-5b6c-7d8e-9f00-112233445567"; });
        row("another slot id", [](json &f) { f["slots"][1]["id"] = kVaultId; });
        row("another kind", [](json &f) {
            f["slots"][1]["kind"] = "passphrase";
            f["slots"][1]["kdf"] = f["slots"][0]["kdf"];
        });
        row("swapped", [](json &f) { std::swap(f["slots"][0]["wrapped"], f["slots"][1]["wrapped"]); });
        row("another nonce", [](json &f) { f["slots"][1]["nonce"] = std::string(48, '0'); });
    }
    void bindsSlotsToTheirPlace()
    {
        QFETCH(std::function<void(json &)>, change);
        const auto file = parseSlotFile(changed(m_slots, {"tramontane-slots", 2}, change));
        QVERIFY(file);
        QCOMPARE(openMaster(*file, keychain(fixedKey(99))).error().code, ErrorCode::WrongPassphrase);
    }

    void refusesBadSlots_data()
    {
        QTest::addColumn<std::function<void(json &)>>("change");
        const auto row = [](const char *name, std::function<void(json &)> change) { QTest::newRow(name) << change; };
        row("no slots", [](json &f) { f["slots"] = json::array(); });
        row("too many slots", [](json &f) { f["slots"] = std::vector<json>(kMaxSlots + 1, f["slots"][1]); });
        row("slots no list", [](json &f) { f["slots"] = 5; });
        row("no vault", [](json &f) { f.erase("vault"); });
        row("vault no id", [](json &f) { f["vault"] = "vault"; });
        row("unknown member", [](json &f) { f["extra"] = 1; });
        row("unknown member of a slot", [](json &f) { f["slots"][0]["extra"] = 1; });
        row("slot no object", [](json &f) { f["slots"][0] = "slot"; });
        row("unknown kind", [](json &f) { f["slots"][0]["kind"] = "paper"; });
        row("keychain with kdf", [](json &f) { f["slots"][1]["kdf"] = f["slots"][0]["kdf"]; });
        row("passphrase without kdf", [](json &f) { f["slots"][0].erase("kdf"); });
        row("another kdf", [](json &f) { f["slots"][0]["kdf"]["name"] = "pbkdf2"; });
        row("memory too small", [](json &f) { f["slots"][0]["kdf"]["memory_mib"] = 63; });
        row("memory too large", [](json &f) { f["slots"][0]["kdf"]["memory_mib"] = 1025; });
        row("memory huge", [](json &f) { f["slots"][0]["kdf"]["memory_mib"] = 18446744073709551615u; });
        row("memory negative", [](json &f) { f["slots"][0]["kdf"]["memory_mib"] = -1; });
        row("memory no integer", [](json &f) { f["slots"][0]["kdf"]["memory_mib"] = 64.5; });
        row("too few passes", [](json &f) { f["slots"][0]["kdf"]["passes"] = 2; });
        row("too many passes", [](json &f) { f["slots"][0]["kdf"]["passes"] = 11; });
        row("salt too short", [](json &f) { f["slots"][0]["kdf"]["salt"] = "00"; });
        row("upper-case hex", [](json &f) { f["slots"][0]["nonce"] = std::string(48, 'A'); });
        row("nonce no hex", [](json &f) { f["slots"][0]["nonce"] = std::string(48, 'g'); });
        row("wrapped too long", [](json &f) { f["slots"][0]["wrapped"] = std::string(98, 'a'); });
        row("time negative", [](json &f) { f["slots"][0]["created_ms"] = -1; });
    }
    void refusesBadSlots()
    {
        QFETCH(std::function<void(json &)>, change);
        const auto file = parseSlotFile(changed(m_slots, {"tramontane-slots", 2}, change));
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::VaultDamaged);
        QVERIFY(file.error().message.find("slots.json") != std::string::npos);
    }

    void refusesBadKeys_data()
    {
        QTest::addColumn<std::function<void(json &)>>("change");
        const auto row = [](const char *name, std::function<void(json &)> change) { QTest::newRow(name) << change; };
        row("another vault", [](json &f) { f["vault"] = "01928f4e-5b6c-7d8e-9f00-112233445567"; });
        row("key missing", [](json &f) { f["keys"].erase(1); });
        row("key twice", [](json &f) { f["keys"][1] = f["keys"][0]; });
        row("key too many", [](json &f) { f["keys"].push_back(f["keys"][0]); });
        row("purposes swapped", [](json &f) { std::swap(f["keys"][0]["purpose"], f["keys"][1]["purpose"]); });
        row("another version", [](json &f) { f["keys"][0]["version"] = 2; });
        row("version zero", [](json &f) { f["keys"][0]["version"] = 0; });
        row("unknown member", [](json &f) { f["keys"][0]["x"] = 0; });
        row("unknown purpose", [](json &f) { f["keys"][0]["purpose"] = "other"; });
        row("wrapped changed", [](json &f) { f["keys"][2]["wrapped"] = std::string(96, '0'); });
    }
    void refusesBadKeys()
    {
        QFETCH(std::function<void(json &)>, change);
        const auto keys = readKeyFile(changed(keysText(), {"tramontane-keys", 2}, change), kVaultId, fixedMaster(7));
        QVERIFY(!keys);
        QCOMPARE(keys.error().code, ErrorCode::VaultDamaged);
    }

    void refusesTheWrongMaster()
    {
        QCOMPARE(readKeyFile(keysText(), kVaultId, fixedMaster(8)).error().code, ErrorCode::VaultDamaged);
    }

    void tellsForeignFromDamagedAndNewer_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("code");
        const auto good = QByteArray::fromStdString(slotFileText({kVaultId, {}}));
        const int foreign = int(ErrorCode::VaultForeign);
        QTest::newRow("empty") << QByteArray() << foreign;
        QTest::newRow("text") << QByteArray("hello") << foreign;
        QTest::newRow("list") << QByteArray("[]") << foreign;
        QTest::newRow("empty object") << QByteArray("{}") << foreign;
        QTest::newRow("other format") << QByteArray(R"({"format":"other","version":1})") << foreign;
        QTest::newRow("keys for slots") << QByteArray::fromStdString(keysText()) << foreign;
        QTest::newRow("version as text") << QByteArray(good).replace("\"version\": 2", "\"version\": \"2\"") << foreign;
        QTest::newRow("version 0") << QByteArray(R"({"format":"tramontane-slots","version":0})") << foreign;
        QTest::newRow("version -1") << QByteArray(R"({"format":"tramontane-slots","version":-1})") << foreign;
        QTest::newRow("twice") << QByteArray(good).replace("{", "{\"version\":1,") << foreign;
        QTest::newRow("rubbish behind") << good + "x" << foreign;
        QTest::newRow("cut off") << good.left(good.size() / 2) << foreign;
        QTest::newRow("NUL") << QByteArray(5000, '\0') << foreign;
        QTest::newRow("broken UTF-8") << QByteArray("{\"format\":\"\xff\"}") << foreign;
        QTest::newRow("too large") << good + QByteArray(70000, ' ') << foreign;
        QTest::newRow("deep") << QByteArray(30000, '[') << foreign;
        QTest::newRow("deep object") << QByteArray("{\"a\":").repeated(10000) << foreign;
        QTest::newRow("newer") << QByteArray(R"({"format":"tramontane-slots","version":3,"new":[]})")
                               << int(ErrorCode::VaultNewerSchema);
        QTest::newRow("checksum wrong") << QByteArray(good).replace("\"vault\": \"0192", "\"vault\": \"0193")
                                        << int(ErrorCode::VaultDamaged);
        QTest::newRow("no checksum") << QByteArray(R"({"format":"tramontane-slots","version":1})")
                                     << int(ErrorCode::VaultDamaged);
    }
    void tellsForeignFromDamagedAndNewer()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, code);
        const auto file = parseSlotFile(std::string_view(text.constData(), std::size_t(text.size())));
        QVERIFY(!file);
        QCOMPARE(int(file.error().code), code);
    }

    void noticesEveryFlippedByte()
    {
        // Each byte of both files in turn, one bit each: an error, or the very same content (spaces, upper and lower case).
        const auto slots = parseSlotFile(m_slots);
        for (std::size_t i = 0; i < m_slots.size(); ++i) {
            std::string text = m_slots;
            text[i] = static_cast<char>(text[i] ^ (1 << (i % 7)));
            const auto file = parseSlotFile(text);
            if (file)
                QCOMPARE(slotFileText(*file), slotFileText(*slots));
        }
        const std::string keys = keysText();
        for (std::size_t i = 0; i < keys.size(); ++i) {
            std::string text = keys;
            text[i] = static_cast<char>(text[i] ^ (1 << (i % 7)));
            const auto read = readKeyFile(text, kVaultId, fixedMaster(7));
            if (read)
                QVERIFY(text.substr(0, i).find_last_not_of(" \n") != std::string::npos || i == 0);
        }
    }

    void sealsKeysToTheirPlace()
    {
        const auto sealed = sealKey(fixedKey(1), fixedKey(2), "place");
        QVERIFY(unsealKey(sealed, fixedKey(2), "place")->equals(fixedKey(1)));
        QVERIFY(!unsealKey(sealed, fixedKey(2), "places"));
        QVERIFY(!unsealKey(sealed, fixedKey(3), "place"));
        QVERIFY(sealKey(fixedKey(1), fixedKey(2), "place").nonce != sealed.nonce);
    }

    void derivesAsOthersDo()
    {
        // Argon2id v1.3, 1 lane, 64 MiB, 3 passes, 32 bytes, computed with the reference implementation's command line:
        // argon2 saltsaltsaltsalt -id -v 13 -t 3 -k 65536 -p 1 -l 32 -r, standard input "password".
        KdfParameters kdf = cheap();
        std::ranges::copy(std::string_view("saltsaltsaltsalt"), kdf.salt.begin());
        const auto key = passphraseKey(SecretBytes::copyOf("password"), kdf);
        QCOMPARE(QString::fromStdString(toHexText(*key)),
                 QStringLiteral("0da38a14b42c0a97db18714d0011c5c63cec962e19202b7cdfe8ead145435e54"));
        kdf.memoryMiB = 63;
        QCOMPARE(passphraseKey(SecretBytes::copyOf("password"), kdf).error().code, ErrorCode::InvalidArgument);
    }

private:
    static std::string toHexText(const Key32 &key)
    {
        std::string text;
        for (const std::uint8_t byte : key.bytes())
            text += QString::number(byte, 16).rightJustified(2, u'0').toStdString();
        return text;
    }
};

QTEST_GUILESS_MAIN(TestVaultFilesFormat)
#include "tst_key_files_format.moc"
