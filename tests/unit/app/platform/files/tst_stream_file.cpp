// SPDX-License-Identifier: Apache-2.0
#include "app/core/digest.h"
#include "app/platform/files/durable_file.h"
#include "app/platform/files/stream_file.h"
#include "tests/support/disk/small_disk.h"

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <array>
#include <optional>

using namespace tramontane;
using namespace tramontane::files;
namespace fs = std::filesystem;

class TestStreamFile : public QObject {
    Q_OBJECT
public:
    explicit TestStreamFile(bool privateMounts) : m_privateMounts(privateMounts) {}

private:
    bool m_privateMounts;
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_root = fs::path(m_folder->path().toStdU16String());
    }

    void replacesOnlyWhenFinished()
    {
        QVERIFY(replaceFile(m_root / "target", "old"));
        auto file = NewFile::create(m_root / "new");
        QVERIFY(file);
        QVERIFY((fs::status(m_root / "new").permissions() & fs::perms(0777)) == fs::perms(0600));
        QVERIFY(file->write(bytesOf("first ")));
        QVERIFY(file->sync());
        QVERIFY(file->write(bytesOf("second")));
        QCOMPARE(file->size(), std::uint64_t(12));
        QVERIFY(*readWholeFile(m_root / "target", 100) == "old");
        QVERIFY(file->moveTo(m_root / "target"));
        QVERIFY(*readWholeFile(m_root / "target", 100) == "first second");
        QVERIFY(!fs::exists(m_root / "new"));
    }

    void isGoneWhenNotFinished()
    {
        {
            auto file = NewFile::create(m_root / "new");
            QVERIFY(file->write(bytesOf("half")));
            const NewFile moved = std::move(*file);
            QVERIFY(fs::exists(m_root / "new"));
        }
        QVERIFY(fs::is_empty(m_root));
    }

    void touchesNothingThatIsThere()
    {
        QVERIFY(replaceFile(m_root / "new", "there"));
        fs::create_symlink("nowhere", m_root / "link");
        for (const char *name : {"new", "link"})
            QCOMPARE(NewFile::create(m_root / name).error().code, ErrorCode::VaultExists);
        QVERIFY(*readWholeFile(m_root / "new", 100) == "there");
        QCOMPARE(NewFile::create(m_root / "none" / "new").error().code, ErrorCode::NotFound);
    }

    void keepsTheTargetWhenTheMoveFails()
    {
        fs::create_directories(m_root / "target" / "full");
        auto file = NewFile::create(m_root / "new");
        QVERIFY(file->write(bytesOf("x")));
        QVERIFY(!file->moveTo(m_root / "target"));
        QVERIFY(fs::exists(m_root / "target" / "full"));
    }

    void saysThatTheDiskIsFull()
    {
        if (!m_privateMounts)
            QSKIP("This system allows no mounts of our own.");
        const test::SmallDisk disk(m_root, 256 << 10);
        QVERIFY(disk.mounted());
        const std::string block(64 << 10, 'x');
        {
            auto file = NewFile::create(m_root / "new");
            QVERIFY(file);
            std::optional<Error> failure;
            for (int i = 0; i < 8 && !failure; ++i) {
                if (auto written = file->write(bytesOf(block)); !written)
                    failure = written.error();
            }
            QVERIFY(failure);
            QCOMPARE(failure->code, ErrorCode::NoSpace);
        }
        QVERIFY(fs::is_empty(m_root));
        QVERIFY(disk.setReadOnly(true));
        QCOMPARE(NewFile::create(m_root / "new").error().code, ErrorCode::StorageReadOnly);
    }

    void readsToTheEnd()
    {
        QVERIFY(replaceFile(m_root / "file", "0123456789"));
        auto file = InputFile::open(m_root / "file");
        QVERIFY(file);
        std::array<std::uint8_t, 7> buffer{};
        QCOMPARE(*file->read(buffer), std::size_t(7));
        QVERIFY(replaceFile(m_root / "file", "other content")); // what is open stays what it was
        QCOMPARE(*file->read(buffer), std::size_t(3));
        QCOMPARE(buffer[2], std::uint8_t('9'));
        QCOMPARE(*file->read(buffer), std::size_t(0));
    }

    void readsOnlyFiles()
    {
        QVERIFY(replaceFile(m_root / "file", "x"));
        fs::create_directory(m_root / "folder");
        fs::create_symlink("file", m_root / "link");
        QCOMPARE(::mkfifo((m_root / "pipe").c_str(), 0600), 0);
        for (const char *name : {"folder", "link", "pipe"})
            QCOMPARE(InputFile::open(m_root / name).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(InputFile::open(m_root / "none").error().code, ErrorCode::NotFound);
    }
};

int main(int argc, char **argv)
{
    const bool privateMounts = test::enterPrivateMounts();
    QCoreApplication application(argc, argv);
    TestStreamFile test(privateMounts);
    return QTest::qExec(&test, argc, argv);
}
#include "tst_stream_file.moc"
