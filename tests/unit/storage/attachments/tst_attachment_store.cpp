// SPDX-License-Identifier: Apache-2.0
// Attachments in a vault: what is kept, what a crash, a full disk, an erasure and locking leave.
#include "storage/attachments/attachment_file.h"
#include "storage/attachments/file_attachment_store.h"
#include "storage/repositories/sqlite_erasure_repository.h"
#include "tests/support/disk/small_disk.h"
#include "tests/support/fakes/movable_clock.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace tramontane;
using namespace tramontane::test;
using vault::FileAttachmentStore;
namespace fs = std::filesystem;

class TestAttachmentStore : public QObject {
    Q_OBJECT
public:
    explicit TestAttachmentStore(bool privateMounts) : m_privateMounts(privateMounts) {}

private:
    bool m_privateMounts;
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;
    fs::path m_attachments;
    MovableClock m_clock;
    std::unique_ptr<VaultFixture> m_vault;
    std::unique_ptr<FileAttachmentStore> m_store;

    void open()
    {
        m_store.reset();
        m_store = std::make_unique<FileAttachmentStore>(m_attachments, m_vault->database(), VaultFixture::fixedKey(),
                                                        "01928f4e-5b6c-7d8e-9f00-112233445566", m_clock);
    }
    Message message()
    {
        const auto question = questionIn({}, {}, "a question");
        if (!m_vault->conversations().storeQuestion(question).result())
            qFatal("no conversation for the test");
        return *question.question;
    }
    std::string source(const std::string &content, const std::string &name = "notes.txt")
    {
        std::ofstream(m_root / name, std::ios::binary) << content;
        return (m_root / name).string();
    }
    std::shared_ptr<AttachmentAddition> start(MessageId whose, const std::string &file, std::uint64_t most = 1 << 30)
    {
        return m_store->add({whose, file, "notes.txt", "text/plain", most});
    }
    Result<Attachment> add(MessageId whose, const std::string &content)
    {
        return start(whose, source(content))->added().result();
    }
    Result<std::string> readBack(AttachmentId id)
    {
        const auto reader = m_store->read(id).result();
        if (!reader)
            return reader.error();
        std::string all;
        for (;;) {
            const auto piece = (*reader)->next().result();
            if (!piece)
                return piece.error();
            if (piece->empty())
                return all;
            all += *piece;
        }
    }
    std::vector<fs::path> files() const
    {
        std::vector<fs::path> found;
        if (fs::exists(m_attachments)) {
            for (const auto &entry : fs::directory_iterator(m_attachments))
                found.push_back(entry.path());
        }
        std::ranges::sort(found);
        return found;
    }
    std::int64_t rows() { return m_vault->count("SELECT count(*) FROM attachment"); }
    std::int64_t keys() { return m_vault->count("SELECT count(*) FROM content_key"); }

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_root = fs::path(m_folder->path().toStdU16String());
        m_attachments = m_root / "attachments";
        m_vault = std::make_unique<VaultFixture>(m_root);
        open();
    }
    void cleanup()
    {
        m_store.reset();
        m_vault.reset();
    }

    void isKept()
    {
        const Message whose = message();
        const std::string content(200'000, 'c');
        const auto first = add(whose.id, content);
        QVERIFY(first);
        const auto second = add(whose.id, "");
        QVERIFY(second);
        QCOMPARE(first->bytes, std::uint64_t(200'000));
        QCOMPARE(toHex(first->sha256), toHex(sha256(content)));
        open();
        const auto listed = *m_store->list(whose.conversation).result();
        QCOMPARE(listed.size(), std::size_t(2));
        QCOMPARE(listed[0].id, first->id);
        QCOMPARE(listed[0].name, std::string("notes.txt"));
        QCOMPARE(listed[1].position, 1);
        QCOMPARE(*readBack(first->id), content);
        QCOMPARE(*readBack(second->id), std::string());
        QCOMPARE(files().size(), std::size_t(2));
    }

    void nothingReadableLiesOnTheDisk()
    {
        const Message whose = message();
        QVERIFY(add(whose.id, std::string(100'000, 'x') + "Qxzattachmentmarker" + std::string(100'000, 'y')));
        for (const fs::path &path : files()) {
            std::ifstream file(path, std::ios::binary);
            const std::string bytes{std::istreambuf_iterator<char>(file), {}};
            QVERIFY(bytes.find("Qxzattachmentmarker") == std::string::npos);
            QVERIFY(bytes.find("notes") == std::string::npos);
            QVERIFY(path.filename().string().find("notes") == std::string::npos);
        }
    }

    void whatCannotBeAttached()
    {
        const Message whose = message();
        QCOMPARE(start(whose.id, (m_root / "nowhere").string())->added().result().error().code, ErrorCode::NotFound);
        QCOMPARE(start(whose.id, m_root.string())->added().result().error().code, ErrorCode::InvalidArgument);
        QCOMPARE(start(whose.id, source("12345"), 4)->added().result().error().code, ErrorCode::InvalidArgument);
        QCOMPARE(add(MessageId::make(1), "x").error().code, ErrorCode::NotFound);
        QCOMPARE(m_store->add({whose.id, source("x"), "a/b", "text/plain", 10})->added().result().error().code,
                 ErrorCode::InvalidArgument);
        SqliteErasureRepository erasures(m_vault->database());
        QVERIFY(erasures.moveToBin({whose.conversation}, 1).result());
        QCOMPARE(add(whose.id, "x").error().code, ErrorCode::NotFound);
        QCOMPARE(rows(), 0);
        QCOMPARE(keys(), 0);
        QCOMPARE(files(), std::vector<fs::path>());
    }

    void aLinkIsFollowed()
    {
        const Message whose = message();
        source("through a link", "real");
        fs::create_symlink(m_root / "real", m_root / "link");
        const auto added = start(whose.id, (m_root / "link").string())->added().result();
        QVERIFY(added);
        QCOMPARE(*readBack(added->id), std::string("through a link"));
    }

    void cancelledOrLetGo()
    {
        const Message whose = message();
        const std::string file = source(std::string(20 << 20, 'z'));
        auto addition = start(whose.id, file);
        addition->cancel();
        const auto answer = addition->added();
        addition.reset();
        QCOMPARE(answer.result().error().code, ErrorCode::Cancelled);
        const auto letGo = start(whose.id, file)->added();
        QCOMPARE(letGo.result().error().code, ErrorCode::Cancelled);
        QCOMPARE(rows(), 0);
        QCOMPARE(files(), std::vector<fs::path>());
    }

    void lockingEndsWhatRuns()
    {
        const Message whose = message();
        const auto small = add(whose.id, "small");
        QVERIFY(small);
        const auto reader = *m_store->read(small->id).result();
        const auto addition = start(whose.id, source(std::string(30 << 20, 'z')));
        m_store->close();
        const auto added = addition->added().result();
        if (!added) // it may just have been quick enough
            QCOMPARE(added.error().code, ErrorCode::VaultLocked);
        QCOMPARE(reader->next().result().error().code, ErrorCode::VaultLocked);
        QCOMPARE(start(whose.id, source("x"))->added().result().error().code, ErrorCode::VaultLocked);
        open();
        QVERIFY(m_store->sweep().result());
        QCOMPARE(std::int64_t(files().size()), rows());
    }

    void whatACrashLeavesIsSwept()
    {
        const Message whose = message();
        const auto kept = add(whose.id, "kept");
        QVERIFY(kept);
        m_store.reset();
        const std::string half = std::string(32, 'a') + ".unfinished";
        const std::string orphan = std::string(32, 'b') + ".attachment";
        const std::string foreign = std::string(32, 'c') + ".attachment";
        std::ofstream(m_attachments / half) << "TRMAT";
        fs::copy_file(files().front(), m_attachments / orphan);
        std::ofstream(m_attachments / foreign) << "somebody else's file";
        std::ofstream(m_attachments / "notes.attachment") << "TRMATTCH";
        open();
        QVERIFY(m_store->sweep().result());
        QVERIFY(!fs::exists(m_attachments / half));
        QVERIFY(!fs::exists(m_attachments / orphan));
        QVERIFY(fs::exists(m_attachments / foreign));
        QVERIFY(fs::exists(m_attachments / "notes.attachment"));
        QCOMPARE(*readBack(kept->id), std::string("kept"));
    }

    void aKeyThatDoesNotOpenCostsNoFile()
    {
        const Message whose = message();
        const auto broken = add(whose.id, "one");
        const auto whole = add(whose.id, "two");
        QVERIFY(broken && whole);
        const std::string spoil = "UPDATE content_key SET wrapped = zeroblob(48) WHERE hex(id) = upper(replace('"
                                  + broken->id.text() + "', '-', ''))";
        QVERIFY(m_vault->database().write([spoil](sqlite::Connection &c) { return c.execute(spoil); }).result());
        QCOMPARE(*m_store->sweep().result(), 0);
        QCOMPARE(files().size(), std::size_t(2));
        QCOMPARE(readBack(broken->id).error().code, ErrorCode::AttachmentDamaged);
        QCOMPARE(*readBack(whole->id), std::string("two"));
    }

    void swappedRenamedAndMissingFiles()
    {
        const Message whose = message();
        const auto one = add(whose.id, "first");
        const auto two = add(whose.id, "again");
        QVERIFY(one && two);
        const auto all = files();
        fs::rename(all[0], m_attachments / "aside");
        fs::rename(all[1], all[0]);
        fs::rename(m_attachments / "aside", all[1]);
        QCOMPARE(readBack(one->id).error().code, ErrorCode::AttachmentDamaged);
        QCOMPARE(readBack(two->id).error().code, ErrorCode::AttachmentDamaged);
        fs::rename(all[0], m_attachments / "aside");
        QCOMPARE(readBack(one->id).error().code, ErrorCode::AttachmentDamaged);
        QCOMPARE(readBack(two->id).error().code, ErrorCode::AttachmentDamaged);
        // A row that says another name: the file says its own.
        QVERIFY(m_vault->database()
                    .write([](sqlite::Connection &c) { return c.execute("UPDATE attachment SET name = 'votes.txt'"); })
                    .result());
        QCOMPARE(readBack(one->id).error().code, ErrorCode::AttachmentDamaged);
    }

    void anErasureTakesFileAndKey()
    {
        const Message whose = message();
        const auto alone = add(whose.id, "alone");
        const auto other = add(message().id, "stays");
        QVERIFY(alone && other && add(whose.id, "too"));
        SqliteErasureRepository erasures(m_vault->database());
        QVERIFY(erasures.erase({AttemptId::make(1), {}, {}, {alone->id}, 1}).result());
        QCOMPARE(*m_store->sweep().result(), 1);
        QCOMPARE(readBack(alone->id).error().code, ErrorCode::NotFound);
        const auto scope = erasures.erase({AttemptId::make(2), {whose.conversation}, {}, {}, 2}).result();
        QVERIFY(scope);
        QCOMPARE(scope->attachments, 1);
        QCOMPARE(*m_store->sweep().result(), 1);
        QCOMPARE(files().size(), std::size_t(1));
        QCOMPARE(keys(), 1);
        QCOMPARE(*readBack(other->id), std::string("stays"));
        QCOMPARE(m_vault->count("SELECT count(*) FROM erasure WHERE kind = 'attachment'"), 2);
    }

    void aFullDisk()
    {
        if (!m_privateMounts)
            QSKIP("This system allows no mounts of our own.");
        const Message whose = message();
        m_store.reset();
        fs::create_directory(m_root / "disk");
        const SmallDisk disk(m_root / "disk", 4 << 20);
        QVERIFY(disk.mounted());
        m_attachments = disk.path() / "attachments";
        open();
        const auto kept = add(whose.id, std::string(1 << 20, 'k'));
        QVERIFY(kept);
        QCOMPARE(add(whose.id, std::string(8 << 20, 'b')).error().code, ErrorCode::NoSpace);
        QVERIFY(disk.fill());
        QCOMPARE(add(whose.id, "tiny").error().code, ErrorCode::NoSpace);
        QCOMPARE(files().size(), std::size_t(1));
        QCOMPARE(rows(), 1);
        QCOMPARE(*readBack(kept->id), std::string(1 << 20, 'k'));
        QVERIFY(disk.makeRoom());
        QVERIFY(disk.setReadOnly(true));
        QCOMPARE(add(whose.id, "tiny").error().code, ErrorCode::StorageReadOnly);
        QCOMPARE(*readBack(kept->id), std::string(1 << 20, 'k'));
        QVERIFY(disk.setReadOnly(false));
        m_store.reset();
    }

    void twoAtOnce()
    {
        const Message whose = message();
        const std::string big = source(std::string(3 << 20, 'b'), "big");
        std::vector<std::shared_ptr<AttachmentAddition>> running;
        for (int i = 0; i < 6; ++i)
            running.push_back(start(whose.id, big));
        const auto sweeping = m_store->sweep();
        for (const auto &addition : running)
            QVERIFY(addition->added().result());
        QVERIFY(sweeping.result());
        QCOMPARE(rows(), 6);
        QCOMPARE(files().size(), std::size_t(6));
        QCOMPARE(m_vault->count("SELECT count(DISTINCT position) FROM attachment"), 6);
    }
};

int main(int argc, char **argv)
{
    const bool privateMounts = enterPrivateMounts();
    QCoreApplication application(argc, argv);
    TestAttachmentStore test(privateMounts);
    return QTest::qExec(&test, argc, argv);
}

#include "tst_attachment_store.moc"
