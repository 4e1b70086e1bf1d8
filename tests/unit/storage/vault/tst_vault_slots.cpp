// SPDX-License-Identifier: Apache-2.0
// The slots of a vault on disk: what each opens, what a change touches, and what is left when it is killed half-way.
// Environment: TRAMONTANE_ROTATIONS, TRAMONTANE_SLOT_KILLS (./dev torture runs the full counts).
#include "app/core/recovery_code.h"
#include "app/services/organisation_key_file.h"
#include "storage/directory/vault_files.h"
#include "storage/keys/key_file.h"
#include "storage/vault/directory_vault_store.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>

using namespace tramontane;
using namespace tramontane::test;
using namespace tramontane::vault;
namespace fs = std::filesystem;

namespace {

constexpr const char *kPassphrase = "correct horse battery staple";
const SystemClock kClock;

SlotSecret secretOf(SlotKind kind, std::string_view bytes)
{
    return {kind, std::make_shared<SecretBytes>(SecretBytes::copyOf(bytes))};
}

SlotSecret passphrase(const std::string &text = kPassphrase)
{
    return secretOf(SlotKind::Passphrase, text);
}

VaultOptions optionsFor(const fs::path &directory)
{
    VaultOptions options{.directory = directory, .program = "tramontanectl"};
    options.networkFileSystemAllowed = [] { return true; }; // the tests' own folder may lie anywhere
    options.passphraseCost.memoryMiB = KdfParameters::kMinMemoryMiB;
    return options;
}

std::string contentOf(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

int fileVersion(const fs::path &path)
{
    return nlohmann::json::parse(contentOf(path))["version"].get<int>();
}

AuditEvent someEvent()
{
    AuditEvent event;
    event.event = "session.opened";
    event.outcome = Outcome::Success;
    return event;
}

OrganisationKey organisationOf(const OrganisationKeyPair &pair)
{
    return {pair.publicKey, "Klinik Nord"};
}

int countFrom(const char *variable, int usual)
{
    const int count = qEnvironmentVariableIntValue(variable);
    return count > 0 ? count : usual;
}

/// The other process: opens the vault, says so, and seals it to an organisation: keys.json first, then slots.json.
int seal(const char *directory)
{
    if (!initCrypto())
        return 2;
    DirectoryVaultStore store(optionsFor(directory), kClock);
    const auto vault = store.open(passphrase()).result();
    std::puts(vault ? "open" : "not open");
    std::fflush(stdout);
    if (!vault)
        return 1;
    const auto pair = makeOrganisationKeyPair();
    const bool sealed = (*vault)->slots().addOrganisation(organisationOf(pair)).result().ok();
    std::puts("done");
    std::fflush(stdout);
    return sealed ? 0 : 1;
}

} // namespace

class TestVaultSlots : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_vault;
    std::unique_ptr<DirectoryVaultStore> m_store;

    std::shared_ptr<OpenVault> open(const SlotSecret &secret = passphrase())
    {
        const auto opened = m_store->open(secret).result();
        if (!opened)
            qFatal("%s %s", opened.error().message.c_str(), opened.error().detail.c_str());
        return *opened;
    }
    std::shared_ptr<OpenVault> create()
    {
        const auto made = m_store->create(passphrase()).result();
        if (!made || !(*made)->conversations().storeQuestion(questionIn({}, {}, "marker-question")).result())
            qFatal("no vault for the test");
        return *made;
    }
    ErrorCode refusal(const SlotSecret &secret) const
    {
        const auto opened = m_store->open(secret).result();
        return opened ? ErrorCode::Internal : opened.error().code;
    }
    void useStoredVaultOfFormat1()
    {
        fs::create_directories(m_vault.parent_path());
        fs::copy(fs::path(TRAMONTANE_SOURCE_DIR) / "tests/data/vaults/format-1", m_vault, fs::copy_options::recursive);
        QCOMPARE(fileVersion(m_vault / "keys.json"), 1);
        QCOMPARE(fileVersion(m_vault / "slots.json"), 1);
    }
    [[nodiscard]] std::string databases() const
    {
        return contentOf(m_vault / "vault.db") + contentOf(m_vault / "audit.db") + contentOf(m_vault / "vault.db-wal")
               + contentOf(m_vault / "audit.db-wal");
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_vault = fs::path(m_folder->path().toStdString()) / "above" / "vault";
        m_store = std::make_unique<DirectoryVaultStore>(optionsFor(m_vault), kClock);
    }
    void cleanup() { m_store.reset(); }

    void everyKindOpens()
    {
        const std::string key(32, '\x11');
        const RecoveryCode code = RecoveryCode::random();
        const OrganisationKeyPair pair = makeOrganisationKeyPair();
        const std::vector<SlotSecret> secrets{passphrase(),
                                              passphrase("a second one"),
                                              secretOf(SlotKind::Keychain, key),
                                              {SlotKind::Recovery, code.bytes()},
                                              {SlotKind::Organisation, pair.privateKey}};
        std::vector<SlotInfo> slots;
        {
            const auto vault = create();
            for (std::size_t i = 1; i < 4; ++i)
                QVERIFY(vault->slots().add(secrets[i]).result());
            const auto sealed = vault->slots().addOrganisation(organisationOf(pair)).result();
            QVERIFY(sealed);
            QCOMPARE(sealed->fingerprint, organisationFingerprint(pair.publicKey));
            slots = *vault->slots().list().result();
            QCOMPARE(slots.size(), secrets.size());
            for (std::size_t i = 0; i < secrets.size(); ++i)
                QVERIFY(*vault->slots().find(secrets[i]).result() == slots[i]);
            QCOMPARE(vault->slots().find(passphrase("wrong")).result().error().code, ErrorCode::WrongPassphrase);
            QVERIFY(vault->slots().openedWith() == slots[0]);
        }
        for (std::size_t i = 0; i < secrets.size(); ++i) {
            const auto vault = open(secrets[i]);
            QVERIFY(vault->slots().openedWith() == slots[i]);
            QCOMPARE(vault->conversations().search({.text = "marker-question", .limit = 5}).result()->hits.size(),
                     std::size_t(1));
        }
        QVERIFY(m_store->status().result()->slots == slots);
    }

    void theOrganisationReadsAndNothingElse()
    {
        const OrganisationKeyPair pair = makeOrganisationKeyPair();
        {
            const auto vault = create();
            QVERIFY(vault->audit().append(someEvent()).result());
            QVERIFY(vault->slots().addOrganisation(organisationOf(pair)).result());
        }
        const std::string slots = contentOf(m_vault / "slots.json") + contentOf(m_vault / "keys.json");
        const std::string log = contentOf(m_vault / "audit.db");
        {
            const auto vault = open({SlotKind::Organisation, pair.privateKey});
            QCOMPARE(vault->conversations().search({.text = "marker-question", .limit = 5}).result()->hits.size(),
                     std::size_t(1));
            QCOMPARE(vault->audit().list({}).result()->size(), std::size_t(2));
            const auto verified = vault->audit().verify({}, VerifyDepth::Full).result();
            QVERIFY(verified && verified->whole());
            QCOMPARE(verified->records, std::uint64_t(2));
            QVERIFY(vault->audit().head().result());
            for (const ErrorCode code : {vault->audit().append(someEvent()).result().error().code,
                                         vault->audit().checkpoint().result().error().code,
                                         vault->audit().acceptGap({}).result().error().code})
                QCOMPARE(code, ErrorCode::AuditUnavailable);
            QVERIFY(vault->audit().append(someEvent()).result().error().message.find("organisation")
                    != std::string::npos);
            const std::string id = vault->slots().list().result()->front().id;
            for (const ErrorCode code :
                 {vault->slots().add(passphrase("another one")).result().error().code,
                  vault->slots().addOrganisation(organisationOf(makeOrganisationKeyPair())).result().error().code,
                  vault->slots().replace(id, passphrase("another one")).result().error().code,
                  vault->slots().remove(id).result().error().code})
                QCOMPARE(code, ErrorCode::VaultReadOnly);
            QVERIFY(vault->close().result());
        }
        QVERIFY(contentOf(m_vault / "slots.json") + contentOf(m_vault / "keys.json") == slots);
        QVERIFY(contentOf(m_vault / "audit.db") == log);
        QVERIFY(open()->audit().append(someEvent()).result());
    }

    void theLastUsableSlotStays()
    {
        const OrganisationKeyPair pair = makeOrganisationKeyPair();
        const auto vault = create();
        QVERIFY(vault->slots().addOrganisation(organisationOf(pair)).result());
        const auto slots = *vault->slots().list().result();
        const std::string before = contentOf(m_vault / "slots.json");
        QCOMPARE(vault->slots().remove(slots[0].id).result().error().code, ErrorCode::InvalidArgument);
        QCOMPARE(vault->slots().remove("unknown").result().error().code, ErrorCode::NotFound);
        QCOMPARE(vault->slots().replace("unknown", passphrase("new")).result().error().code, ErrorCode::NotFound);
        QCOMPARE(vault->slots().replace(slots[1].id, passphrase("new")).result().error().code,
                 ErrorCode::InvalidArgument);
        QVERIFY(contentOf(m_vault / "slots.json") == before);
        QVERIFY(vault->slots().remove(slots[1].id).result());
        QVERIFY(vault->close().result());
        QCOMPARE(refusal({SlotKind::Organisation, pair.privateKey}), ErrorCode::WrongPassphrase);
        QVERIFY(open());
    }

    void replacesInOneStep()
    {
        {
            const auto vault = create();
            const auto old = vault->slots().openedWith();
            const auto made = vault->slots().replace(old.id, passphrase("a new one")).result();
            QVERIFY(made);
            QVERIFY(made->id != old.id);
            QCOMPARE(vault->slots().replace(made->id, passphrase("")).result().error().code,
                     ErrorCode::InvalidArgument);
        }
        QCOMPARE(refusal(passphrase()), ErrorCode::WrongPassphrase);
        QVERIFY(open(passphrase("a new one")));
    }

    void hasRoomForEight()
    {
        const auto vault = create();
        for (std::size_t i = 1; i < kMaxSlots; ++i)
            QVERIFY(vault->slots().add({SlotKind::Recovery, RecoveryCode::random().bytes()}).result());
        const RecoveryCode code = RecoveryCode::random();
        QCOMPARE(vault->slots().add({SlotKind::Recovery, code.bytes()}).result().error().code,
                 ErrorCode::InvalidArgument);
        QCOMPARE(vault->slots().addOrganisation(organisationOf(makeOrganisationKeyPair())).result().error().code,
                 ErrorCode::InvalidArgument);
        const auto last = vault->slots().list().result()->back();
        QVERIFY(vault->slots().replace(last.id, {SlotKind::Recovery, code.bytes()}).result());
        QCOMPARE(vault->slots().list().result()->size(), kMaxSlots);
    }

    void aClosedVaultChangesNothing()
    {
        const auto vault = create();
        QVERIFY(vault->close().result());
        const std::string before = contentOf(m_vault / "slots.json");
        for (const ErrorCode code :
             {vault->slots().list().result().error().code, vault->slots().find(passphrase()).result().error().code,
              vault->slots().add(passphrase("another one")).result().error().code,
              vault->slots().remove(vault->slots().openedWith().id).result().error().code})
            QCOMPARE(code, ErrorCode::VaultLocked);
        QVERIFY(contentOf(m_vault / "slots.json") == before);
    }

    void aFileThatCannotBeWrittenStaysAsItWas()
    {
        const auto vault = create();
        const std::string before = contentOf(m_vault / "slots.json");
        fs::create_directories(m_vault / "slots.json.new" / "in the way");
        QVERIFY(!vault->slots().add(passphrase("another one")).result());
        QVERIFY(!vault->slots().replace(vault->slots().openedWith().id, passphrase("another one")).result());
        QVERIFY(contentOf(m_vault / "slots.json") == before);
        fs::remove_all(m_vault / "slots.json.new");
        QVERIFY(vault->slots().add(passphrase("another one")).result());
    }

    /// The file that somebody damaged is not written over with what was in memory.
    void aDamagedFileIsLeftAlone()
    {
        const auto vault = create();
        std::ofstream(m_vault / "slots.json", std::ios::trunc) << "{}";
        QCOMPARE(vault->slots().add(passphrase("another one")).result().error().code, ErrorCode::VaultForeign);
        QCOMPARE(contentOf(m_vault / "slots.json"), std::string("{}"));
        fs::remove(m_vault / "slots.json");
        QCOMPARE(vault->slots().add(passphrase("another one")).result().error().code, ErrorCode::VaultDamaged);
        QVERIFY(!fs::exists(m_vault / "slots.json"));
    }

    void measuresTheCostOfNewPassphrases()
    {
        VaultOptions options = optionsFor(m_vault);
        int measured = 0;
        options.measureCost = [&]() -> Result<KdfParameters> {
            ++measured;
            return KdfParameters{.memoryMiB = 65, .passes = 4};
        };
        m_store = std::make_unique<DirectoryVaultStore>(options, kClock);
        {
            const auto vault = create();
            QCOMPARE(measured, 1);
            QVERIFY(vault->slots().add({SlotKind::Recovery, RecoveryCode::random().bytes()}).result());
            QCOMPARE(measured, 1); // a code has chance enough
            QVERIFY(vault->slots().add(passphrase("another one")).result());
            QCOMPARE(measured, 2);
        }
        const auto file = VaultFiles(m_vault).readSlots();
        QCOMPARE(file->slots[0].kdf->memoryMiB, 65);
        QCOMPARE(file->slots[2].kdf->passes, 4);
        QVERIFY(file->slots[0].kdf->salt != file->slots[2].kdf->salt);
        options.measureCost = [] { return Result<KdfParameters>(Error{ErrorCode::Internal, "no memory", {}}); };
        m_store = std::make_unique<DirectoryVaultStore>(options, kClock);
        const auto vault = open(passphrase("another one"));
        QCOMPARE(vault->slots().add(passphrase("a third one")).result().error().code, ErrorCode::Internal);
        QCOMPARE(vault->slots().list().result()->size(), std::size_t(3));
    }

    void aVaultOfVersion1IsReadAsItIs()
    {
        useStoredVaultOfFormat1();
        QVERIFY(open()->close().result());
        QCOMPARE(fileVersion(m_vault / "keys.json"), 1);
        QCOMPARE(fileVersion(m_vault / "slots.json"), 1);
    }

    void theFirstChangeUpgradesVersion1()
    {
        useStoredVaultOfFormat1();
        const OrganisationKeyPair pair = makeOrganisationKeyPair();
        {
            const auto vault = open();
            const std::string keys = contentOf(m_vault / "keys.json");
            QCOMPARE(vault->slots().remove("unknown").result().error().code, ErrorCode::NotFound);
            QVERIFY(contentOf(m_vault / "keys.json") == keys); // a refused change changes nothing
            QVERIFY(vault->slots().addOrganisation(organisationOf(pair)).result());
        }
        QCOMPARE(fileVersion(m_vault / "keys.json"), 2);
        QCOMPARE(fileVersion(m_vault / "slots.json"), 2);
        const std::string keys = contentOf(m_vault / "keys.json");
        QVERIFY(open()->slots().add({SlotKind::Recovery, RecoveryCode::random().bytes()}).result());
        QVERIFY(contentOf(m_vault / "keys.json") == keys); // once
        const auto theirs = open({SlotKind::Organisation, pair.privateKey});
        QCOMPARE(theirs->conversations().search({.text = "mistral", .limit = 5}).result()->hits.size(), std::size_t(1));
        QVERIFY(theirs->audit().verify({}, VerifyDepth::Full).result()->whole());
    }

    /// Killed between the two files: the new keys.json beside the old slots.json.
    void opensBetweenTheTwoFiles()
    {
        useStoredVaultOfFormat1();
        const std::string oldSlots = contentOf(m_vault / "slots.json");
        QVERIFY(open()->slots().addOrganisation(organisationOf(makeOrganisationKeyPair())).result());
        std::ofstream(m_vault / "slots.json", std::ios::binary | std::ios::trunc) << oldSlots;
        QCOMPARE(fileVersion(m_vault / "keys.json"), 2);
        {
            const auto vault = open();
            QCOMPARE(vault->conversations().search({.text = "mistral", .limit = 5}).result()->hits.size(),
                     std::size_t(1));
            QVERIFY(vault->audit().append(someEvent()).result());
            QVERIFY(vault->slots().addOrganisation(organisationOf(makeOrganisationKeyPair())).result());
        }
        QVERIFY(open()->audit().verify({}, VerifyDepth::Full).result()->whole());
    }

    void killedAtAnyMomentItOpens()
    {
        const int kills = countFrom("TRAMONTANE_SLOT_KILLS", 6);
        int before = 0;
        int between = 0;
        int after = 0;
        for (int i = 0; i < kills; ++i) {
            fs::remove_all(m_vault);
            useStoredVaultOfFormat1();
            QProcess other;
            other.start(QCoreApplication::applicationFilePath(), {"seal", QString::fromStdString(m_vault.string())});
            QVERIFY(other.waitForReadyRead(30'000));
            QTest::qSleep(QRandomGenerator::global()->bounded(30));
            other.kill();
            QVERIFY(other.waitForFinished());
            const int keys = fileVersion(m_vault / "keys.json");
            const int slots = fileVersion(m_vault / "slots.json");
            QVERIFY2(slots == 1 || keys == 2, "the slots were written before the keys");
            (slots == 2 ? after : keys == 2 ? between : before) += 1;
            const auto vault = open();
            QCOMPARE(vault->conversations().search({.text = "mistral", .limit = 5}).result()->hits.size(),
                     std::size_t(1));
            QVERIFY(vault->audit().append(someEvent()).result());
        }
        qInfo("killed %d times: before %d, between %d, after %d", kills, before, between, after);
    }

    /// K8: replacing the key of a slot never touches a database or keys.json.
    void keyEncryptingKeysRotate()
    {
        const int rotations = countFrom("TRAMONTANE_ROTATIONS", 25);
        const auto vault = create();
        std::string key(32, '\x11');
        std::string id = vault->slots().add(secretOf(SlotKind::Keychain, key)).result()->id;
        const std::string keys = contentOf(m_vault / "keys.json");
        const std::string data = databases();
        std::vector<double> took;
        for (int i = 0; i < rotations; ++i) {
            key.replace(0, 4, std::string(reinterpret_cast<const char *>(&i), 4));
            QElapsedTimer timer;
            timer.start();
            const auto made = vault->slots().replace(id, secretOf(SlotKind::Keychain, key)).result();
            took.push_back(double(timer.nsecsElapsed()) / 1e6);
            QVERIFY(made);
            id = made->id;
        }
        QVERIFY(databases() == data);
        QVERIFY(contentOf(m_vault / "keys.json") == keys);
        QCOMPARE(vault->slots().list().result()->size(), std::size_t(2));
        QVERIFY(vault->close().result());
        QVERIFY(open(secretOf(SlotKind::Keychain, key)));
        std::sort(took.begin(), took.end());
        qInfo("%d rotations: median %.2f ms, 99 %% %.2f ms, longest %.2f ms", rotations, took[took.size() / 2],
              took[took.size() * 99 / 100], took.back());
    }
};

int main(int argc, char **argv)
{
    if (argc == 3 && std::string_view(argv[1]) == "seal") {
        QCoreApplication application(argc, argv);
        return seal(argv[2]);
    }
    QCoreApplication application(argc, argv);
    TestVaultSlots test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_vault_slots.moc"
