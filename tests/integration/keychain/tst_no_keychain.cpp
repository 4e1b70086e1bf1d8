// SPDX-License-Identifier: Apache-2.0
// K5: no keychain at all. A passphrase is asked for, policy can insist on the keychain, and no key lies anywhere: not in a
// file, not in a setting, not in the environment, not on a command line; neither raw nor as hexadecimal nor as base64.
#include "app/platform/keychain/keychain.h"
#include "app/services/vault_service.h"
#include "storage/directory/vault_files.h"
#include "storage/keys/key_file.h"
#include "storage/keys/slot_file.h"
#include "storage/keys/slot_key.h"
#include "storage/vault/directory_vault_store.h"
#include "tests/support/fakes/await.h"
#include "tests/support/fakes/fake_policy_source.h"

#include <QDir>
#include <QDirIterator>
#include <QProcessEnvironment>
#include <QSettings>
#include <QTemporaryDir>

#include <filesystem>

using namespace tramontane;
using namespace tramontane::test;
namespace fs = std::filesystem;

namespace {

constexpr auto kPassphrase = "correct horse";
const SystemClock kClock;

std::shared_ptr<SecretBytes> passphrase()
{
    return std::make_shared<SecretBytes>(SecretBytes::copyOf(std::string_view(kPassphrase)));
}

/// A key in the forms in which it might be left somewhere.
QList<QByteArray> formsOf(const Key32 &key)
{
    const QByteArray raw(reinterpret_cast<const char *>(key.bytes().data()), Key32::kSize);
    const QByteArray hex = raw.toHex();
    // Base64 of something that begins earlier shows the middle of the key only, in three phases.
    QList<QByteArray> forms{raw, hex, hex.toUpper(), raw.toBase64(QByteArray::Base64UrlEncoding)};
    for (int phase = 0; phase < 3; ++phase)
        forms << (QByteArray(phase, 'x') + raw).toBase64().mid(phase == 0 ? 0 : 4, 36);
    return forms;
}

/// Everything that others could read of this program and its files.
QMap<QString, QByteArray> whatLiesAround(const QString &folder)
{
    QMap<QString, QByteArray> found;
    const auto take = [&found](const QString &path) {
        QFile file(path);
        if (file.open(QFile::ReadOnly))
            found[path] = file.readAll();
    };
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext())
        take(files.next());
    for (const QString &process : QDir("/proc").entryList({"[0-9]*"}, QDir::Dirs))
        take("/proc/" + process + "/cmdline");
    take("/proc/self/environ");
    found["the environment now"] = QProcessEnvironment::systemEnvironment().toStringList().join('\n').toUtf8();
    return found;
}

QStringList hits(const QString &folder, const std::vector<Key32> &keys)
{
    QStringList places;
    const auto around = whatLiesAround(folder);
    for (auto place = around.begin(); place != around.end(); ++place) {
        for (const Key32 &key : keys) {
            for (const QByteArray &form : formsOf(key)) {
                if (place->contains(form))
                    places << place.key();
            }
        }
    }
    return places;
}

} // namespace

class TestNoKeychain : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    fs::path m_vault;

    [[nodiscard]] vault::VaultOptions options() const
    {
        vault::VaultOptions options{.directory = m_vault, .program = "tst_no_keychain"};
        options.networkFileSystemAllowed = [] { return true; }; // the tests' own folder may lie anywhere
        options.passphraseCost.memoryMiB = vault::KdfParameters::kMinMemoryMiB;
        return options;
    }
    /// Every key of the vault, from its files.
    [[nodiscard]] std::vector<Key32> keys() const
    {
        const vault::VaultFiles files(m_vault);
        const auto slots = *files.readSlots();
        const SlotSecret secret{SlotKind::Passphrase, passphrase()};
        auto master = *vault::openMaster(slots, secret);
        auto data = *vault::readKeyFile(*files.readKeys(), slots.vaultId, master);
        std::vector<Key32> all;
        all.push_back(*vault::slotKey(slots.vaultId, slots.slots.front(), secret)); // the key-encrypting key
        all.push_back(master.whole()->clone());
        all.push_back(master.reading().clone());
        all.push_back(std::move(*data.signingSeed));
        for (Key32 *key : {&data.vault, &data.audit, &data.attachments, &data.snapshots})
            all.push_back(std::move(*key));
        return all;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(initCrypto().ok());
        for (const char *name :
             {"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "TMPDIR"}) {
            const QString folder = m_folder.filePath(name);
            QVERIFY(QDir().mkpath(folder));
            qputenv(name, folder.toLocal8Bit());
        }
        m_vault = fs::path(m_folder.filePath("HOME").toStdString()) / "vault";
    }

    void policyCanInsistOnTheKeychain()
    {
        FakePolicySource policy;
        policy.setManaged(R"({"id": "test", "version": 1, "values": {"vault.slots": ["keychain"]}})");
        vault::DirectoryVaultStore store(options(), kClock);
        Keychain keychain("tramontane-test");
        VaultService service(store, keychain, policy);
        const auto made = await(service.createWithKeychain(), 60'000);
        QCOMPARE(made.error().code, ErrorCode::KeychainUnavailable);
        QVERIFY2(made.error().message.find("vault.slots") != std::string::npos, made.error().message.c_str());
        QCOMPARE(await(service.createWithPassphrase(passphrase())).error().code, ErrorCode::PolicyDenied);
        QVERIFY(!fs::exists(m_vault));
    }

    void noKeyLiesAnywhere()
    {
        FakePolicySource policy;
        vault::DirectoryVaultStore store(options(), kClock);
        Keychain keychain("tramontane-test");
        VaultService service(store, keychain, policy);
        QCOMPARE(await(service.createWithKeychain(), 60'000).error().code, ErrorCode::KeychainUnavailable);
        QVERIFY(!fs::exists(m_vault)); // the person is asked for a passphrase, and nothing was made meanwhile
        const auto vault = await(service.createWithPassphrase(passphrase()), 60'000);
        QVERIFY(vault.ok());
        QVERIFY((*vault)->settings().write("theme", "dark").result());
        const std::vector<Key32> all = keys();
        QCOMPARE(all.size(), std::size_t(8));
        QCOMPARE(hits(m_folder.path(), all), QStringList()); // while it is open
        QVERIFY((*vault)->close().result());
        QCOMPARE(hits(m_folder.path(), all), QStringList());
        QCOMPARE(await(service.unlockWithKeychain(), 60'000).error().code, ErrorCode::KeychainUnavailable);
        QVERIFY(await(service.unlockWithPassphrase(passphrase()), 60'000).ok());
        QCOMPARE(hits(m_folder.path(), all), QStringList());
    }

    /// The search itself: it finds each form where a careless program would have left it.
    void theSearchFindsWhatIsThere()
    {
        std::vector<Key32> key;
        key.push_back(Key32::random());
        const QByteArray raw(reinterpret_cast<const char *>(key[0].bytes().data()), Key32::kSize);
        QCOMPARE(hits(m_folder.path(), key), QStringList());
        for (const QByteArray &left : {raw, "key=" + raw.toHex(), "{\"k\":\"" + raw.toBase64() + "\"}",
                                       ("v1:" + raw).toBase64(), ("v10:" + raw).toBase64(), ("a:" + raw).toBase64()}) {
            QFile file(m_folder.filePath("HOME/.left"));
            QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate) && file.write(left) == left.size());
            file.close();
            QVERIFY2(!hits(m_folder.path(), key).isEmpty(), left.toPercentEncoding().constData());
            QVERIFY(file.remove());
        }
        {
            QSettings settings("tramontane", "left");
            settings.setValue("key", QString::fromLatin1(raw.toHex()));
        }
        QVERIFY(!hits(m_folder.path(), key).isEmpty());
        QFile::remove(QSettings("tramontane", "left").fileName());
        qputenv("TRAMONTANE_LEFT", raw.toBase64());
        QVERIFY(!hits(m_folder.path(), key).isEmpty());
        qunsetenv("TRAMONTANE_LEFT");
        QCOMPARE(hits(m_folder.path(), key), QStringList());
    }
};

QTEST_GUILESS_MAIN(TestNoKeychain)
#include "tst_no_keychain.moc"
