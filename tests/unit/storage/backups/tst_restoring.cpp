// SPDX-License-Identifier: Apache-2.0
// A vault made from a backup: elsewhere, in the place of a damaged one, and after an update of the format.
#include "storage/vault/directory_backup_files.h"
#include "storage/vault/new_log.h"
#include "tests/unit/storage/vault/vault_directory_fixture.h"

#include <QTest>

#include <sodium.h>

using namespace tramontane;
using namespace tramontane::migrations;
using namespace tramontane::test;
using namespace tramontane::vault;
namespace fs = std::filesystem;

namespace {

SlotSecret passphrase(const std::string &text)
{
    return {SlotKind::Passphrase, std::make_shared<SecretBytes>(SecretBytes::copyOf(text))};
}

std::string failure(const auto &result)
{
    return result ? std::string() : result.error().message + " " + result.error().detail;
}

} // namespace

class TestRestoring : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<VaultDirectory> m_place;
    std::unique_ptr<VaultDirectory> m_elsewhere;

    std::string file() const { return (m_place->folder() / "one.backup").string(); }
    static DirectoryBackupFiles filesOf(const VaultDirectory &place) { return {place.options(), place.clock()}; }
    /// A vault with three ways to open it, and a backup of it.
    BackupContent backedUp(int conversations = 3) const
    {
        const auto vault = m_place->create();
        addConversations(vault->conversations(), conversations);
        if (!vault->slots().add(passphrase("a good passphrase")).result())
            qFatal("no slot");
        const auto made = vault->backups().create(file(), {}).result();
        if (!made || !vault->close().result())
            qFatal("%s", failure(made).c_str());
        return *made;
    }
    static std::vector<std::string> events(OpenVault &vault)
    {
        std::vector<std::string> names;
        for (const AuditRow &row : *vault.audit().list({}).result())
            names.push_back(row.event);
        return names;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void init()
    {
        m_place = std::make_unique<VaultDirectory>();
        m_elsewhere = std::make_unique<VaultDirectory>();
    }
    void cleanup() { QThreadPool::globalInstance()->waitForDone(); }

    /// What was written once can be read for good.
    void readsTheStoredExample()
    {
        const std::string stored = (fs::path(TRAMONTANE_SOURCE_DIR) / "tests/data/formats/backup-v1.backup").string();
        DirectoryBackupFiles files = filesOf(*m_elsewhere);
        QCOMPARE(files.inspect(stored).result()->schema, 4);
        const auto restored = files.restore(stored, VaultDirectory::secret(), RestorePlace::Free, {}).result();
        QVERIFY2(restored.ok(), failure(restored).c_str());
        QCOMPARE(restored->backup.conversations, std::int64_t(2));
        QCOMPARE(restored->vault->conversations().search({.text = "marker-1", .limit = 9}).result()->hits.empty(),
                 false);
        QVERIFY(restored->vault->inspection().run().result()->empty());
    }

    void saysWhatItIsWithoutAKey()
    {
        const BackupContent made = backedUp();
        const auto info = filesOf(*m_elsewhere).inspect(file()).result();
        QVERIFY(info.ok());
        QCOMPARE(info->id, made.info.id);
        QCOMPARE(info->slots.size(), std::size_t(2));
        QCOMPARE(info->schema, newestVersion(vaultMigrations()));
    }

    void isVerifiedWithAnySlotAndWithNoOther()
    {
        const BackupContent made = backedUp();
        DirectoryBackupFiles files = filesOf(*m_elsewhere);
        const auto whole = files.verify(file(), passphrase("a good passphrase"), {}).result();
        QVERIFY2(whole.ok(), failure(whole).c_str());
        QCOMPARE(whole->messages, made.messages);
        QCOMPARE(whole->auditHead, made.auditHead);
        QVERIFY(files.verify(file(), VaultDirectory::secret(), {}).result().ok());
        QCOMPARE(files.verify(file(), passphrase("another one"), {}).result().error().code, ErrorCode::WrongPassphrase);
        QCOMPARE(
            files.verify(file(), {SlotKind::Recovery, std::make_shared<SecretBytes>(16)}, {}).result().error().code,
            ErrorCode::WrongPassphrase);
        // Nothing is left of it.
        QCOMPARE(std::distance(fs::directory_iterator(m_elsewhere->folder()), fs::directory_iterator()), 0);
    }

    /// Another machine: all content, every slot, a new log that names the old one, which stays as an archive.
    void becomesAVaultElsewhere()
    {
        const BackupContent made = backedUp();
        const std::string before = m_place->content("vault.db");
        const auto restored =
            filesOf(*m_elsewhere).restore(file(), passphrase("a good passphrase"), RestorePlace::Free, {}).result();
        QVERIFY2(restored.ok(), failure(restored).c_str());
        OpenVault &vault = *restored->vault;
        QCOMPARE(vault.vaultId(), made.info.vaultId);
        QCOMPARE(vault.conversations().list(0, 0).result()->size(), std::size_t(3));
        QVERIFY(vault.audit().logId() != made.auditLog);
        const auto rows = *vault.audit().list({}).result();
        QCOMPARE(rows.size(), std::size_t(2));
        QCOMPARE(rows[1].event, std::string("backup.restored"));
        QVERIFY(rows[1].body.find(made.auditHead.root) != std::string::npos);
        QVERIFY(rows[1].body.find(made.info.id) != std::string::npos);
        QVERIFY(vault.audit()
                    .verify(*vault.conversations().knownAuditHeads().result(), VerifyDepth::Full)
                    .result()
                    ->whole());
        QVERIFY(vault.inspection().run().result()->empty());
        addConversations(vault.conversations(), 1);
        QVERIFY(vault.close().result());
        for (const SlotSecret &secret : {passphrase("a good passphrase"), VaultDirectory::secret()}) {
            const auto again = m_elsewhere->store().open(secret).result();
            QVERIFY2(again.ok(), failure(again).c_str());
            QCOMPARE((*again)->conversations().list(0, 0).result()->size(), std::size_t(4));
            QCOMPARE(events(**again), (std::vector<std::string>{"audit.started", "backup.restored"}));
            QVERIFY((*again)->close().result());
        }
        QVERIFY(!m_elsewhere->has("restored.json"));
        std::vector<fs::path> archives;
        for (const auto &entry : fs::directory_iterator(m_elsewhere->files().logArchives))
            archives.push_back(entry.path());
        QCOMPARE(archives.size(), std::size_t(1));
        const DataKeys keys = m_elsewhere->keys();
        const auto archive = audit_store::readArchive(archives.front(), keys.audit, keys.signingPublic);
        QVERIFY(archive.ok());
        QCOMPARE(archive->logId, made.auditLog);
        QCOMPARE(archive->head, made.auditHead);
        QVERIFY(audit_store::verifyArchive(archives.front(), keys.audit, keys.signingPublic)->whole());
        QVERIFY(m_place->content("vault.db") == before); // the source is untouched
    }

    /// Whoever changes the archive is found out by the check of the vault.
    void theArchiveIsChecked()
    {
        backedUp();
        QVERIFY(filesOf(*m_elsewhere).restore(file(), VaultDirectory::secret(), RestorePlace::Free, {}).result().ok());
        QThreadPool::globalInstance()->waitForDone();
        const fs::path archive = fs::directory_iterator(m_elsewhere->files().logArchives)->path();
        std::fstream bytes(archive, std::ios::binary | std::ios::in | std::ios::out);
        bytes.seekp(5000);
        bytes.put('\x55');
        bytes.close();
        const auto vault = m_elsewhere->open();
        const auto findings = vault->inspection().run().result();
        QVERIFY(findings.ok());
        QVERIFY(std::ranges::any_of(*findings,
                                    [](const VaultFinding &finding) { return finding.part == "audit-archive"; }));
    }

    /// The organisation reads; the new log begins when somebody opens it who can sign.
    void withTheOrganisationsKey()
    {
        std::array<std::uint8_t, 32> publicKey{};
        auto privateKey = std::make_shared<SecretBytes>(32);
        crypto_box_keypair(publicKey.data(), privateKey->data());
        const auto vault = m_place->create();
        addConversations(vault->conversations(), 2);
        QVERIFY(vault->slots().addOrganisation({publicKey, "Klinik Nord"}).result());
        const auto made = vault->backups().create(file(), {}).result();
        QVERIFY(made.ok());
        const auto restored = filesOf(*m_elsewhere)
                                  .restore(file(), {SlotKind::Organisation, privateKey}, RestorePlace::Free, {})
                                  .result();
        QVERIFY2(restored.ok(), failure(restored).c_str());
        QCOMPARE(restored->vault->conversations().list(0, 0).result()->size(), std::size_t(2));
        QCOMPARE(restored->vault->audit().logId(), made->auditLog);
        QCOMPARE(restored->vault->audit().append({.event = "session.opened"}).result().error().code,
                 ErrorCode::AuditUnavailable);
        QVERIFY(restored->vault->close().result());
        QVERIFY(m_elsewhere->has("restored.json"));
        const auto whole = m_elsewhere->open();
        QVERIFY(whole->audit().logId() != made->auditLog);
        QCOMPARE(events(*whole), (std::vector<std::string>{"audit.started", "backup.restored"}));
        QVERIFY(!m_elsewhere->has("restored.json"));
    }

    /// Cut off after any step, the next opening goes on.
    void aNewLogIsBegunOnce()
    {
        const BackupContent made = backedUp();
        QVERIFY(filesOf(*m_elsewhere).restore(file(), VaultDirectory::secret(), RestorePlace::Free, {}).result().ok());
        QThreadPool::globalInstance()->waitForDone();
        const VaultFiles files = m_elsewhere->files();
        const std::string newLog = m_elsewhere->open()->audit().logId();
        QThreadPool::globalInstance()->waitForDone();
        // As if killed before restored.json was removed: the new log stays.
        std::ofstream(files.restored) << restoredText({made.info.id, {made.auditLog, made.auditHead}});
        QCOMPARE(m_elsewhere->open()->audit().logId(), newLog);
        QThreadPool::globalInstance()->waitForDone();
        QVERIFY(!m_elsewhere->has("restored.json"));
        // As if killed between archive and new log.
        std::ofstream(files.restored) << restoredText({made.info.id, {made.auditLog, made.auditHead}});
        fs::remove(files.auditDatabase);
        std::ofstream(files.auditDatabase.string() + ".next") << "half of it";
        const auto vault = m_elsewhere->store().open(VaultDirectory::secret()).result();
        QVERIFY(vault.ok());
        QVERIFY((*vault)->audit().logId() != newLog && (*vault)->audit().logId() != made.auditLog);
        QVERIFY(!m_elsewhere->has("restored.json") && !m_elsewhere->has("audit.db.next"));
    }

    void takesNoPlaceThatIsTaken()
    {
        backedUp();
        QVERIFY(m_elsewhere->create()->close().result());
        const std::string there = m_elsewhere->content("vault.db");
        DirectoryBackupFiles files = filesOf(*m_elsewhere);
        const auto refused = files.restore(file(), VaultDirectory::secret(), RestorePlace::Free, {}).result();
        QCOMPARE(refused.error().code, ErrorCode::VaultExists);
        QCOMPARE(files.restore(file(), VaultDirectory::secret(), RestorePlace::Damaged, {}).result().error().code,
                 ErrorCode::VaultForeign);
        QVERIFY(m_elsewhere->content("vault.db") == there);
        // A vault that is whole is not put aside.
        const auto whole =
            filesOf(*m_place).restore(file(), VaultDirectory::secret(), RestorePlace::Damaged, {}).result();
        QCOMPARE(whole.error().code, ErrorCode::VaultExists);
        QCOMPARE(
            filesOf(*m_place).restore(file(), passphrase("wrong"), RestorePlace::Damaged, {}).result().error().code,
            ErrorCode::WrongPassphrase);
        const auto open = m_place->open();
        QCOMPARE(filesOf(*m_place)
                     .restore(file(), VaultDirectory::secret(), RestorePlace::Damaged, {})
                     .result()
                     .error()
                     .code,
                 ErrorCode::VaultInUse);
    }

    void inThePlaceOfADamagedVault_data()
    {
        QTest::addColumn<QString>("damaged");
        QTest::addColumn<bool>("sameLog");
        QTest::newRow("no vault.db") << "vault.db" << true;
        QTest::newRow("no audit.db") << "audit.db" << false;
        QTest::newRow("no slots.json") << "slots.json" << true;
        QTest::newRow("no keys.json") << "keys.json" << true;
    }
    void inThePlaceOfADamagedVault()
    {
        QFETCH(const QString, damaged);
        QFETCH(const bool, sameLog);
        const BackupContent made = backedUp();
        {
            const auto vault = m_place->open();
            addConversations(vault->conversations(), 1);
            AuditEvent event;
            event.event = "session.opened";
            QVERIFY(vault->audit().append(event).result());
            QVERIFY(vault->close().result());
        }
        fs::remove(m_place->path() / damaged.toStdString());
        QVERIFY(!m_place->store().open(VaultDirectory::secret()).result().ok());
        const auto restored =
            filesOf(*m_place).restore(file(), VaultDirectory::secret(), RestorePlace::Damaged, {}).result();
        QVERIFY2(restored.ok(), failure(restored).c_str());
        QCOMPARE(restored->sameLog, sameLog);
        QCOMPARE(restored->vault->conversations().list(0, 0).result()->size(), std::size_t(3));
        QCOMPARE(restored->vault->audit().logId() == made.auditLog, sameLog);
        QVERIFY(restored->vault->audit().head().result()->size >= 2);
        QVERIFY(restored->vault->inspection().run().result()->empty());
        QVERIFY(restored->vault->close().result());
        // All of the damaged one is kept.
        QVERIFY(fs::exists(fs::path(restored->keptFolder) / (damaged == "vault.db" ? "audit.db" : "vault.db")));
        QVERIFY(!fs::exists(fs::path(restored->keptFolder) / damaged.toStdString()));
        QVERIFY(m_place->open()->audit().logId().size() > 10);
    }

    /// A passphrase that was changed after the backup stays changed.
    void theNewerSlotsCount()
    {
        backedUp();
        {
            const auto vault = m_place->open();
            const auto slots = *vault->slots().list().result();
            QVERIFY(vault->slots().remove(slots.back().id).result());
            QVERIFY(vault->close().result());
        }
        fs::remove(m_place->files().vaultDatabase);
        QVERIFY(filesOf(*m_place).restore(file(), VaultDirectory::secret(), RestorePlace::Damaged, {}).result().ok());
        QThreadPool::globalInstance()->waitForDone();
        QCOMPARE(m_place->store().open(passphrase("a good passphrase")).result().error().code,
                 ErrorCode::WrongPassphrase);
        QVERIFY(m_place->store().open(VaultDirectory::secret()).result().ok());
    }

    void ofAnOlderSchema()
    {
        VaultOptions older = m_place->options();
        const auto all = vaultMigrations();
        older.migrations = all.first(all.size() - 1);
        const auto vault = DirectoryVaultStore(older, m_place->clock()).create(VaultDirectory::secret()).result();
        QVERIFY(vault.ok());
        QVERIFY((*vault)->close().result());
        // Of a schema without a list of backups none can be made; so it is the file of before the migration.
        const auto migrated = m_place->open();
        QCOMPARE(migrated->backups().list().result()->size(), std::size_t(1));
        QCOMPARE(migrated->backups().list().result()->front().kind, BackupKind::BeforeMigration);
    }

    /// Back to before the last update of the format, without what was erased since.
    void rollsBack()
    {
        const auto all = vaultMigrations();
        std::vector<Migration> newer(all.begin(), all.end());
        newer.push_back({newestVersion(all) + 1, "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;"});
        std::vector<ConversationId> ids;
        {
            const auto vault = m_place->create();
            addConversations(vault->conversations(), 3);
            for (const Conversation &conversation : *vault->conversations().list(0, 0).result())
                ids.push_back(conversation.id);
            QVERIFY(vault->close().result());
        }
        VaultOptions options = m_place->options();
        options.migrations = newer;
        {
            const auto vault = *DirectoryVaultStore(options, m_place->clock()).open(VaultDirectory::secret()).result();
            addConversations(vault->conversations(), 1);
            const auto erased = vault->erasures().erase({AttemptId::make(1), {ids.front()}, {}, {}, 1}).result();
            QVERIFY2(erased.ok(), failure(erased).c_str());
            const auto preview = vault->backups().previewRollback({}).result();
            QVERIFY2(preview.ok(), failure(preview).c_str());
            QCOMPARE(preview->conversationsDropped, std::int64_t(1));
            QCOMPARE(preview->erasedKeptOut, std::int64_t(1));
            const auto back = vault->backups().rollback({}).result();
            QVERIFY2(back.ok(), failure(back).c_str());
            QCOMPARE(vault->conversations().list(0, 0).result().error().code, ErrorCode::VaultLocked);
            static_cast<void>(vault->close().result());
        }
        QThreadPool::globalInstance()->waitForDone();
        QVERIFY(!m_place->has("before-migration.db"));
        const auto again = m_place->open(); // the older program
        QCOMPARE(again->conversations().list(0, 0).result()->size(), std::size_t(2));
        QCOMPARE(again->conversations().find(ids.front()).result().error().code, ErrorCode::NotFound);
        QCOMPARE(again->erasures().registered().result()->size() > 0, true);
        QVERIFY(again->inspection().run().result()->empty());
        QCOMPARE(again->backups().rollback({}).result().error().code, ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestRestoring)
#include "tst_restoring.moc"
