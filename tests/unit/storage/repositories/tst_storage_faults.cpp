// SPDX-License-Identifier: Apache-2.0
#include "tests/support/disk/small_disk.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QTest>

using namespace tramontane;
using namespace tramontane::test;
namespace fs = std::filesystem;

/// vault.db on a disk that fills up or becomes read-only.
class TestStorageFaults : public QObject {
    Q_OBJECT
public:
    explicit TestStorageFaults(bool privateMounts) : m_privateMounts(privateMounts) {}

private:
    bool m_privateMounts;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SmallDisk> m_disk;
    std::unique_ptr<VaultFixture> m_vault;

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(initCrypto());
        if (!m_privateMounts)
            QSKIP("This system allows no mounts of our own.");
    }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_disk = std::make_unique<SmallDisk>(m_folder->path().toStdString(), 4 << 20);
        QVERIFY(m_disk->mounted());
        m_vault = std::make_unique<VaultFixture>(m_disk->path());
    }
    void cleanup()
    {
        m_vault.reset();
        m_disk.reset();
    }

    void keepsWhatWasThereOnAFullDisk()
    {
        const auto first = questionIn({}, {}, "acknowledged");
        QVERIFY(m_vault->conversations().storeQuestion(first).result());
        QVERIFY(m_disk->fill());
        const auto full =
            m_vault->conversations().storeQuestion(questionIn({}, {}, std::string(300'000, 'x'))).result();
        QVERIFY(!full);
        QCOMPARE(full.error().code, ErrorCode::NoSpace);
        QVERIFY(full.error().detail.find("xxxx") == std::string::npos);
        QCOMPARE(m_vault->count("SELECT count(*) FROM message"), 1);
        QCOMPARE(m_vault->conversations().search({.text = "acknowledged"}).result()->hits.size(), std::size_t(1));
        QVERIFY(m_disk->makeRoom());
        QVERIFY(m_vault->conversations().storeQuestion(questionIn({}, {}, std::string(300'000, 'x'))).result());
        QVERIFY(m_vault->reopen());
        QCOMPARE(m_vault->count("SELECT count(*) FROM message"), 2);
    }

    void opensAndReadsOnAFullDisk()
    {
        QVERIFY(m_vault->conversations().storeQuestion(questionIn({}, {}, "acknowledged")).result());
        QVERIFY(m_disk->fill());
        QVERIFY(m_vault->reopen());
        QCOMPARE(m_vault->conversations().list(0, 0).result()->size(), std::size_t(1));
        QCOMPARE(m_vault->conversations().search({.text = "acknowledged"}).result()->hits.size(), std::size_t(1));
    }

    void takesNoSecondStepWithoutTheFirst()
    {
        const auto question = questionIn({}, {}, "q");
        QVERIFY(m_vault->conversations().storeQuestion(question).result());
        QVERIFY(m_disk->fill());
        const auto answer =
            m_vault->conversations().storeAnswer(answerTo(question, std::string(300'000, 'x'))).result();
        QCOMPARE(answer.error().code, ErrorCode::NoSpace);
        QCOMPARE(m_vault->conversations().leftovers().result()->front().stage, PendingStage::Asked);
        QVERIFY(m_disk->makeRoom());
        QVERIFY(m_vault->conversations().storeAnswer(answerTo(question, std::string(300'000, 'x'))).result());
    }

    void saysThatTheDiskIsReadOnly()
    {
        QVERIFY(m_vault->conversations().storeQuestion(questionIn({}, {}, "q")).result());
        QVERIFY(m_vault->database().close().result());
        m_vault.reset();
        QVERIFY(m_disk->setReadOnly(true));
        const auto before = snapshotOf(m_disk->path());
        const auto key = VaultFixture::fixedKey();
        const auto refused = sqlite::Connection::open(m_disk->path() / "vault.db", key, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::StorageReadOnly);
        auto reading = sqlite::Connection::open(m_disk->path() / "vault.db", key, {.mode = sqlite::OpenMode::ReadOnly});
        QVERIFY(reading);
        VaultDatabase database(std::move(*reading));
        SqliteConversationRepository conversations(database);
        QCOMPARE(conversations.list(0, 0).result()->size(), std::size_t(1));
        QCOMPARE(conversations.storeQuestion(questionIn({}, {}, "q")).result().error().code,
                 ErrorCode::StorageReadOnly);
        QVERIFY(snapshotOf(m_disk->path()) == before);
    }
};

int main(int argc, char **argv)
{
    const bool privateMounts = enterPrivateMounts();
    QCoreApplication application(argc, argv);
    TestStorageFaults test(privateMounts);
    return QTest::qExec(&test, argc, argv);
}
#include "tst_storage_faults.moc"
