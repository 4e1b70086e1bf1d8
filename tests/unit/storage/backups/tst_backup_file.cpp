// SPDX-License-Identifier: Apache-2.0
// The file of a backup: what was written comes back, and anything else is found.
#include "storage/backups/backup_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace tramontane;
using namespace tramontane::vault;
namespace fs = std::filesystem;

namespace {

using Files = std::map<std::string, std::string>;

const std::string kAttachment = "attachments/00112233445566778899aabbccddeeff.attachment";

std::string read(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write(const fs::path &path, const std::string &content)
{
    std::ofstream(path, std::ios::binary) << content;
}

} // namespace

class TestBackupFile : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::optional<MasterKey> m_master;
    std::optional<Key32> m_key;

    fs::path at(const char *name) const { return fs::path(m_folder.path().toStdString()) / name; }
    BackupHeader header() const
    {
        BackupHeader header{.id = Uuid::make(1).text(),
                            .vaultId = Uuid::make(2).text(),
                            .createdMs = 3,
                            .schema = 4,
                            .appVersion = "1.2",
                            .slots = {},
                            .key = {}};
        const auto slot =
            makeSlot(header.vaultId,
                     {SlotKind::Keychain, std::make_shared<SecretBytes>(SecretBytes::copyOf(std::string(32, 'k')))},
                     *m_master, {}, 5);
        header.slots = slotFileText({header.vaultId, {*slot}});
        header.key = sealBackupKey(*m_key, header, *m_master);
        return header;
    }
    void make(const fs::path &path, const Files &files)
    {
        auto writer = BackupFileWriter::begin(at("new"), header(), *m_key);
        QVERIFY(writer.ok());
        for (const auto &[name, content] : files)
            QVERIFY(writer->addText(name, content));
        QVERIFY(writer->finish(path));
    }
    /// All files of a backup, or why not.
    Result<Files> take(const fs::path &path) const
    {
        auto reader = BackupFileReader::open(path);
        if (!reader)
            return reader.error();
        const auto key = openBackupKey(reader->header(), *m_master);
        if (!key)
            return key.error();
        reader->unlock(*key);
        Files files;
        for (;;) {
            const auto entry = reader->nextEntry();
            if (!entry)
                return entry.error();
            if (!*entry)
                return files;
            std::string &content = files[(*entry)->name];
            for (;;) {
                const auto piece = reader->nextPiece();
                if (!piece)
                    return piece.error();
                if (piece->empty())
                    break;
                content.append(piece->begin(), piece->end());
            }
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(initCrypto());
        m_master = MasterKey::random();
        m_key = Key32::random();
    }

    void givesBackWhatWasWritten()
    {
        const Files files{{"keys.json", "{}"},
                          {"vault.db", std::string(200'000, 'v')},
                          {"audit.db", ""},
                          {kAttachment, std::string(kBackupPiece, 'a')}};
        make(at("whole"), files);
        const auto back = take(at("whole"));
        QVERIFY2(back.ok(), back ? "" : back.error().detail.c_str());
        QVERIFY(*back == files);
        QVERIFY(read(at("whole")).find(std::string(100, 'v')) == std::string::npos);
        const auto reader = BackupFileReader::open(at("whole"));
        QCOMPARE(reader->header().appVersion, std::string("1.2"));
        QCOMPARE(backupInfo(reader->header(), 7)->slots.size(), std::size_t(1));
    }

    void namesOnlyWhatAVaultHas()
    {
        for (const char *name : {"keys.json", "vault.db", "audit.db"})
            QVERIFY(isBackupEntryName(name));
        QVERIFY(isBackupEntryName(kAttachment));
        for (const char *name : {"", "slots.json", "../vault.db", "attachments/", "attachments/../vault.db",
                                 "attachments/00112233445566778899aabbccddeef/.attachment",
                                 "attachments/00112233445566778899AABBCCDDEEFF.attachment",
                                 "attachments/00112233445566778899aabbccddeeff.attachment2"})
            QVERIFY2(!isBackupEntryName(name), name);
        make(at("foreign-name"), {{"../vault.db", "x"}});
        QCOMPARE(take(at("foreign-name")).error().code, ErrorCode::VaultDamaged);
    }

    /// Each byte of a small backup, and each length that is shorter.
    void findsEveryChange()
    {
        make(at("small"), {{"keys.json", "{}"}, {"vault.db", "v"}});
        const std::string whole = read(at("small"));
        for (std::size_t i = 0; i < whole.size(); ++i) {
            std::string changed = whole;
            changed[i] = static_cast<char>(changed[i] ^ 0x20);
            write(at("changed"), changed);
            const auto taken = take(at("changed"));
            QVERIFY2(!taken.ok(), qPrintable(QString::number(i)));
            const ErrorCode code = taken.error().code;
            QVERIFY2(code == ErrorCode::VaultDamaged || code == ErrorCode::VaultForeign
                         || code == ErrorCode::VaultNewerSchema,
                     qPrintable(QString::number(i)));
            write(at("changed"), whole.substr(0, i));
            QVERIFY2(!take(at("changed")).ok(), qPrintable(QString::number(i)));
        }
        write(at("changed"), whole + "x");
        QCOMPARE(take(at("changed")).error().code, ErrorCode::VaultDamaged);
    }

    /// Two backups under one key: neither takes the other's content.
    void belongsToItsHeader()
    {
        make(at("one"), {{"keys.json", "1"}});
        make(at("two"), {{"keys.json", "2"}});
        const std::string one = read(at("one"));
        const std::string two = read(at("two"));
        QCOMPARE(one.size(), two.size());
        const std::size_t content = 24 + (4 + 18 + 8 + 9) + (4 + 18 + 1) + (4 + 18 + 4);
        write(at("mixed"), one.substr(0, one.size() - content) + two.substr(two.size() - content));
        QCOMPARE(take(at("mixed")).error().code, ErrorCode::VaultDamaged);
        write(at("mixed"), two.substr(0, two.size() - content) + two.substr(two.size() - content));
        QVERIFY(take(at("mixed")).ok());
    }

    void refusesWhatIsNoBackup()
    {
        write(at("text"), "SQLite format 3");
        QCOMPARE(BackupFileReader::open(at("text")).error().code, ErrorCode::VaultForeign);
        write(at("empty"), "");
        QCOMPARE(BackupFileReader::open(at("empty")).error().code, ErrorCode::VaultForeign);
        QCOMPARE(BackupFileReader::open(at("missing")).error().code, ErrorCode::NotFound);
        write(at("long"), std::string(kBackupMagic) + "\xff\xff\xff\xff" + "{}");
        QCOMPARE(BackupFileReader::open(at("long")).error().code, ErrorCode::VaultDamaged);
        QCOMPARE(openBackupKey(header(), MasterKey::random()).error().code, ErrorCode::VaultDamaged);
    }
};

QTEST_GUILESS_MAIN(TestBackupFile)
#include "tst_backup_file.moc"
