// SPDX-License-Identifier: Apache-2.0
// One attachment's file: what a changed, cut, longer, swapped or foreign one gives.
#include "tests/support/attachments/attachment_values.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace tramontane;
using namespace tramontane::vault;
using namespace tramontane::test;
namespace fs = std::filesystem;

class TestAttachmentFile : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    fs::path m_root = fs::path(m_folder.path().toStdU16String());
    fs::path m_path = m_root / "file";

    void write(const std::string &content)
    {
        QVERIFY(writeAttachment(m_root / "new", m_path, content, attachmentHeader(content), attachmentKey()));
    }
    Result<AttachmentFileReader> open(const AttachmentHeader &header, const Key32 &key = attachmentKey())
    {
        return AttachmentFileReader::open(m_path, key, attachmentOwner(), header);
    }
    /// All of it; or the error, and in `given` what had been handed out.
    Result<std::string> readBack(const AttachmentHeader &header, std::string &given)
    {
        auto reader = open(header);
        if (!reader)
            return reader.error();
        for (;;) {
            auto piece = reader->next();
            if (!piece)
                return piece.error();
            if (piece->empty())
                return given;
            given += *piece;
        }
    }
    std::string bytes() const
    {
        std::ifstream file(m_path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void put(const std::string &bytes) const { std::ofstream(m_path, std::ios::binary | std::ios::trunc) << bytes; }
    /// A damaged file gives an error by name, and nothing before it but what is right.
    void expectDamaged(const std::string &content, const char *what)
    {
        std::string given;
        const auto read = readBack(attachmentHeader(content), given);
        QVERIFY2(!read.ok(), what);
        QVERIFY2(read.error().code == ErrorCode::AttachmentDamaged, what);
        QVERIFY2(content.starts_with(given), what);
        QVERIFY2(given.size() < content.size() || content.empty(), what);
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void cleanup() { fs::remove(m_path); }

    void comesBackWhole_data()
    {
        QTest::addColumn<int>("bytes");
        for (const int bytes : {0, 1, 1000, int(kAttachmentPiece) - 1, int(kAttachmentPiece), int(kAttachmentPiece) + 1,
                                3 * int(kAttachmentPiece)})
            QTest::addRow("%d", bytes) << bytes;
    }
    void comesBackWhole()
    {
        QFETCH(int, bytes);
        const std::string content = attachmentContent(std::size_t(bytes));
        write(content);
        QCOMPARE(fs::file_size(m_path), attachmentFileBytes(attachmentHeader(content)));
        std::string given;
        QCOMPARE(*readBack(attachmentHeader(content), given), content);
    }

    void theStoredExampleIsRead()
    {
        const fs::path example = fs::path(TRAMONTANE_SOURCE_DIR) / "tests/data/formats/attachment-v1.bin";
        QVERIFY2(fs::exists(example), example.c_str());
        fs::copy_file(example, m_path);
        const std::string content = attachmentContent(100'000);
        std::string given;
        QCOMPARE(*readBack(attachmentHeader(content), given), content);
    }

    void everyFlippedByteIsNoticed()
    {
        const std::string content = attachmentContent(900);
        write(content);
        const std::string good = bytes();
        for (std::size_t i = 0; i < good.size(); ++i) {
            std::string bad = good;
            bad[i] = static_cast<char>(bad[i] ^ (1 << i % 8));
            put(bad);
            expectDamaged(content, std::to_string(i).c_str());
        }
        put(good);
        std::string given;
        QCOMPARE(*readBack(attachmentHeader(content), given), content);
    }

    void everyLengthIsNoticed()
    {
        const std::string content = attachmentContent(900);
        write(content);
        const std::string good = bytes();
        for (std::size_t length = 0; length < good.size(); ++length) {
            put(good.substr(0, length));
            expectDamaged(content, std::to_string(length).c_str());
        }
        put(good + "x");
        expectDamaged(content, "longer");
    }

    void aPieceThatIsCutOffOrMoved()
    {
        const std::string content = attachmentContent(3 * kAttachmentPiece);
        write(content);
        const std::string good = bytes();
        const std::size_t sealed = kAttachmentPiece + kSealedMessageExtra;
        const std::size_t start = good.size() - 3 * sealed;
        // The second piece twice, the third never.
        put(good.substr(0, start + 2 * sealed) + good.substr(start + sealed, sealed));
        expectDamaged(content, "repeated");
        // The end cut off, and the row made to agree.
        put(good.substr(0, start + 2 * sealed));
        std::string given;
        AttachmentHeader shorter = attachmentHeader(content);
        shorter.bytes = 2 * kAttachmentPiece;
        QCOMPARE(readBack(shorter, given).error().code, ErrorCode::AttachmentDamaged);
        QVERIFY(given.empty());
    }

    void anotherNameSizeKeyOrOwner()
    {
        const std::string content = attachmentContent(900);
        write(content);
        AttachmentHeader other = attachmentHeader(content);
        other.name = "b report.pdf"; // of the same length
        QCOMPARE(open(other).error().code, ErrorCode::AttachmentDamaged);
        other = attachmentHeader(content);
        other.mediaType = "application/zip";
        QCOMPARE(open(other).error().code, ErrorCode::AttachmentDamaged);
        QCOMPARE(open(attachmentHeader(content), attachmentKey(61)).error().code, ErrorCode::AttachmentDamaged);
        AttachmentOwner owner = attachmentOwner();
        owner.vaultId.back() = '7';
        QCOMPARE(AttachmentFileReader::open(m_path, attachmentKey(), owner, attachmentHeader(content)).error().code,
                 ErrorCode::AttachmentDamaged);
        owner = attachmentOwner();
        owner.attachment = AttachmentId::make(1);
        QCOMPARE(AttachmentFileReader::open(m_path, attachmentKey(), owner, attachmentHeader(content)).error().code,
                 ErrorCode::AttachmentDamaged);
    }

    void missingOrNoFile()
    {
        QCOMPARE(open(attachmentHeader("x")).error().code, ErrorCode::AttachmentDamaged);
        fs::create_directory(m_path);
        QCOMPARE(open(attachmentHeader("x")).error().code, ErrorCode::AttachmentDamaged);
    }

    void moreOrLessThanWasSaid()
    {
        const std::string content = attachmentContent(900);
        AttachmentHeader header = attachmentHeader(content);
        header.bytes = 901;
        auto writer = AttachmentFileWriter::begin(m_root / "new", attachmentKey(), attachmentOwner(), header);
        QVERIFY(writer);
        QCOMPARE(writer->append(bytesOf(content)).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(writer->finish(m_path).error().code, ErrorCode::InvalidArgument);
        QVERIFY(!fs::exists(m_path));
    }

    void namesThatAreNone_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("folder") << QByteArray("../x");
        QTest::newRow("backslash") << QByteArray("a\\b");
        QTest::newRow("parent") << QByteArray("..");
        QTest::newRow("line end") << QByteArray("a\nb");
        QTest::newRow("no UTF-8") << QByteArray("a\xff");
        QTest::newRow("long") << QByteArray(256, 'a');
    }
    void namesThatAreNone()
    {
        QFETCH(QByteArray, name);
        QCOMPARE(checkAttachmentHeader({1, name.toStdString(), "text/plain"}).error().code, ErrorCode::InvalidArgument);
        QVERIFY(checkAttachmentHeader({1, std::string(255, 'a'), "text/plain"}));
        QCOMPARE(checkAttachmentHeader({1, "a", "text plain"}).error().code, ErrorCode::InvalidArgument);
    }

    void headersAreReadStrictly()
    {
        const AttachmentHeader header{70'000, "n", "t/t"};
        const std::string bytes = attachmentHeaderBytes(header);
        QCOMPARE(*readAttachmentHeader(bytesOf(bytes)) == header, true);
        for (std::size_t length = 0; length < bytes.size(); ++length)
            QVERIFY(!readAttachmentHeader(bytesOf(std::string_view(bytes).substr(0, length))));
        QVERIFY(!readAttachmentHeader(bytesOf(bytes + "x")));
    }
};

QTEST_GUILESS_MAIN(TestAttachmentFile)
#include "tst_attachment_file.moc"
