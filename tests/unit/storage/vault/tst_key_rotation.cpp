// SPDX-License-Identifier: Apache-2.0
#include "storage/directory/database_swap.h"
#include "storage/sqlite/content_hash.h"
#include "tests/support/disk/small_disk.h"
#include "tests/support/snapshots/snapshot_values.h"
#include "tests/unit/storage/vault/vault_directory_fixture.h"

#include <QTest>

using namespace tramontane;
using namespace tramontane::test;
using namespace tramontane::vault;
namespace fs = std::filesystem;

class TestKeyRotation : public QObject {
    Q_OBJECT
public:
    explicit TestKeyRotation(bool privateMounts) : m_privateMounts(privateMounts) {}

private:
    bool m_privateMounts;
    std::unique_ptr<VaultDirectory> m_vault;

    Hash32 contentOf(const DataKeys &keys) const
    {
        const auto checked = sqlite::checkDatabase(m_vault->files().vaultDatabase, keys.vault, 0, {});
        if (!checked)
            qFatal("%s", checked.error().detail.c_str());
        return checked->content;
    }
    void createWith(int conversations)
    {
        const auto vault = m_vault->create();
        addConversations(vault->conversations(), conversations);
        QVERIFY(vault->close().result());
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void init() { m_vault = std::make_unique<VaultDirectory>(); }
    void cleanup() { QThreadPool::globalInstance()->waitForDone(); }

    void theOldKeyOpensNothing()
    {
        createWith(20);
        const DataKeys before = m_vault->keys();
        const Hash32 content = contentOf(before);
        const std::string oldFile = m_vault->content("vault.db");
        const auto vault = m_vault->open();
        std::uint64_t done = 0;
        std::uint64_t total = 0;
        const auto rotated = vault->maintenance()
                                 .rotateKey({[&](std::uint64_t d, std::uint64_t t) {
                                                 done = d;
                                                 total = t;
                                             },
                                             {}})
                                 .result();
        QVERIFY2(rotated.ok(), rotated ? "" : rotated.error().detail.c_str());
        QCOMPARE(rotated->version, 2);
        QCOMPARE(rotated->bytes, std::uint64_t(fs::file_size(m_vault->files().vaultDatabase)));
        QVERIFY(done == total && total > 20);
        QVERIFY(vault->close().result());
        const DataKeys after = m_vault->keys();
        QCOMPARE(after.versions.vault, 2);
        QVERIFY(!after.vault.equals(before.vault));
        QVERIFY(after.audit.equals(before.audit) && after.attachments.equals(before.attachments));
        QCOMPARE(*opensWith(m_vault->files().vaultDatabase, before.vault), false);
        QVERIFY(contentOf(after) == content);
        QVERIFY(!m_vault->content("vault.db").starts_with("SQLite format 3"));
        QVERIFY(m_vault->content("vault.db") != oldFile);
        for (const char *name : {"vault.db.next", "keys.json.next", "vault.db-wal", "before-migration.db"})
            QVERIFY2(!m_vault->has(name), name);
    }

    /// Tasks wait in their order, settled attempts are not lost, and the snapshots' keys still fit.
    void worksWhileTheVaultIsUsed()
    {
        const auto vault = m_vault->create();
        addConversations(vault->conversations(), 200);
        const auto question = questionIn({}, {}, "kept");
        QVERIFY(vault->conversations().storeQuestion(question).result());
        const SnapshotHeader header = someHeader(3000);
        const auto writer = vault->snapshots().write(question.conversation.id, header);
        QVERIFY(writer->append(someState(3000)).result());
        QVERIFY(writer->finish().result());
        auto rotated = vault->maintenance().rotateKey({});
        vault->conversations().settle(question.attempt, {});
        int written = 0;
        while (!rotated.isFinished() || written < 5) {
            addConversations(vault->conversations(), 1);
            ++written;
        }
        QVERIFY(rotated.result());
        QCOMPARE(rotated.result()->version, 2);
        QCOMPARE(vault->conversations().list(0, 0).result()->size(), std::size_t(201 + written));
        QVERIFY(vault->snapshots().read(question.conversation.id, fittingExpectation()).result());
        QVERIFY(vault->close().result());
        const auto again = m_vault->open();
        QCOMPARE(again->conversations().list(0, 0).result()->size(), std::size_t(201 + written));
        QVERIFY(again->conversations().leftovers().result()->empty());
        QVERIFY(again->snapshots().read(question.conversation.id, fittingExpectation()).result());
        QCOMPARE(again->conversations().search({.text = "marker", .limit = 1000}).result()->hits.size(),
                 std::size_t(200 + written));
    }

    void canBeStopped()
    {
        createWith(5);
        std::stop_source stop;
        const auto vault = m_vault->open();
        const auto stopped =
            vault->maintenance().rotateKey({[&](auto, auto) { stop.request_stop(); }, stop.get_token()}).result();
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        addConversations(vault->conversations(), 1); // goes on under its key
        QVERIFY(vault->close().result());
        QCOMPARE(m_vault->keys().versions.vault, 1);
        QVERIFY(!m_vault->has("vault.db.next"));
        QCOMPARE(m_vault->open()->conversations().list(0, 0).result()->size(), std::size_t(6));
    }

    void closingStopsIt()
    {
        const auto vault = m_vault->create();
        addConversations(vault->conversations(), 100);
        auto rotated = vault->maintenance().rotateKey({});
        QVERIFY(vault->close().result());
        QVERIFY(rotated.isFinished());
        const int version = m_vault->keys().versions.vault;
        QCOMPARE(version, rotated.result() ? 2 : 1);
        QCOMPARE(vault->maintenance().rotateKey({}).result().error().code, ErrorCode::VaultLocked);
        QCOMPARE(m_vault->open()->conversations().list(0, 0).result()->size(), std::size_t(100));
    }

    /// What a crash between any two steps leaves, made by hand: the database and its key fit again after opening.
    void whatACrashLeavesIsSettled_data()
    {
        QTest::addColumn<bool>("newDatabase"); // in the place of vault.db
        QTest::addColumn<bool>("nextDatabase");
        QTest::addColumn<bool>("nextKeys");
        QTest::newRow("half a copy") << false << true << false;
        QTest::newRow("copy and keys") << false << true << true;
        QTest::newRow("keys alone") << false << false << true;
        QTest::newRow("database swapped") << true << false << true;
    }
    void whatACrashLeavesIsSettled()
    {
        QFETCH(bool, newDatabase);
        QFETCH(bool, nextDatabase);
        QFETCH(bool, nextKeys);
        createWith(3);
        const std::string oldDatabase = m_vault->content("vault.db");
        const std::string oldKeys = m_vault->content("keys.json");
        QVERIFY(m_vault->open()->maintenance().rotateKey({}).result());
        QThreadPool::globalInstance()->waitForDone();
        const std::string database = m_vault->content("vault.db");
        const std::string keys = m_vault->content("keys.json");
        const auto put = [this](const char *name, const std::string &bytes) {
            std::ofstream(m_vault->path() / name, std::ios::binary | std::ios::trunc) << bytes;
        };
        put("keys.json", oldKeys);
        put("vault.db", newDatabase ? database : oldDatabase);
        if (nextDatabase)
            put("vault.db.next", nextKeys ? database : database.substr(0, 5000));
        if (nextKeys)
            put("keys.json.next", keys);
        const auto vault = m_vault->open();
        QCOMPARE(vault->conversations().list(0, 0).result()->size(), std::size_t(3));
        QVERIFY(!m_vault->has("vault.db.next") && !m_vault->has("keys.json.next"));
        QVERIFY(m_vault->content("keys.json") == (newDatabase ? keys : oldKeys));
        QVERIFY(vault->maintenance().rotateKey({}).result());
    }

    /// Where the disk cannot be written the vault is read all the same, and settled later.
    void aFullDiskChangesNothing()
    {
        if (!m_privateMounts)
            QSKIP("this system gives tests no mounts of their own");
        const fs::path root = m_vault->folder() / "small";
        fs::create_directory(root);
        const SmallDisk disk(root, 12 << 20);
        QVERIFY(disk.mounted());
        const VaultDirectory small(root / "vault");
        const auto vault = small.create();
        addConversations(vault->conversations(), 100);
        QVERIFY(disk.fill(400 << 10));
        const auto refused = vault->maintenance().rotateKey({}).result();
        QCOMPARE(refused.error().code, ErrorCode::NoSpace);
        QVERIFY(!small.has("vault.db.next") && !small.has("keys.json.next"));
        QCOMPARE(vault->conversations().list(0, 0).result()->size(), std::size_t(100));
        QVERIFY(disk.makeRoom());
        addConversations(vault->conversations(), 1);
        QVERIFY(vault->close().result());
        QCOMPARE(small.keys().versions.vault, 1);
        QCOMPARE(small.open()->conversations().list(0, 0).result()->size(), std::size_t(101));
        QThreadPool::globalInstance()->waitForDone();
    }
};

int main(int argc, char **argv)
{
    const bool privateMounts = enterPrivateMounts();
    QCoreApplication application(argc, argv);
    TestKeyRotation test(privateMounts);
    return QTest::qExec(&test, argc, argv);
}

#include "tst_key_rotation.moc"
