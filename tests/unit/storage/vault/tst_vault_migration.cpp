// SPDX-License-Identifier: Apache-2.0
// Opening a vault of an older schema, through the way that the programs take.
#include "app/platform/files/durable_file.h"
#include "storage/directory/database_swap.h"
#include "storage/sqlite/content_hash.h"
#include "tests/support/disk/small_disk.h"
#include "tests/unit/storage/vault/vault_directory_fixture.h"

#include <QTest>

#include <array>

using namespace tramontane;
using namespace tramontane::migrations;
using namespace tramontane::test;
using namespace tramontane::vault;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kOldest = 1;

std::vector<Migration> stepsUpTo(int version)
{
    const auto all = vaultMigrations();
    return {all.begin(), all.begin() + version};
}

/// One more step than there is.
std::vector<Migration> stepsWith(std::string_view sql)
{
    std::vector<Migration> steps = stepsUpTo(newestVersion(vaultMigrations()));
    steps.push_back({newestVersion(steps) + 1, sql});
    return steps;
}

} // namespace

class TestVaultMigration : public QObject {
    Q_OBJECT
public:
    explicit TestVaultMigration(bool privateMounts) : m_privateMounts(privateMounts) {}

private:
    bool m_privateMounts;
    std::unique_ptr<VaultDirectory> m_vault;

    Result<std::shared_ptr<OpenVault>> openWith(const std::vector<Migration> &steps)
    {
        VaultOptions options = m_vault->options();
        options.migrations = steps;
        return DirectoryVaultStore(options, m_vault->clock()).open(VaultDirectory::secret()).result();
    }
    /// A whole vault around a stored vault.db.
    void putStored(int version)
    {
        QVERIFY(m_vault->create()->close().result());
        const VaultFiles files = m_vault->files();
        const auto slots = files.readSlots();
        const auto master = openMaster(*slots, VaultDirectory::secret());
        DataKeys keys = m_vault->keys();
        keys.vault = VaultFixture::fixedKey();
        QVERIFY(files::replaceFile(files.keys, keyFileText(slots->vaultId, keys, *master)));
        fs::copy_file(fs::path(TRAMONTANE_SOURCE_DIR) / "tests/data/vaults" / ("schema-" + std::to_string(version))
                          / "vault.db",
                      files.vaultDatabase, fs::copy_options::overwrite_existing);
    }
    sqlite::CheckedDatabase checked(const fs::path &file) const
    {
        const auto found = sqlite::checkDatabase(file, m_vault->keys().vault, kVaultApplicationId, {});
        if (!found)
            qFatal("%s", found.error().detail.c_str());
        return *found;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void init() { m_vault = std::make_unique<VaultDirectory>(); }
    void cleanup() { QThreadPool::globalInstance()->waitForDone(); }

    void opensTheStoredVaultOfEachSchema_data()
    {
        QTest::addColumn<int>("version");
        for (const Migration &step : vaultMigrations())
            QTest::addRow("schema-%d", step.version) << step.version;
    }
    void opensTheStoredVaultOfEachSchema()
    {
        QFETCH(int, version);
        putStored(version);
        const bool older = version < newestVersion(vaultMigrations());
        const auto before = checked(m_vault->files().vaultDatabase);
        QCOMPARE(before.schema, std::int64_t(version));
        const auto vault = m_vault->open();
        QCOMPARE(vault->conversations().list(0, 0).result()->size(), std::size_t(2));
        QCOMPARE(vault->conversations().search({.text = "mistral"}).result()->hits.size(), std::size_t(2));
        QVERIFY(vault->settings().write("theme", "dark").result());
        QVERIFY(vault->close().result());
        const auto after = checked(m_vault->files().vaultDatabase);
        QCOMPARE(after.schema, std::int64_t(newestVersion(vaultMigrations())));
        QCOMPARE(m_vault->has("before-migration.db"), older);
        if (older) {
            const auto copy = checked(m_vault->files().beforeMigration);
            QVERIFY(copy.schema == before.schema && copy.content == before.content);
        }
        QVERIFY(!m_vault->has("vault.db.next") && !m_vault->has("before-migration.db.next"));
    }

    void aWalOfTheOldProgramIsTakenAlong()
    {
        const auto older = stepsUpTo(kOldest);
        putStored(kOldest);
        {
            auto connection = sqlite::Connection::open(m_vault->files().vaultDatabase, VaultFixture::fixedKey(), {});
            QVERIFY((*connection)->execute("INSERT INTO setting VALUES ('left', 'in the WAL')"));
            const fs::path folder = m_vault->folder();
            for (const char *name : {"vault.db", "vault.db-wal"})
                fs::copy_file(m_vault->path() / name, folder / name);
            QVERIFY((*connection)->close());
            for (const char *name : {"vault.db", "vault.db-wal"})
                fs::copy_file(folder / name, m_vault->path() / name, fs::copy_options::overwrite_existing);
        }
        QCOMPARE(QString::fromStdString(*m_vault->open()->settings().read("left").result()),
                 QStringLiteral("in the WAL"));
    }

    void aStepThatFailsChangesNothing_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::newRow("no such table") << "INSERT INTO nowhere VALUES (1);";
        QTest::newRow("rows without their parent")
            << "CREATE TABLE child (c BLOB REFERENCES conversation (id) DEFERRABLE INITIALLY DEFERRED) STRICT;"
               "INSERT INTO child VALUES (x'01');";
    }
    void aStepThatFailsChangesNothing()
    {
        QFETCH(QString, sql);
        const auto vault = m_vault->create();
        addConversations(vault->conversations(), 3);
        QVERIFY(vault->close().result());
        const std::string before = snapshotOf(m_vault->path());
        const std::string text = sql.toStdString();
        QVERIFY(!openWith(stepsWith(text)));
        QCOMPARE(snapshotOf(m_vault->path()), before);
        QCOMPARE(m_vault->open()->conversations().list(0, 0).result()->size(), std::size_t(3));
    }

    void aNewerSchemaIsRefusedUnchanged()
    {
        QVERIFY(m_vault->create()->close().result());
        QVERIFY(openWith(stepsWith("CREATE TABLE later (x INTEGER) STRICT;")));
        QThreadPool::globalInstance()->waitForDone();
        const std::string before = snapshotOf(m_vault->path());
        QCOMPARE(m_vault->store().open(VaultDirectory::secret()).result().error().code, ErrorCode::VaultNewerSchema);
        QCOMPARE(snapshotOf(m_vault->path()), before);
    }

    void anotherKeyTakesTheCopyAway()
    {
        putStored(kOldest);
        const auto vault = m_vault->open();
        QVERIFY(m_vault->has("before-migration.db"));
        QVERIFY(vault->maintenance().rotateKey({}).result());
        QVERIFY(!m_vault->has("before-migration.db"));
        QVERIFY(vault->close().result());
        // And where a crash kept it from being removed, the next opening does it.
        fs::copy_file(fs::path(TRAMONTANE_SOURCE_DIR) / "tests/data/vaults/schema-1/vault.db",
                      m_vault->files().beforeMigration);
        QVERIFY(m_vault->open());
        QVERIFY(!m_vault->has("before-migration.db"));
    }

    void aFullDiskChangesNothing()
    {
        if (!m_privateMounts)
            QSKIP("this system gives tests no mounts of their own");
        const fs::path root = m_vault->folder() / "small";
        fs::create_directory(root);
        const SmallDisk disk(root, 12 << 20);
        QVERIFY(disk.mounted());
        auto outer = std::move(m_vault);
        m_vault = std::make_unique<VaultDirectory>(root / "vault");
        putStored(kOldest);
        const std::string before = snapshotOf(m_vault->path());
        for (const std::uint64_t spare : {std::uint64_t(0), std::uint64_t(300) << 10, std::uint64_t(7) << 20}) {
            QVERIFY(disk.fill(spare));
            const auto refused = m_vault->store().open(VaultDirectory::secret()).result();
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, ErrorCode::NoSpace);
            QCOMPARE(snapshotOf(m_vault->path()), before);
            QVERIFY(disk.makeRoom());
        }
        QCOMPARE(m_vault->open()->conversations().list(0, 0).result()->size(), std::size_t(2));
        QThreadPool::globalInstance()->waitForDone();
        m_vault = std::move(outer);
    }
};

int main(int argc, char **argv)
{
    const bool privateMounts = enterPrivateMounts();
    QCoreApplication application(argc, argv);
    TestVaultMigration test(privateMounts);
    return QTest::qExec(&test, argc, argv);
}

#include "tst_vault_migration.moc"
