// SPDX-License-Identifier: Apache-2.0
// Backups of an open vault: made while it is used, and taken over again.
#include "app/contracts/backup_store.h"
#include "storage/directory/database_swap.h"
#include "storage/sqlite/content_hash.h"
#include "tests/support/disk/small_disk.h"
#include "tests/support/pages/decrypted_pages.h"
#include "tests/unit/storage/vault/vault_directory_fixture.h"

#include <QTest>

using namespace tramontane;
using namespace tramontane::test;
using namespace tramontane::vault;
namespace fs = std::filesystem;

namespace {

struct Said {
    QuestionToStore question;
    MessageId answer;
};

Said say(OpenVault &vault, const std::string &text, ConversationId in = {}, MessageId below = {})
{
    const auto question = questionIn(in, below, text, SystemClock().utcMs());
    if (!vault.conversations().storeQuestion(question).result()
        || !vault.conversations().storeAnswer(answerTo(question, "answer to " + text)).result())
        qFatal("no content for the test");
    vault.conversations().settle(question.attempt, {});
    return {question, question.answer};
}

std::size_t hits(OpenVault &vault, const std::string &word)
{
    return vault.conversations().search({.text = word, .limit = 100}).result()->hits.size();
}

} // namespace

class TestBackups : public QObject {
    Q_OBJECT
public:
    explicit TestBackups(bool privateMounts) : m_privateMounts(privateMounts) {}

private:
    bool m_privateMounts;
    std::unique_ptr<VaultDirectory> m_place;

    std::string file(const char *name = "one.backup") const { return (m_place->folder() / name).string(); }
    BackupContent backUp(OpenVault &vault, const char *name = "one.backup") const
    {
        const auto made = vault.backups().create(file(name), {}).result();
        if (!made)
            qFatal("%s %s", made.error().message.c_str(), made.error().detail.c_str());
        return *made;
    }
    RestoreEffect restore(OpenVault &vault, RestoreMode mode, const char *name = "one.backup") const
    {
        const auto done = vault.backups().restore(file(name), mode, {}).result();
        if (!done)
            qFatal("%s %s", done.error().message.c_str(), done.error().detail.c_str());
        return *done;
    }

    /// As if it had been lost: gone, and not in the register.
    void lose(std::shared_ptr<OpenVault> &vault, ConversationId id) const
    {
        bool done = vault->erasures().erase({AttemptId::make(1), {id}, {}, {}, 1}).result().ok();
        done = done && vault->close().result();
        auto connection = sqlite::Connection::open(m_place->files().vaultDatabase, m_place->keys().vault, {});
        if (!done || !connection || !(*connection)->execute("DELETE FROM erasure") || !(*connection)->close())
            qFatal("nothing was lost for the test");
        vault = m_place->open();
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void init() { m_place = std::make_unique<VaultDirectory>(); }
    void cleanup() { QThreadPool::globalInstance()->waitForDone(); }

    void isMadeWhileTheVaultIsUsed()
    {
        const auto vault = m_place->create();
        addConversations(vault->conversations(), 300);
        auto made = vault->backups().create(file(), {});
        int written = 0;
        while (!made.isFinished() || written < 3) {
            addConversations(vault->conversations(), 1);
            ++written;
        }
        QVERIFY2(made.result().ok(), made.result() ? "" : made.result().error().detail.c_str());
        const BackupContent content = *made.result();
        QVERIFY(content.conversations >= 300 && content.conversations <= 300 + written);
        // Perhaps between a question and its answer.
        QVERIFY(content.messages == 2 * content.conversations || content.messages == 2 * content.conversations - 1);
        QCOMPARE(content.info.bytes, std::uint64_t(fs::file_size(file())));
        QCOMPARE(content.auditHead.size, std::uint64_t(1));
        const auto known = vault->backups().list().result();
        QCOMPARE(known->size(), std::size_t(1));
        QCOMPARE(known->front().id, content.info.id);
        QVERIFY(known->front().found);
        QVERIFY(!m_place->has("backup-work"));
        fs::remove(file());
        QVERIFY(!vault->backups().list().result()->front().found);
    }

    void bringsBackWhatIsGone()
    {
        const auto vault = m_place->create();
        const Said kept = say(*vault, "kept");
        const BackupContent backup = backUp(*vault);
        QCOMPARE(backup.conversations, std::int64_t(1));
        say(*vault, "later");
        const auto preview = vault->backups().preview(file(), RestoreMode::Replace, {}).result();
        QVERIFY(preview.ok());
        QCOMPARE(preview->conversationsDropped, std::int64_t(1));
        QCOMPARE(preview->messagesDropped, std::int64_t(2));
        QCOMPARE(hits(*vault, "later"), std::size_t(2)); // nothing was changed
        const RestoreEffect effect = restore(*vault, RestoreMode::Replace);
        QCOMPARE(effect.conversationsDropped, std::int64_t(1));
        QCOMPARE(effect.conversationsAdded, std::int64_t(0));
        QCOMPARE(hits(*vault, "later"), std::size_t(0));
        QCOMPARE(hits(*vault, "kept"), std::size_t(2));
        say(*vault, "goes on", kept.question.conversation.id, kept.answer);
        QVERIFY(vault->close().result());
        const auto again = m_place->open();
        QCOMPARE(again->conversations().list(0, 0).result()->size(), std::size_t(1));
        QCOMPARE(hits(*again, "goes"), std::size_t(2));
        QVERIFY(again->inspection().run().result()->empty());
    }

    void mergingAddsAndChangesNothing()
    {
        auto vault = m_place->create();
        const Said both = say(*vault, "both");
        const Said gone = say(*vault, "lonely");
        say(*vault, "end of it", both.question.conversation.id, both.answer);
        const auto folder = vault->folders().create({}, "Cases").result();
        QVERIFY(folder.ok());
        QVERIFY(vault->folders().place({gone.question.conversation.id}, folder->id).result());
        backUp(*vault);
        lose(vault, gone.question.conversation.id);
        const Said branch = say(*vault, "other branch", both.question.conversation.id, both.answer);
        say(*vault, "later");
        const RestoreEffect effect = restore(*vault, RestoreMode::Merge);
        QCOMPARE(effect.conversationsAdded, std::int64_t(1));
        QCOMPARE(effect.messagesAdded, std::int64_t(2));
        QCOMPARE(effect.conversationsDropped, std::int64_t(0));
        for (const char *word : {"both", "lonely", "end", "branch", "later"})
            QVERIFY2(hits(*vault, word) == 2, word);
        QCOMPARE(vault->conversations().find(gone.question.conversation.id).result()->folder, folder->id);
        QCOMPARE(vault->conversations().versions(branch.question.question->id).result()->size(), std::size_t(2));
        // A second time there is nothing to add.
        QCOMPARE(restore(*vault, RestoreMode::Merge).messagesAdded, std::int64_t(0));
        QVERIFY(vault->inspection().run().result()->empty());
    }

    /// What the vault or its log know as erased never comes back, in either way.
    void keepsOutWhatWasErased()
    {
        for (const RestoreMode mode : {RestoreMode::Merge, RestoreMode::Replace}) {
            VaultDirectory place;
            const auto vault = place.create();
            const std::string backup = (place.folder() / "b").string();
            const Said erased = say(*vault, "verboten");
            const Said inLog = say(*vault, "logged");
            say(*vault, "allowed");
            QVERIFY(vault->backups().create(backup, {}).result());
            QVERIFY(
                vault->erasures().erase({AttemptId::make(1), {erased.question.conversation.id}, {}, {}, 1}).result());
            AuditEvent event;
            event.event = "erasure.completed";
            event.outcome = Outcome::Success;
            event.object = AuditObject{
                .type = "conversation", .id = inLog.question.conversation.id.text(), .label = {}, .contentCommit = {}};
            QVERIFY(vault->audit().append(event).result());
            const auto effect = vault->backups().restore(backup, mode, {}).result();
            QVERIFY2(effect.ok(), effect ? "" : effect.error().detail.c_str());
            QCOMPARE(effect->erasedKeptOut, std::int64_t(2));
            QCOMPARE(hits(*vault, "verboten"), std::size_t(0));
            // Merging changes nothing that is there.
            QCOMPARE(hits(*vault, "logged"), mode == RestoreMode::Replace ? std::size_t(0) : std::size_t(2));
            QCOMPARE(hits(*vault, "allowed"), std::size_t(2));
            QVERIFY(!vault->erasures().registered().result()->empty());
            QVERIFY(vault->close().result());
        }
    }

    /// Yesterday's backup is restored after an erasure: the text is in no page, write-ahead log or index of the vault, nor in
    /// anything else that lies in its folder under its key.
    void noPageHoldsWhatWasErased()
    {
        for (const RestoreMode mode : {RestoreMode::Merge, RestoreMode::Replace}) {
            VaultDirectory place;
            const auto vault = place.create();
            const std::string backup = (place.folder() / "b").string();
            addConversations(vault->conversations(), 50, 700);
            const Said erased = say(*vault, "Herbstzeitlose " + std::string(6000, 'H'));
            addConversations(vault->conversations(), 50, 700);
            QVERIFY(vault->backups().create(backup, {}).result());
            QVERIFY(
                vault->erasures().erase({AttemptId::make(1), {erased.question.conversation.id}, {}, {}, 1}).result());
            QVERIFY(vault->erasures().cleanUp().result());
            QVERIFY(vault->backups().restore(backup, mode, {}).result());
            const std::vector<std::string> markers{"Herbstzeitlose", "herbstzeitlose", std::string(40, 'H')};
            const DataKeys keys = place.keys();
            const auto pages = decryptedPages(place.files().vaultDatabase, keys.vault);
            QVERIFY(!pages.empty());
            QVERIFY(!pagesWith(pages, {"marker-49"}).empty()); // a control: what is there is seen
            QCOMPARE(pagesWith(pages, markers), std::vector<std::size_t>());
            QVERIFY(vault->close().result());
            QCOMPARE(pagesWith(decryptedPages(place.files().vaultDatabase, keys.vault), markers),
                     std::vector<std::size_t>());
            for (const char *name : {"vault.db.next", "backup-work", "before-migration.db"})
                QVERIFY2(!place.has(name), name);
        }
    }

    /// Backed up while it was being written, erased when it was complete: recovery must not make it again.
    void anAnswerThatWasBeingWrittenStaysErased()
    {
        const auto vault = m_place->create();
        const auto question = questionIn({}, {}, "asked");
        QVERIFY(vault->conversations().storeQuestion(question).result());
        QVERIFY(vault->conversations()
                    .appendStreamParts({{question.answer, 0, BlockKind::Text, "half of it verboten"}})
                    .result());
        backUp(*vault);
        QVERIFY(vault->conversations().storeAnswer(answerTo(question, "all of it verboten")).result());
        vault->conversations().settle(question.attempt, {});
        QVERIFY(vault->erasures().erase({AttemptId::make(1), {}, {question.answer}, {}, 1}).result());
        QCOMPARE(restore(*vault, RestoreMode::Replace).erasedKeptOut, std::int64_t(1));
        QVERIFY(vault->conversations().leftovers().result()->empty());
        QCOMPARE(hits(*vault, "verboten"), std::size_t(0));
        const auto pages = decryptedPages(m_place->files().vaultDatabase, m_place->keys().vault);
        QCOMPARE(pagesWith(pages, {"verboten"}), std::vector<std::size_t>());
    }

    /// A file that is there and damaged is what a backup is for.
    void aDamagedAttachmentIsRepaired()
    {
        const auto vault = m_place->create();
        const Said said = say(*vault, "with a file");
        const fs::path source = m_place->folder() / "source.txt";
        std::ofstream(source) << std::string(1000, 'x');
        QVERIFY(vault->attachments()
                    .add({said.question.question->id, source.string(), "source.txt", "text/plain", 1 << 20})
                    ->added()
                    .result());
        backUp(*vault);
        fs::resize_file(fs::directory_iterator(m_place->files().attachments)->path(), 100);
        QVERIFY(!vault->inspection().run().result()->empty());
        restore(*vault, RestoreMode::Merge);
        QVERIFY(vault->inspection().run().result()->empty());
    }

    /// What was left by a program that was killed goes at the next opening.
    void nothingUnfinishedStays()
    {
        QVERIFY(m_place->create()->close().result());
        fs::create_directories(m_place->files().backupWork);
        std::ofstream(m_place->files().backupWork / "vault.db") << "a copy";
        fs::create_directories(m_place->path().string() + ".unfinished-x");
        const auto vault = m_place->open();
        QVERIFY(!m_place->has("backup-work"));
        QVERIFY(!fs::exists(m_place->path().string() + ".unfinished-x"));
    }

    void attachmentsComeBack()
    {
        auto vault = m_place->create();
        const Said said = say(*vault, "with a file");
        const fs::path source = m_place->folder() / "source.txt";
        std::ofstream(source) << std::string(200'000, 'x');
        const auto added = vault->attachments()
                               .add({said.question.question->id, source.string(), "source.txt", "text/plain", 1 << 20})
                               ->added()
                               .result();
        QVERIFY2(added.ok(), added ? "" : added.error().message.c_str());
        QCOMPARE(backUp(*vault).attachments, std::int64_t(1));
        lose(vault, said.question.conversation.id);
        QVERIFY(vault->attachments().sweep().result());
        QCOMPARE(vault->attachments().find(added->id).result().error().code, ErrorCode::NotFound);
        QCOMPARE(restore(*vault, RestoreMode::Merge).attachmentsAdded, std::int64_t(1));
        const auto reader = vault->attachments().read(added->id).result();
        QVERIFY(reader.ok());
        std::string content;
        for (;;) {
            const auto piece = (*reader)->next().result();
            QVERIFY(piece.ok());
            if (piece->empty())
                break;
            content += *piece;
        }
        QVERIFY(content == std::string(200'000, 'x'));
        QVERIFY(vault->inspection().run().result()->empty());
    }

    void aHoldWins()
    {
        const auto vault = m_place->create();
        say(*vault, "before");
        backUp(*vault);
        const Said held = say(*vault, "held");
        QVERIFY(vault->retention().setHold(held.question.conversation.id, {}, "court").result());
        const auto refused = vault->backups().restore(file(), RestoreMode::Replace, {}).result();
        QCOMPARE(refused.error().code, ErrorCode::OnHold);
        QVERIFY(refused.error().message.find("court") != std::string::npos);
        QCOMPARE(hits(*vault, "held"), std::size_t(2));
        QVERIFY(vault->backups().restore(file(), RestoreMode::Merge, {}).result());
        backUp(*vault, "two.backup");
        say(*vault, "after");
        QVERIFY(vault->backups().restore(file("two.backup"), RestoreMode::Replace, {}).result());
        QCOMPARE(vault->retention().holds().result()->size(), std::size_t(1));
        QCOMPARE(hits(*vault, "after"), std::size_t(0));
    }

    /// Put into a held folder after the backup: going back would take it out.
    void aHoldOnAFolderWins()
    {
        const auto vault = m_place->create();
        const Said said = say(*vault, "moved");
        const auto folder = vault->folders().create({}, "Cases").result();
        backUp(*vault);
        QVERIFY(vault->folders().place({said.question.conversation.id}, folder->id).result());
        QVERIFY(vault->retention().setHold({}, folder->id, "court").result());
        QCOMPARE(vault->backups().restore(file(), RestoreMode::Replace, {}).result().error().code, ErrorCode::OnHold);
        QCOMPARE(vault->conversations().find(said.question.conversation.id).result()->folder, folder->id);
    }

    /// A backup from before the key was changed: its content comes back under the new key.
    void afterAnotherKey()
    {
        const auto vault = m_place->create();
        say(*vault, "old key");
        backUp(*vault);
        const DataKeys before = m_place->keys();
        QVERIFY(vault->maintenance().rotateKey({}).result());
        say(*vault, "new key");
        restore(*vault, RestoreMode::Replace);
        QCOMPARE(hits(*vault, "old"), std::size_t(2));
        QVERIFY(vault->close().result());
        QCOMPARE(*opensWith(m_place->files().vaultDatabase, before.vault), false);
        QCOMPARE(m_place->open()->conversations().list(0, 0).result()->size(), std::size_t(1));
    }

    void saysWhatIsWrongAndLeavesNothing()
    {
        const auto vault = m_place->create();
        say(*vault, "one");
        backUp(*vault);
        const auto twice = vault->backups().create(file(), {}).result();
        QCOMPARE(twice.error().code, ErrorCode::VaultExists);
        QCOMPARE(vault->backups().create(file("no/folder/b"), {}).result().error().code, ErrorCode::NotFound);
        std::stop_source stop;
        const auto stopped = vault->backups()
                                 .create(file("stopped"), {[&](auto, auto) { stop.request_stop(); }, stop.get_token()})
                                 .result();
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        VaultDirectory other;
        const auto foreign = other.create();
        QCOMPARE(foreign->backups().restore(file(), RestoreMode::Merge, {}).result().error().code,
                 ErrorCode::VaultForeign);
        QCOMPARE(foreign->backups().restore(file("missing"), RestoreMode::Merge, {}).result().error().code,
                 ErrorCode::NotFound);
        for (const auto &entry : fs::directory_iterator(m_place->folder()))
            QVERIFY2(entry.path().filename() == "one.backup" || entry.path().filename() == "vault",
                     entry.path().c_str());
        QCOMPARE(vault->backups().list().result()->size(), std::size_t(1));
        QCOMPARE(vault->backups().remove(Uuid::make(1).text()).result().error().code, ErrorCode::NotFound);
        QVERIFY(vault->backups().remove(vault->backups().list().result()->front().id).result());
        QVERIFY(!fs::exists(file()));
        QVERIFY(vault->backups().list().result()->empty());
    }

    /// A file of the same name that is something else stays.
    void removesOnlyItsOwn()
    {
        const auto vault = m_place->create();
        const BackupContent made = backUp(*vault);
        std::ofstream(file(), std::ios::binary | std::ios::trunc) << "something else";
        QVERIFY(vault->backups().remove(made.info.id).result());
        QVERIFY(fs::exists(file()));
    }

    /// Damaged anywhere: the vault is as before, byte for byte in what it says.
    void aDamagedBackupChangesNothing()
    {
        const auto vault = m_place->create();
        addConversations(vault->conversations(), 20);
        backUp(*vault);
        const std::string whole = m_place->content("../one.backup");
        say(*vault, "later");
        for (std::size_t part = 1; part < 20; ++part) {
            std::string changed = whole;
            changed[changed.size() * part / 20] ^= 1;
            std::ofstream(file("bad"), std::ios::binary | std::ios::trunc) << changed;
            for (const RestoreMode mode : {RestoreMode::Merge, RestoreMode::Replace}) {
                const auto refused = vault->backups().restore(file("bad"), mode, {}).result();
                QVERIFY(!refused.ok());
                QCOMPARE(refused.error().code, ErrorCode::VaultDamaged);
            }
        }
        QCOMPARE(hits(*vault, "later"), std::size_t(2));
        QVERIFY(!m_place->has("backup-work"));
        QVERIFY(vault->inspection().run().result()->empty());
    }

    void aFullDisk()
    {
        if (!m_privateMounts)
            QSKIP("this system lets nobody mount a small disk here");
        QTemporaryDir folder;
        const fs::path mount = folder.path().toStdString();
        const SmallDisk disk(mount, 12 << 20);
        VaultDirectory place(mount / "vault");
        const auto vault = place.create();
        addConversations(vault->conversations(), 400, 4000); // about 5 MiB: no room for two of it
        const auto refused = vault->backups().create((mount / "b").string(), {}).result();
        QCOMPARE(refused.error().code, ErrorCode::NoSpace);
        QVERIFY(!fs::exists(mount / "b") && !fs::exists(mount / "b.part"));
        QVERIFY(!place.has("backup-work"));
        QCOMPARE(vault->conversations().list(0, 0).result()->size(), std::size_t(400));
    }
};

int main(int argc, char **argv)
{
    const bool privateMounts = enterPrivateMounts();
    QCoreApplication application(argc, argv);
    TestBackups test(privateMounts);
    return QTest::qExec(&test, argc, argv);
}

#include "tst_backups.moc"
