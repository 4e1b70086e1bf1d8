// SPDX-License-Identifier: Apache-2.0
#include "storage/migrations/migrations.h"
#include "storage/sqlite/transaction.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>

using namespace tramontane;
using namespace tramontane::migrations;
namespace fs = std::filesystem;

namespace {

/// The key of tests/data/vaults/schema-*: the bytes 0, 1, … 31.
Key32 fixtureKey()
{
    std::array<std::uint8_t, 32> bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(i);
    return *Key32::fromBytes(bytes);
}

constexpr sqlite::OpenOptions kCreate{.mode = sqlite::OpenMode::Create, .applicationId = kVaultApplicationId};
constexpr sqlite::OpenOptions kOpen{.applicationId = kVaultApplicationId};

QStringList namesIn(sqlite::Connection &connection, const std::string &sql)
{
    QStringList names;
    auto select = connection.prepare(sql);
    while (*select->step())
        names += QString::fromStdString(std::string(select->text(0)));
    return names;
}

} // namespace

class TestMigrations : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_path;
    std::unique_ptr<sqlite::Connection> m_connection;

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = fs::path(m_folder->path().toStdString()) / "vault.db";
        auto made = sqlite::Connection::open(m_path, fixtureKey(), kCreate);
        QVERIFY(made);
        m_connection = std::move(*made);
    }
    void cleanup() { m_connection.reset(); }

    void isNumberedWithoutGaps()
    {
        int expected = 0;
        for (const Migration &step : vaultMigrations())
            QCOMPARE(step.version, ++expected);
        QCOMPARE(newestVersion(vaultMigrations()), expected);
        QVERIFY(expected >= 1);
    }

    void makesWhatTheDesignNames_data()
    {
        QTest::addColumn<QString>("table");
        for (const char *name : {"conversation",
                                 "folder",
                                 "label",
                                 "conversation_label",
                                 "message",
                                 "block",
                                 "answer_provenance",
                                 "attachment",
                                 "collection",
                                 "document",
                                 "document_version",
                                 "page",
                                 "chunk",
                                 "chunk_fts",
                                 "chunk_vector",
                                 "message_fts",
                                 "title_fts",
                                 "title_row",
                                 "setting",
                                 "model",
                                 "stream_part",
                                 "pending",
                                 "salt",
                                 "content_key",
                                 "erasure",
                                 "audit_head"})
            QTest::newRow(name) << name;
    }
    void makesWhatTheDesignNames()
    {
        QFETCH(QString, table);
        QVERIFY(migrate(*m_connection, vaultMigrations()));
        QVERIFY(namesIn(*m_connection, "SELECT name FROM sqlite_schema WHERE type = 'table'").contains(table));
    }

    void isStrictWhereItCanBe()
    {
        QVERIFY(migrate(*m_connection, vaultMigrations()));
        QCOMPARE(namesIn(*m_connection, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
                                        "AND strict = 0 AND name NOT LIKE 'sqlite_%'"),
                 QStringList());
        // An index for every foreign key: without it, deleting a row scans the other table.
        QCOMPARE(
            namesIn(*m_connection,
                    "SELECT t.name || '.' || f.\"from\" FROM pragma_table_list t, pragma_foreign_key_list(t.name) f "
                    "WHERE t.schema = 'main' AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) i, "
                    "pragma_index_info(i.name) c WHERE c.seqno = 0 AND c.name = f.\"from\") AND NOT EXISTS "
                    "(SELECT 1 FROM pragma_table_info(t.name) k WHERE k.pk = 1 AND k.name = f.\"from\") "
                    "AND t.name || '.' || f.\"from\" NOT IN ('folder.parent')"),
            QStringList());
    }

    void deletesFromTheIndexForGood()
    {
        QVERIFY(migrate(*m_connection, vaultMigrations()));
        for (const std::string table : {"message_fts", "chunk_fts"})
            QCOMPARE(*m_connection->queryInteger("SELECT v FROM " + table + "_config WHERE k = 'secure-delete'"), 1);
    }

    void findsWordsWithoutTheirMarks()
    {
        QVERIFY(migrate(*m_connection, vaultMigrations()));
        QVERIFY(m_connection->execute("INSERT INTO message_fts (rowid, text) VALUES (1, 'Übergröße für Zoë Nguyễn')"));
        for (const char *word : {"ubergroße", "zoe", "nguyen", "FUR"})
            QCOMPARE(*m_connection->queryInteger(
                         std::string("SELECT count(*) FROM message_fts WHERE message_fts MATCH '") + word + "'"),
                     1);
    }

    void doesNothingTheSecondTime()
    {
        QVERIFY(migrate(*m_connection, vaultMigrations()));
        QCOMPARE(*checkedVersion(*m_connection, vaultMigrations()), newestVersion(vaultMigrations()));
        const auto changes = *m_connection->queryInteger("SELECT total_changes()");
        QVERIFY(migrate(*m_connection, vaultMigrations()));
        QCOMPARE(*m_connection->queryInteger("SELECT total_changes()"), changes);
    }

    void refusesANewerSchema()
    {
        QVERIFY(migrate(*m_connection, vaultMigrations()));
        QVERIFY(m_connection->execute("PRAGMA user_version = 99"));
        QCOMPARE(migrate(*m_connection, vaultMigrations()).error().code, ErrorCode::VaultNewerSchema);
        QCOMPARE(checkedVersion(*m_connection, vaultMigrations()).error().code, ErrorCode::VaultNewerSchema);
        QCOMPARE(*m_connection->queryInteger("PRAGMA user_version"), 99);
    }

    void refusesADatabaseWithoutSchema()
    {
        QCOMPARE(checkedVersion(*m_connection, vaultMigrations()).error().code, ErrorCode::VaultDamaged);
    }

    void appliesAllStepsOrNone()
    {
        const std::array<Migration, 2> half{
            {{1, "CREATE TABLE one (x) ;"}, {2, "CREATE TABLE two (x); INSERT INTO nowhere VALUES (1);"}}};
        QVERIFY(!migrate(*m_connection, half));
        QCOMPARE(*m_connection->queryInteger("SELECT count(*) FROM sqlite_schema"), 0);
        QCOMPARE(*m_connection->queryInteger("PRAGMA user_version"), 0);
        const std::array<Migration, 2> orphans{
            {{1, "CREATE TABLE p (id INTEGER PRIMARY KEY) STRICT;"},
             {2, "CREATE TABLE c (p INTEGER REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED) STRICT;"
                 "INSERT INTO c VALUES (1);"}}};
        QCOMPARE(migrate(*m_connection, orphans).error().code, ErrorCode::VaultDamaged);
        QCOMPARE(*m_connection->queryInteger("SELECT count(*) FROM sqlite_schema"), 0);
    }

    void goesOnFromAnOlderVersion()
    {
        const std::array<Migration, 2> steps{
            {{1, "CREATE TABLE one (x) STRICT;"}, {2, "CREATE TABLE two (x INTEGER) STRICT;"}}};
        const std::array<Migration, 2> fine{
            {{1, "CREATE TABLE one (x INTEGER) STRICT;"}, {2, "CREATE TABLE two (x INTEGER) STRICT;"}}};
        QVERIFY(!migrate(*m_connection, steps)); // a column of a STRICT table needs a type
        QVERIFY(migrate(*m_connection, std::span(fine).first(1)));
        QVERIFY(m_connection->execute("INSERT INTO one VALUES (7)"));
        QVERIFY(migrate(*m_connection, fine));
        QCOMPARE(*m_connection->queryInteger("SELECT x FROM one"), 7);
        QCOMPARE(*m_connection->queryInteger("PRAGMA user_version"), 2);
    }

    void keepsTheModelsOfVersionOne()
    {
        QVERIFY(migrate(*m_connection, vaultMigrations().first(1)));
        const std::string row =
            "(zeroblob(16), '/a', 'A', 'bert', 'F16', '', 'f', 'embedding', 1, 2, 3, 4, 5, 6, 0, 7)";
        QVERIFY(m_connection->execute("INSERT INTO model VALUES " + row));
        QVERIFY(migrate(*m_connection, vaultMigrations()));
        QCOMPARE(*m_connection->queryInteger("SELECT count(*) FROM model WHERE name = 'A' AND imported_ms = 7"), 1);
        QCOMPARE(*m_connection->queryInteger("SELECT count(*) FROM model WHERE quarantine = ''"), 1);
        QVERIFY(m_connection->execute("UPDATE model SET kind = 'reranker'"));
        QVERIFY(!m_connection->execute("UPDATE model SET kind = 'oracle'"));
    }

    void indexesTheTitlesOfVersionThree()
    {
        QVERIFY(migrate(*m_connection, vaultMigrations().first(3)));
        QVERIFY(m_connection->execute("INSERT INTO conversation (id, title, system_prompt, created_ms, updated_ms) "
                                      "VALUES (randomblob(16), 'Crème', '', 1, 1), (randomblob(16), 'b', '', 1, 1)"));
        QVERIFY(migrate(*m_connection, vaultMigrations()));
        QCOMPARE(*m_connection->queryInteger("SELECT count(*) FROM title_row"), 2);
        QCOMPARE(
            *m_connection->queryInteger(
                "SELECT count(*) FROM title_fts JOIN title_row t ON t.seq = title_fts.rowid "
                "JOIN conversation c ON c.id = t.conversation WHERE title_fts MATCH 'creme' AND c.title = 'Crème'"),
            1);
    }

    void opensTheStoredDatabaseOfEachVersion_data()
    {
        QTest::addColumn<int>("version");
        for (const Migration &step : vaultMigrations())
            QTest::addRow("schema-%d", step.version) << step.version;
    }
    void opensTheStoredDatabaseOfEachVersion()
    {
        QFETCH(int, version);
        const fs::path stored =
            fs::path(TRAMONTANE_SOURCE_DIR) / "tests/data/vaults" / ("schema-" + std::to_string(version));
        const fs::path copy = m_path.parent_path() / "copy.db";
        fs::copy_file(stored / "vault.db", copy);
        auto opened = sqlite::Connection::open(copy, fixtureKey(), kOpen);
        QVERIFY2(opened.ok(), opened ? "" : opened.error().detail.c_str());
        QCOMPARE(*checkedVersion(**opened, vaultMigrations()), version);
        QVERIFY(migrate(**opened, vaultMigrations()));
        QCOMPARE(*checkedVersion(**opened, vaultMigrations()), newestVersion(vaultMigrations()));
        QCOMPARE(QString::fromStdString(*(*opened)->queryText("PRAGMA integrity_check")), QStringLiteral("ok"));
        QCOMPARE(*(*opened)->queryInteger("SELECT count(*) FROM conversation"), 2);
        QCOMPARE(*(*opened)->queryInteger("SELECT count(*) FROM message"), 5);
        QCOMPARE(*(*opened)->queryInteger("SELECT count(*) FROM message_fts WHERE message_fts MATCH 'mistral'"), 2);
        // A schema that was changed without a new number would differ from the stored one.
        if (version == newestVersion(vaultMigrations())) {
            QVERIFY(migrate(*m_connection, vaultMigrations()));
            const std::string schema = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name";
            QCOMPARE(namesIn(**opened, schema), namesIn(*m_connection, schema));
        }
    }
};

QTEST_GUILESS_MAIN(TestMigrations)
#include "tst_migrations.moc"
