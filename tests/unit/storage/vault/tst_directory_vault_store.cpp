// SPDX-License-Identifier: Apache-2.0
#include "storage/directory/vault_files.h"
#include "storage/keys/key_file.h"
#include "storage/vault/directory_vault_store.h"
#include "tests/support/disk/small_disk.h"
#include "tests/support/snapshots/snapshot_values.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

#include <cstdio>
#include <fstream>

using namespace tramontane;
using namespace tramontane::test;
using namespace tramontane::vault;
namespace fs = std::filesystem;

namespace {

constexpr const char *kPassphrase = "correct horse battery staple";

SlotSecret passphrase(const std::string &text = kPassphrase)
{
    return {SlotKind::Passphrase, std::make_shared<SecretBytes>(SecretBytes::copyOf(text))};
}

SlotSecret keychain(const std::string &bytes)
{
    return {SlotKind::Keychain, std::make_shared<SecretBytes>(SecretBytes::copyOf(bytes))};
}

VaultOptions optionsFor(const fs::path &directory)
{
    VaultOptions options{.directory = directory, .program = "tramontanectl"};
    options.networkFileSystemAllowed = [] { return true; }; // the tests' own folder may lie anywhere
    options.passphraseCost.memoryMiB = KdfParameters::kMinMemoryMiB;
    options.environment.osUser = "anna";
    return options;
}

const SystemClock kClock;

std::string contentOf(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The other process: opens the vault, says so, and stays until its input ends.
int hold(const char *directory)
{
    if (!initCrypto())
        return 2;
    DirectoryVaultStore store(optionsFor(directory), kClock);
    const auto vault = store.open(passphrase()).result();
    std::puts(vault ? "held" : std::string(errorName(vault.error().code)).c_str());
    std::fflush(stdout);
    std::getchar();
    return 0;
}

AuditEvent someEvent()
{
    AuditEvent event;
    event.event = "session.opened";
    event.outcome = Outcome::Success;
    return event;
}

} // namespace

class TestDirectoryVaultStore : public QObject {
    Q_OBJECT
public:
    explicit TestDirectoryVaultStore(bool privateMounts) : m_privateMounts(privateMounts) {}

private:
    bool m_privateMounts;
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_vault;
    std::unique_ptr<DirectoryVaultStore> m_store;

    std::shared_ptr<OpenVault> create(const SlotSecret &secret = passphrase())
    {
        const auto made = m_store->create(secret).result();
        if (!made)
            qFatal("%s %s", made.error().message.c_str(), made.error().detail.c_str());
        return *made;
    }
    QuestionToStore createWithContent()
    {
        const auto vault = create();
        const auto question = questionIn({}, {}, "marker-question");
        if (!vault->conversations().storeQuestion(question).result() || !vault->close().result())
            qFatal("no vault for the test");
        return question;
    }
    Error openingError(const SlotSecret &secret = passphrase())
    {
        const auto opened = m_store->open(secret).result();
        return opened ? Error{ErrorCode::Internal, "it opened", ""} : opened.error();
    }
    static bool isWhole(AuditLog &log)
    {
        const auto verified = log.verify({}, VerifyDepth::Usual).result();
        if (!verified)
            qWarning("%s %s", verified.error().message.c_str(), verified.error().detail.c_str());
        else if (!verified->whole())
            qWarning("%s", verified->broken.empty() ? "missing" : verified->broken.front().c_str());
        return verified && verified->whole();
    }
    /// Opens, writes records that the vault acknowledges, closes.
    void record(int count)
    {
        const auto vault = m_store->open(passphrase()).result().value();
        for (int i = 0; i < count; ++i)
            vault->conversations().acknowledge(vault->audit().append(someEvent()).result().value());
        if (!vault->close().result())
            qFatal("the vault did not close");
    }
    void useDisk(const fs::path &root)
    {
        m_vault = root / "vault";
        m_store = std::make_unique<DirectoryVaultStore>(optionsFor(m_vault), kClock);
    }

private Q_SLOTS:
    /// The old log goes on as if nothing had happened, until the head that tells has been crowded out: it must not.
    void anOlderLogIsReadButNotContinued()
    {
        QVERIFY(create()->close().result());
        record(5);
        const std::string older = contentOf(m_vault / "audit.db");
        record(3);
        std::ofstream(m_vault / "audit.db", std::ios::binary | std::ios::trunc) << older;
        for (int session = 0; session < 3; ++session) {
            const auto vault = m_store->open(passphrase()).result().value();
            for (int i = 0; i < 70; ++i)
                QCOMPARE(vault->audit().append(someEvent()).result().error().code, ErrorCode::AuditRecordsMissing);
            QCOMPARE(vault->audit().list({}).result()->size(), std::size_t(6));
            const auto verified =
                vault->audit()
                    .verify(vault->conversations().knownAuditHeads().result().value(), VerifyDepth::Usual)
                    .result()
                    .value();
            QVERIFY(verified.broken.empty());
            QCOMPARE(verified.missing, std::uint64_t(3));
            QCOMPARE(verified.missingAfter, std::uint64_t(6));
        }
    }

    void initTestCase() { QVERIFY(initCrypto()); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_vault = fs::path(m_folder->path().toStdU16String()) / u8"Zoë" / u8"Gewölbe";
        m_store = std::make_unique<DirectoryVaultStore>(optionsFor(m_vault), kClock);
    }

    void cleanup()
    {
        QThreadPool::globalInstance()->waitForDone(); // a worker may be the last owner of a vault, for a moment
    }

    void createsWhatTheFormatNames()
    {
        const auto before = *m_store->status().result();
        QVERIFY(!before.exists);
        QCOMPARE(QString::fromStdString(before.directory), m_folder->path() + QStringLiteral("/Zoë/Gewölbe"));
        const auto vault = create();
        for (const char *name : {"vault.db", "audit.db", "slots.json", "keys.json", "lock"}) {
            QVERIFY2(fs::is_regular_file(m_vault / name), name);
            QVERIFY2((fs::status(m_vault / name).permissions() & fs::perms(0777)) == fs::perms(0600), name);
        }
        for (const fs::path &folder :
             {m_vault, m_vault / "attachments", m_vault / "snapshots", m_vault / "audit-outbox"})
            QVERIFY((fs::status(folder).permissions() & fs::perms(0777)) == fs::perms(0700));
        QCOMPARE(std::distance(fs::directory_iterator(m_vault.parent_path()), fs::directory_iterator()), 1);
        for (const char *name : {"vault.db", "audit.db"})
            QVERIFY(!contentOf(m_vault / name).starts_with("SQLite format 3"));
        const auto status = *m_store->status().result();
        QVERIFY(status.exists);
        QCOMPARE(status.vaultId, vault->vaultId());
        QCOMPARE(status.formatVersion, 1);
        QCOMPARE(status.slots.size(), std::size_t(1));
        QVERIFY(status.slots[0].kind == SlotKind::Passphrase);
        QCOMPARE(QString::fromStdString(status.owner),
                 QStringLiteral("tramontanectl, process %1").arg(QCoreApplication::applicationPid()));
    }

    void keepsContentBetweenOpenings()
    {
        const auto question = createWithContent();
        for (const fs::path &file : fs::recursive_directory_iterator(m_vault)) {
            if (fs::is_regular_file(file))
                QVERIFY2(contentOf(file).find("marker-question") == std::string::npos, file.c_str());
        }
        const auto opened = m_store->open(passphrase()).result();
        QVERIFY2(opened.ok(), opened ? "" : opened.error().detail.c_str());
        QCOMPARE(plainText((*opened)->conversations().thread(question.conversation.id, {}).result()->at(0)),
                 std::string("marker-question"));
        QVERIFY((*opened)->settings().write("theme", "dark").result());
        QVERIFY((*opened)->models().list().result()->empty());
        QVERIFY((*opened)->audit().append(someEvent()).result());
        QVERIFY(isWhole((*opened)->audit()));
    }

    void keepsSnapshotsBetweenOpenings()
    {
        const auto question = createWithContent();
        const auto whose = question.conversation.id;
        const std::string state = someState(10'000);
        for (const bool first : {true, false}) {
            const auto opened = m_store->open(passphrase()).result();
            QVERIFY(opened);
            SnapshotStore &snapshots = (*opened)->snapshots();
            if (first) {
                const auto writer = snapshots.write(whose, someHeader(state.size()));
                QVERIFY(*writer->append(state).result());
                QVERIFY(writer->finish().result()->outcome == SnapshotOutcome::Stored);
            }
            const auto reader = *snapshots.read(whose, fittingExpectation()).result();
            QVERIFY(reader);
            QVERIFY(reader->next().result()->bytes == state);
            QVERIFY((*opened)->close().result());
            QCOMPARE(reader->next().result().error().code, ErrorCode::VaultLocked);
            QCOMPARE(snapshots.usage().result().error().code, ErrorCode::VaultLocked);
        }
    }

    void opensWithAKeychainSlot()
    {
        const std::string key(32, '\x11');
        QVERIFY(create(keychain(key))->close().result());
        QVERIFY(m_store->open(keychain(key)).result());
        QCOMPARE(openingError(keychain(std::string(32, '\x12'))).code, ErrorCode::WrongPassphrase);
        QCOMPARE(openingError(keychain("short")).code, ErrorCode::WrongPassphrase);
        QCOMPARE(openingError(passphrase()).code, ErrorCode::WrongPassphrase);
    }

    void addsSlots()
    {
        const std::string key(32, '\x11');
        {
            const auto vault = create();
            const auto added = vault->slots().add(keychain(key)).result();
            QVERIFY(added);
            QVERIFY(added->kind == SlotKind::Keychain);
            QVERIFY(vault->slots().add(passphrase("a second one")).result());
            QCOMPARE(vault->slots().add(passphrase("")).result().error().code, ErrorCode::InvalidArgument);
            QCOMPARE(m_store->status().result()->slots.size(), std::size_t(3));
        }
        const std::string databases = contentOf(m_vault / "vault.db") + contentOf(m_vault / "keys.json");
        for (const auto &secret : {passphrase(), passphrase("a second one"), keychain(key)})
            QVERIFY(m_store->open(secret).result());
        QVERIFY(contentOf(m_vault / "vault.db") + contentOf(m_vault / "keys.json") == databases);
    }

    void hasOneOwner()
    {
        const auto vault = create();
        const Error refused = openingError();
        QCOMPARE(refused.code, ErrorCode::VaultInUse);
        QVERIFY(refused.message.find("tramontanectl, process ") != std::string::npos);
        QVERIFY(vault->close().result());
        QVERIFY(m_store->status().result()->owner.empty());
        QVERIFY(m_store->open(passphrase()).result());
    }

    void isFreeAfterItsOwnerWasKilled()
    {
        const auto question = createWithContent();
        QProcess other;
        other.start(QCoreApplication::applicationFilePath(), {"hold", QString::fromStdString(m_vault.string())});
        QVERIFY(other.waitForReadyRead(30000));
        QCOMPARE(other.readAllStandardOutput(), QByteArray("held\n"));
        const Error refused = openingError();
        QCOMPARE(refused.code, ErrorCode::VaultInUse);
        QVERIFY(refused.message.find("process " + std::to_string(other.processId())) != std::string::npos);
        other.kill();
        QVERIFY(other.waitForFinished());
        const auto opened = m_store->open(passphrase()).result();
        QVERIFY(opened);
        QVERIFY((*opened)->conversations().find(question.conversation.id).result());
    }

    void closesForGood()
    {
        const auto vault = create();
        auto stored = vault->conversations().storeQuestion(questionIn({}, {}, "queued before"));
        QVERIFY(vault->close().result());
        QVERIFY(stored.result());
        QCOMPARE(vault->conversations().list(0, 0).result().error().code, ErrorCode::VaultLocked);
        QCOMPARE(vault->settings().write("a", "b").result().error().code, ErrorCode::VaultLocked);
        QCOMPARE(vault->models().list().result().error().code, ErrorCode::VaultLocked);
        QCOMPARE(vault->audit().append(someEvent()).result().error().code, ErrorCode::VaultLocked);
        QCOMPARE(vault->slots().add(passphrase("new one")).result().error().code, ErrorCode::VaultLocked);
        QVERIFY(vault->close().result());
        QVERIFY(!fs::exists(m_vault / "vault.db-wal"));
        QVERIFY(!fs::exists(m_vault / "audit.db-wal"));
    }

    void mayDieInAnyThread()
    {
        auto vault = create();
        auto &conversations = vault->conversations();
        QFuture<void> last =
            conversations.list(0, 0).then([vault = std::move(vault)](const auto &) mutable { vault.reset(); });
        last.waitForFinished();
        QTRY_VERIFY(m_store->status().result()->owner.empty());
        QVERIFY(m_store->open(passphrase()).result());
    }

    void neverMakesAVaultOverAnything_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name : {"vault.db", "audit.db", "slots.json", "keys.json", "notes.txt"})
            QTest::newRow(name) << name;
        QTest::newRow("a file of that name") << "";
        QTest::newRow("a dangling link") << "link";
    }
    void neverMakesAVaultOverAnything()
    {
        QFETCH(QString, name);
        fs::create_directories(name.isEmpty() ? m_vault.parent_path() : m_vault);
        if (name == "link")
            fs::create_symlink("nowhere", m_vault / "keys.json");
        else
            std::ofstream(name.isEmpty() ? m_vault : m_vault / name.toStdString()) << "x";
        const auto made = m_store->create(passphrase()).result();
        QCOMPARE(made.error().code, ErrorCode::VaultExists);
        const int files = name.isEmpty() ? 0 : 1;
        if (files)
            QCOMPARE(std::distance(fs::directory_iterator(m_vault), fs::directory_iterator()), 1);
        QCOMPARE(std::distance(fs::directory_iterator(m_vault.parent_path()), fs::directory_iterator()), 1);
        if (name.endsWith(".db") || name.endsWith(".json"))
            QVERIFY(name == "slots.json" ? m_store->status().result().error().code == ErrorCode::VaultForeign
                                         : m_store->status().result().error().code == ErrorCode::VaultDamaged);
    }

    void makesAVaultInAnEmptyFolderAndCleansUpAfterAKill()
    {
        fs::create_directories(m_vault);
        const fs::path left = m_vault.parent_path() / u8"Gewölbe.unfinished-01928f4e";
        fs::create_directories(left);
        std::ofstream(left / "vault.db") << "half";
        create();
        QVERIFY(!fs::exists(left));
    }

    void leavesNothingAfterAFailedCreation_data()
    {
        QTest::addColumn<int>("kibibytes");
        for (const int size : {8, 64, 200, 300, 400})
            QTest::addRow("%d KiB", size) << size;
    }
    void leavesNothingAfterAFailedCreation()
    {
        QFETCH(int, kibibytes);
        if (!m_privateMounts)
            QSKIP("This system allows no mounts of our own.");
        const SmallDisk disk(m_folder->path().toStdString(), std::uint64_t(kibibytes) << 10);
        QVERIFY(disk.mounted());
        useDisk(disk.path() / "above");
        const auto made = m_store->create(passphrase()).result();
        QVERIFY(!made);
        QCOMPARE(made.error().code, ErrorCode::NoSpace);
        QVERIFY(fs::is_empty(disk.path()));
    }

    void saysThatTheDiskIsReadOnly()
    {
        if (!m_privateMounts)
            QSKIP("This system allows no mounts of our own.");
        const SmallDisk disk(m_folder->path().toStdString(), 1 << 20);
        QVERIFY(disk.setReadOnly(true));
        useDisk(disk.path());
        QCOMPARE(m_store->create(passphrase()).result().error().code, ErrorCode::StorageReadOnly);
    }

    void refusesBadSecretsForANewVault()
    {
        for (const auto &secret : {passphrase(""), keychain("short"), SlotSecret{}}) {
            QCOMPARE(m_store->create(secret).result().error().code, ErrorCode::InvalidArgument);
            QVERIFY(!fs::exists(m_vault.parent_path()));
        }
    }

    void changesNothingWhenItCannotOpen_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<int>("code");
        const int damaged = int(ErrorCode::VaultDamaged);
        QTest::newRow("wrong passphrase") << "passphrase" << int(ErrorCode::WrongPassphrase);
        QTest::newRow("keychain without a slot") << "keychain" << int(ErrorCode::WrongPassphrase);
        for (const char *name : {"vault.db", "audit.db"}) {
            QTest::addRow("%s truncated", name) << QStringLiteral("truncate ") + name << damaged;
            QTest::addRow("%s empty", name) << QStringLiteral("empty ") + name << damaged;
            QTest::addRow("%s foreign", name) << QStringLiteral("foreign ") + name << damaged;
            QTest::addRow("%s missing", name) << QStringLiteral("remove ") + name << damaged;
        }
        for (const char *name : {"slots.json", "keys.json"}) {
            QTest::addRow("%s truncated", name) << QStringLiteral("truncate ") + name << int(ErrorCode::VaultForeign);
            QTest::addRow("%s empty", name) << QStringLiteral("empty ") + name << int(ErrorCode::VaultForeign);
            QTest::addRow("%s foreign", name) << QStringLiteral("foreign ") + name << int(ErrorCode::VaultForeign);
            QTest::addRow("%s missing", name) << QStringLiteral("remove ") + name << damaged;
            QTest::addRow("%s of another vault", name) << QStringLiteral("other ") + name << damaged;
        }
        QTest::newRow("vault.db of another vault") << "other vault.db" << damaged;
        QTest::newRow("audit.db of another vault") << "other audit.db" << damaged;
        QTest::newRow("databases swapped") << "swap" << damaged;
        QTest::newRow("newer schema") << "newer" << int(ErrorCode::VaultNewerSchema);
        QTest::newRow("a WAL waits") << "wal" << damaged;
        QTest::newRow("no vault") << "none" << int(ErrorCode::VaultMissing);
    }
    void changesNothingWhenItCannotOpen()
    {
        QFETCH(QString, fault);
        QFETCH(int, code);
        createWithContent();
        const fs::path file = m_vault / fault.section(' ', 1).toStdString();
        if (fault.startsWith("truncate"))
            fs::resize_file(file, fs::file_size(file) / 3);
        else if (fault.startsWith("empty"))
            fs::resize_file(file, 0);
        else if (fault.startsWith("foreign"))
            std::ofstream(file, std::ios::binary) << std::string(8192, 'f');
        else if (fault.startsWith("remove"))
            fs::remove(file);
        else if (fault.startsWith("other"))
            replaceByThatOfAnother(file);
        else if (fault == "swap")
            fs::rename(m_vault / "vault.db", m_vault / "x"), fs::rename(m_vault / "audit.db", m_vault / "vault.db"),
                fs::rename(m_vault / "x", m_vault / "audit.db");
        else if (fault == "newer")
            makeNewer();
        else if (fault == "wal")
            leaveWalAndTruncateLog();
        else if (fault == "none")
            fs::remove_all(m_vault);
        const auto before = snapshotOf(m_vault.parent_path());
        const Error error = openingError(fault == "passphrase" ? passphrase("wrong horse battery staple")
                                         : fault == "keychain" ? keychain(std::string(32, 'k'))
                                                               : passphrase());
        if (fault == "other slots.json") // opens with its own passphrase, but keys.json belongs to another vault
            QCOMPARE(error.code, ErrorCode::VaultDamaged);
        QCOMPARE(int(error.code), code);
        QVERIFY(!error.message.empty());
        QVERIFY(snapshotOf(m_vault.parent_path()) == before);
    }

    void readsOnAReadOnlyDisk()
    {
        if (!m_privateMounts)
            QSKIP("This system allows no mounts of our own.");
        const SmallDisk disk(m_folder->path().toStdString(), 8 << 20);
        useDisk(disk.path());
        createWithContent();
        QVERIFY(disk.setReadOnly(true));
        const auto before = snapshotOf(disk.path());
        {
            const auto opened = m_store->open(passphrase()).result();
            QVERIFY2(opened.ok(), opened ? "" : opened.error().detail.c_str());
            QCOMPARE((*opened)->conversations().list(0, 0).result()->size(), std::size_t(1));
            QVERIFY(isWhole((*opened)->audit()));
            QCOMPARE((*opened)->audit().append(someEvent()).result().error().code, ErrorCode::AuditUnavailable);
            QCOMPARE((*opened)->settings().write("a", "b").result().error().code, ErrorCode::StorageReadOnly);
            QCOMPARE((*opened)->slots().add(passphrase("another")).result().error().code, ErrorCode::StorageReadOnly);
            QVERIFY((*opened)->close().result());
        }
        QVERIFY(snapshotOf(disk.path()) == before);
    }

    void opensOnAFullDisk()
    {
        if (!m_privateMounts)
            QSKIP("This system allows no mounts of our own.");
        const SmallDisk disk(m_folder->path().toStdString(), 8 << 20);
        useDisk(disk.path());
        createWithContent();
        QVERIFY(disk.fill());
        const auto opened = m_store->open(passphrase()).result();
        QVERIFY2(opened.ok(), opened ? "" : opened.error().detail.c_str());
        QCOMPARE((*opened)->conversations().search({.text = "marker-question"}).result()->hits.size(), std::size_t(1));
        QCOMPARE((*opened)->audit().append(someEvent()).result().error().code, ErrorCode::AuditUnavailable);
        const auto slots = contentOf(m_vault / "slots.json");
        QCOMPARE((*opened)->slots().add(passphrase("another")).result().error().code, ErrorCode::NoSpace);
        QVERIFY(contentOf(m_vault / "slots.json") == slots);
        QVERIFY(disk.makeRoom());
        QVERIFY((*opened)->conversations().storeQuestion(questionIn({}, {}, "q")).result());
        QVERIFY((*opened)->audit().append(someEvent()).result());
        QVERIFY((*opened)->close().result());
    }

    void readsWhileTheLogIsLockedByAnother()
    {
        const auto question = createWithContent();
        const VaultFiles files(m_vault);
        const auto slots = files.readSlots();
        const auto keys = readKeyFile(*files.readKeys(), slots->vaultId, *openMaster(*slots, passphrase()));
        auto foreign = sqlite::Connection::open(files.auditDatabase, keys->audit, {});
        QVERIFY(foreign);
        const auto opened = m_store->open(passphrase()).result();
        QVERIFY2(opened.ok(), opened ? "" : opened.error().detail.c_str());
        QVERIFY((*opened)->conversations().thread(question.conversation.id, {}).result());
        const auto refused = (*opened)->audit().append(someEvent()).result();
        QCOMPARE(refused.error().code, ErrorCode::AuditUnavailable);
        QVERIFY(refused.error().message.find("locked") != std::string::npos);
        QVERIFY((*foreign)->close());
        QVERIFY((*opened)->audit().append(someEvent()).result());
        QVERIFY((*opened)->close().result());
    }

    void saysThatAnotherHoldsTheDatabase()
    {
        createWithContent();
        const VaultFiles files(m_vault);
        const auto slots = files.readSlots();
        const auto keys = readKeyFile(*files.readKeys(), slots->vaultId, *openMaster(*slots, passphrase()));
        auto foreign = sqlite::Connection::open(files.vaultDatabase, keys->vault, {});
        QVERIFY(foreign);
        QCOMPARE(openingError().code, ErrorCode::StorageBusy);
    }

    void opensTheStoredVaultOfFormat1()
    {
        fs::create_directories(m_vault.parent_path());
        fs::copy(fs::path(TRAMONTANE_SOURCE_DIR) / "tests/data/vaults/format-1", m_vault, fs::copy_options::recursive);
        const auto opened = m_store->open(passphrase()).result();
        QVERIFY2(opened.ok(), opened ? "" : opened.error().detail.c_str());
        QCOMPARE((*opened)->conversations().search({.text = "mistral"}).result()->hits.size(), std::size_t(1));
        const auto list = *(*opened)->conversations().list(0, 0).result();
        QCOMPARE(list.size(), std::size_t(1));
        QCOMPARE((*opened)->conversations().thread(list[0].id, {}).result()->size(), std::size_t(2));
        QCOMPARE(*(*opened)->settings().read("theme").result(), std::string("dark"));
        QVERIFY(isWhole((*opened)->audit()));
    }

private:
    void replaceByThatOfAnother(const fs::path &file)
    {
        DirectoryVaultStore other(optionsFor(m_vault.parent_path() / "other"), kClock);
        QVERIFY((*other.create(passphrase()).result())->close().result());
        fs::copy_file(m_vault.parent_path() / "other" / file.filename(), file, fs::copy_options::overwrite_existing);
    }
    /// As a newer program would leave it.
    void makeNewer()
    {
        const VaultFiles files(m_vault);
        const auto slots = files.readSlots();
        const auto keys = readKeyFile(*files.readKeys(), slots->vaultId, *openMaster(*slots, passphrase()));
        auto connection = sqlite::Connection::open(files.vaultDatabase, keys->vault, {});
        QVERIFY((*connection)->execute("PRAGMA user_version = 99"));
        QVERIFY((*connection)->close());
    }
    /// vault.db as after a crash, with its last changes in the WAL, beside a log that cannot be opened.
    void leaveWalAndTruncateLog()
    {
        const auto opened = m_store->open(passphrase()).result();
        QVERIFY((*opened)->conversations().storeQuestion(questionIn({}, {}, "late")).result());
        for (const char *name : {"vault.db", "vault.db-wal"})
            fs::copy_file(m_vault / name, m_vault.parent_path() / name);
        QVERIFY((*opened)->close().result());
        for (const char *name : {"vault.db", "vault.db-wal"}) {
            fs::remove(m_vault / name);
            fs::rename(m_vault.parent_path() / name, m_vault / name);
        }
        fs::resize_file(m_vault / "audit.db", 4096);
    }
};

int main(int argc, char **argv)
{
    const bool privateMounts = enterPrivateMounts();
    QCoreApplication application(argc, argv);
    if (argc == 3 && std::string_view(argv[1]) == "hold")
        return hold(argv[2]);
    TestDirectoryVaultStore test(privateMounts);
    return QTest::qExec(&test, argc, argv);
}
#include "tst_directory_vault_store.moc"
