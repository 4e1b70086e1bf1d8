// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/table_sizes.h"
#include "storage/vault/opened_storage.h"
#include "tests/support/fakes/fake_snapshots.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <fstream>

using namespace tramontane;
using namespace tramontane::test;
using namespace tramontane::vault;
namespace fs = std::filesystem;

class TestOpenedStorage : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_path;
    Script m_script;
    std::unique_ptr<FakeSnapshots> m_snapshots;
    std::unique_ptr<VaultFixture> m_vault;
    std::unique_ptr<VaultFiles> m_files;
    std::unique_ptr<OpenedStorage> m_storage;

    void write(const fs::path &name, std::size_t bytes, std::chrono::hours age = {}) const
    {
        fs::create_directories((m_path / name).parent_path());
        std::ofstream(m_path / name) << std::string(bytes, 'x');
        fs::last_write_time(m_path / name, fs::file_time_type::clock::now() - age);
    }
    void ask(int count, const std::string &text) const
    {
        for (int i = 0; i < count; ++i)
            QVERIFY(m_vault->conversations().storeQuestion(questionIn({}, {}, text)).result());
    }
    StorageReport report() const
    {
        const auto found = m_storage->report().result();
        if (!found)
            qFatal("no report: %s", found.error().detail.c_str());
        return *found;
    }
    StorageUse use(StoragePart part) const
    {
        for (const StorageUse &one : report().parts) {
            if (one.part == part)
                return one;
        }
        qFatal("a part is missing");
    }
    CleanUpOffer offer(CleanUp what) const
    {
        for (const CleanUpOffer &one : report().offers) {
            if (one.what == what)
                return one;
        }
        qFatal("an offer is missing");
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = fs::path(m_folder->path().toStdString());
        m_snapshots = std::make_unique<FakeSnapshots>(m_script);
        m_vault = std::make_unique<VaultFixture>(m_path);
        m_files = std::make_unique<VaultFiles>(m_path);
        m_storage =
            std::make_unique<OpenedStorage>(OpenedStorage::Parts{nullptr, *m_files, m_vault->database(), *m_snapshots});
    }
    void cleanup()
    {
        m_storage.reset();
        m_vault.reset();
    }

    void countsEveryByteOnce()
    {
        ask(20, std::string(5000, 'a') + " word");
        write("attachments/a", 1000);
        write("attachments/b", 500);
        write("snapshots/s", 2000);
        write("audit.db", 300);
        write("audit.db-wal", 40);
        write("audit-outbox/1.segment", 5);
        write("before-migration.db", 7000);
        write("slots.json", 60);
        QVERIFY(m_vault->database().checkpoint().result());
        const StorageReport all = report();
        QCOMPARE(all.parts.size(), std::size_t(13));
        std::uint64_t onDisk = 0;
        for (const auto &entry : fs::recursive_directory_iterator(m_path))
            onDisk += entry.is_regular_file() ? entry.file_size() : 0;
        QCOMPARE(all.bytes, onDisk);
        QVERIFY(all.freeOnDisk > 0);
        QCOMPARE(use(StoragePart::Attachments).bytes, 1500U);
        QCOMPARE(use(StoragePart::Attachments).count, std::optional<std::int64_t>(2));
        QCOMPARE(use(StoragePart::Snapshots).bytes, 2000U);
        QCOMPARE(use(StoragePart::AuditLog).bytes, 345U);
        QCOMPARE(use(StoragePart::Backups).bytes, 7000U);
        QCOMPARE(use(StoragePart::OtherFiles).bytes, 60U);
        QCOMPARE(use(StoragePart::Messages).count, std::optional<std::int64_t>(20));
        QVERIFY(use(StoragePart::Messages).bytes > 20 * 5000);
        QVERIFY(use(StoragePart::MessageIndex).bytes > 20 * 5000);
        QVERIFY(use(StoragePart::OtherTables).bytes > 0);
    }

    void knowsEveryTable()
    {
        const auto names =
            m_vault->database().read([](sqlite::Connection &c, const auto &) { return tableNames(c); }).result();
        QVERIFY(names->size() > 20);
        for (const char *table : {"message_fts_data", "title_fts_content", "title_row"})
            QVERIFY(partOfTable(table) == StoragePart::MessageIndex);
        QVERIFY(partOfTable("chunk_fts_data") == StoragePart::DocumentIndex);
        QVERIFY(partOfTable("block") == StoragePart::Messages);
        QVERIFY(partOfTable("what a later version has") == StoragePart::OtherTables);
    }

    void seesPagesBecomeFree()
    {
        ask(50, std::string(5000, 'a'));
        QVERIFY(m_vault->database()
                    .write([](sqlite::Connection &c) {
                        return c.execute("DELETE FROM message_fts; DELETE FROM pending;"
                                         "UPDATE conversation SET leaf = NULL; DELETE FROM conversation");
                    })
                    .result());
        QVERIFY(use(StoragePart::FreePages).bytes > 50 * 5000);
        QCOMPARE(use(StoragePart::Messages).count, std::nullopt);
    }

    void emptiesTheWriteAheadLog()
    {
        ask(5, "text");
        QVERIFY(offer(CleanUp::WriteAheadLog).bytes > 0);
        const auto freed = m_storage->clean(CleanUp::WriteAheadLog).result();
        QVERIFY(freed);
        QVERIFY(freed->bytes > 0);
        QCOMPARE(offer(CleanUp::WriteAheadLog).bytes, 0U);
        QCOMPARE(use(StoragePart::Messages).count, std::optional<std::int64_t>(5));
    }

    void removesSnapshots()
    {
        m_snapshots->stored[ConversationId::make(1)] = {{}, std::string(100, 's')};
        m_snapshots->stored[ConversationId::make(2)] = {{}, std::string(20, 's')};
        QCOMPARE(offer(CleanUp::Snapshots).bytes, 120U);
        const auto freed = m_storage->clean(CleanUp::Snapshots).result();
        QCOMPARE(freed->bytes, 120U);
        QCOMPARE(freed->files, 2);
        QVERIFY(m_snapshots->stored.empty());
    }

    void removesOnlyWhatACrashLeft()
    {
        using std::chrono::hours;
        write("slots.json.new", 10, hours(1));
        write("keys.json.new", 20);               // being written at this moment
        write("notes.new.txt", 30, hours(1));     // not ours
        write("attachments/a.new", 40, hours(1)); // another's business
        fs::create_symlink(m_path / "notes.new.txt", m_path / "link.new");
        QCOMPARE(offer(CleanUp::UnfinishedFiles).bytes, 10U);
        const auto freed = m_storage->clean(CleanUp::UnfinishedFiles).result();
        QCOMPARE(freed->files, 1);
        QVERIFY(!fs::exists(m_path / "slots.json.new"));
        for (const char *stays : {"keys.json.new", "notes.new.txt", "attachments/a.new", "link.new"})
            QVERIFY2(fs::exists(m_path / stays), stays);
    }

    void tellsWhatFailed()
    {
        m_script.fail("snapshots.usage", {ErrorCode::IoFailed, {}, {}});
        QCOMPARE(m_storage->report().result().error().code, ErrorCode::IoFailed);
        QVERIFY(m_vault->database().close().result());
        QCOMPARE(m_storage->report().result().error().code, ErrorCode::VaultLocked);
        QCOMPARE(m_storage->clean(CleanUp::WriteAheadLog).result().error().code, ErrorCode::VaultLocked);
    }

    void hasANameForEveryCleanUp()
    {
        for (const CleanUp what : {CleanUp::Snapshots, CleanUp::WriteAheadLog, CleanUp::UnfinishedFiles})
            QCOMPARE(cleanUpFromName(cleanUpName(what)), std::optional(what));
        QVERIFY(!cleanUpFromName("everything"));
        for (const StorageUse &one : report().parts)
            QVERIFY(!storagePartName(one.part).empty());
    }
};

QTEST_GUILESS_MAIN(TestOpenedStorage)
#include "tst_opened_storage.moc"
