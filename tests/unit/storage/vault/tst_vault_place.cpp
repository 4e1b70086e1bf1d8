// SPDX-License-Identifier: Apache-2.0
// Where a vault may lie, and how it leaves its place again.
#include "storage/vault/directory_vault_store.h"
#include "tests/support/disk/small_disk.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

using namespace tramontane;
using namespace tramontane::test;
using namespace tramontane::vault;
namespace fs = std::filesystem;

namespace {

const SystemClock kClock;

SlotSecret passphrase()
{
    const std::string text = "correct horse battery staple";
    return {SlotKind::Passphrase, std::make_shared<SecretBytes>(SecretBytes::copyOf(text))};
}

VaultOptions optionsFor(const fs::path &directory)
{
    VaultOptions options{.directory = directory, .program = "tramontanectl"};
    options.networkFileSystemAllowed = [] { return true; }; // the tests' own folder may lie anywhere
    options.passphraseCost.memoryMiB = KdfParameters::kMinMemoryMiB;
    return options;
}

} // namespace

class TestVaultPlace : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_vault;
    std::unique_ptr<DirectoryVaultStore> m_store;

    std::shared_ptr<OpenVault> create()
    {
        const auto made = m_store->create(passphrase()).result();
        if (!made)
            qFatal("%s %s", made.error().message.c_str(), made.error().detail.c_str());
        return *made;
    }
    void createWithContent()
    {
        const auto vault = create();
        if (!vault->conversations().storeQuestion(questionIn({}, {}, "question")).result() || !vault->close().result())
            qFatal("no vault for the test");
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_vault = fs::path(m_folder->path().toStdString()) / "above" / "vault";
        m_store = std::make_unique<DirectoryVaultStore>(optionsFor(m_vault), kClock);
    }
    void cleanup()
    {
        QThreadPool::globalInstance()->waitForDone(); // a worker may be the last owner of a vault, for a moment
    }

    void refusesNetworks_data()
    {
        QTest::addColumn<bool>("network");
        QTest::addColumn<bool>("allowed");
        QTest::newRow("this machine") << false << false;
        QTest::newRow("this machine, networks allowed") << false << true;
        QTest::newRow("network") << true << false;
        QTest::newRow("network, allowed") << true << true;
    }
    void refusesNetworks()
    {
        QFETCH(bool, network);
        QFETCH(bool, allowed);
        auto options = optionsFor(m_vault);
        options.networkFileSystemAllowed = [allowed] { return allowed; };
        options.isNetworkFileSystem = [network, this](const fs::path &path) -> Result<bool> {
            return path == m_vault ? network : !network;
        };
        DirectoryVaultStore store(options, kClock);
        const bool refused = network && !allowed;
        const auto made = store.create(passphrase()).result();
        QCOMPARE(made.ok(), !refused);
        if (made)
            QVERIFY((*made)->close().result());
        else
            QCOMPARE(made.error().code, ErrorCode::NetworkFileSystem);
        QCOMPARE(fs::exists(m_vault.parent_path()), !refused);
        if (refused)
            createWithContent();
        const auto before = snapshotOf(m_vault.parent_path());
        const auto opened = store.open(passphrase()).result();
        QCOMPARE(opened.ok(), !refused);
        if (refused) {
            QCOMPARE(opened.error().code, ErrorCode::NetworkFileSystem);
            QVERIFY(snapshotOf(m_vault.parent_path()) == before);
        }
    }

    void refusesAFileSystemThatCannotBeExamined()
    {
        auto options = optionsFor(m_vault);
        options.networkFileSystemAllowed = nullptr;
        options.isNetworkFileSystem = [](const fs::path &) -> Result<bool> {
            return Error{ErrorCode::IoFailed, "no answer", {}};
        };
        DirectoryVaultStore store(options, kClock);
        QCOMPARE(store.create(passphrase()).result().error().code, ErrorCode::IoFailed);
        createWithContent();
        QCOMPARE(store.open(passphrase()).result().error().code, ErrorCode::IoFailed);
    }

    void refusesALinkInItsPlace_data()
    {
        QTest::addColumn<bool>("dangling");
        QTest::newRow("to an empty folder") << false;
        QTest::newRow("to nothing") << true;
    }
    void refusesALinkInItsPlace()
    {
        QFETCH(bool, dangling);
        const fs::path target = m_folder->path().toStdString() + "/target";
        if (!dangling)
            fs::create_directories(target);
        fs::create_directories(m_vault.parent_path());
        fs::create_directory_symlink(target, m_vault);
        const auto made = m_store->create(passphrase()).result();
        QVERIFY(!made);
        QCOMPARE(made.error().code, ErrorCode::VaultExists);
        QVERIFY2(made.error().message.starts_with("There is a symbolic link"), made.error().message.c_str());
        QVERIFY(fs::is_symlink(m_vault));
        QCOMPARE(fs::read_symlink(m_vault), target);
        QCOMPARE(fs::exists(target), !dangling);
        QCOMPARE(std::distance(fs::directory_iterator(m_vault.parent_path()), fs::directory_iterator()), 1);
        QVERIFY(dangling || fs::is_empty(target));
    }

    void leavesNothingWhenItsPlaceIsNotDurable()
    {
        auto options = optionsFor(m_vault);
        options.syncFolder = [](const fs::path &) -> Status { return Error{ErrorCode::IoFailed, "no sync", {}}; };
        DirectoryVaultStore store(options, kClock);
        QCOMPARE(store.create(passphrase()).result().error().code, ErrorCode::IoFailed);
        QVERIFY(!fs::exists(m_vault));
        QVERIFY(!fs::exists(m_vault.parent_path())); // made for it, and as empty as before
        create();
    }

    void takesBackWhatItMade()
    {
        auto vault = create();
        QVERIFY(m_store->discard(vault).result());
        QVERIFY(!fs::exists(m_vault));
        QVERIFY(fs::is_empty(m_vault.parent_path()));
        QCOMPARE(vault->conversations().list(0, 0).result().error().code, ErrorCode::VaultLocked);
        QVERIFY(!m_store->status().result()->exists);
        create();
    }

    void neverTakesBackAnotherVault()
    {
        auto first = create();
        QVERIFY(first->close().result());
        fs::rename(m_vault, m_vault.parent_path() / "away");
        createWithContent();
        const auto before = snapshotOf(m_vault);
        QCOMPARE(m_store->discard(first).result().error().code, ErrorCode::VaultExists);
        QVERIFY(snapshotOf(m_vault) == before);
        QVERIFY(m_store->open(passphrase()).result());
    }
};

QTEST_GUILESS_MAIN(TestVaultPlace)
#include "tst_vault_place.moc"
