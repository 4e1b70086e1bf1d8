// SPDX-License-Identifier: Apache-2.0
#include "app/platform/files/durable_file.h"
#include "app/platform/files/file_error.h"
#include "app/platform/files/file_system.h"
#include "tests/support/disk/small_disk.h"

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace tramontane;
using namespace tramontane::files;
namespace fs = std::filesystem;

class TestDurableFile : public QObject {
    Q_OBJECT
public:
    explicit TestDurableFile(bool privateMounts) : m_privateMounts(privateMounts) {}

private:
    bool m_privateMounts;
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_path;

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = fs::path(m_folder->path().toStdU16String()) / u8"schlüssel.json";
    }

    void replacesWholly()
    {
        QVERIFY(replaceFile(m_path, "first"));
        QVERIFY(replaceFile(m_path, std::string("sec\0nd", 6)));
        QVERIFY(*readWholeFile(m_path, 100) == std::string("sec\0nd", 6));
        QVERIFY((fs::status(m_path).permissions() & fs::perms(0777)) == fs::perms(0600));
        QCOMPARE(std::distance(fs::directory_iterator(m_path.parent_path()), fs::directory_iterator()), 1);
    }

    void keepsTheOldFileOnAFullDisk()
    {
        if (!m_privateMounts)
            QSKIP("This system allows no mounts of our own.");
        const test::SmallDisk disk(m_path.parent_path(), 64 << 10);
        QVERIFY(disk.mounted());
        QVERIFY(replaceFile(m_path, "old"));
        QVERIFY(disk.fill());
        const auto before = test::snapshotOf(disk.path());
        const auto full = replaceFile(m_path, std::string(10000, 'n'));
        QCOMPARE(full.error().code, ErrorCode::NoSpace);
        QVERIFY(test::snapshotOf(disk.path()) == before);
        QVERIFY(disk.makeRoom());
        QVERIFY(replaceFile(m_path, std::string(10000, 'n')));
    }

    void keepsTheOldFileOnAReadOnlyDisk()
    {
        if (!m_privateMounts)
            QSKIP("This system allows no mounts of our own.");
        const test::SmallDisk disk(m_path.parent_path(), 64 << 10);
        QVERIFY(replaceFile(m_path, "old"));
        QVERIFY(disk.setReadOnly(true));
        QCOMPARE(replaceFile(m_path, "new").error().code, ErrorCode::StorageReadOnly);
        QCOMPARE(makePrivateDirectory(m_path.parent_path() / "d").error().code, ErrorCode::StorageReadOnly);
        QCOMPARE(*readWholeFile(m_path, 100), std::string("old"));
    }

    void readsOnlyFilesOfFittingSize()
    {
        QVERIFY(replaceFile(m_path, "12345"));
        QVERIFY(readWholeFile(m_path, 5));
        QCOMPARE(readWholeFile(m_path, 4).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(readWholeFile(m_path.parent_path(), 4).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(readWholeFile(m_path.parent_path() / "none", 4).error().code, ErrorCode::NotFound);
        if (fs::exists("/dev/zero"))
            QCOMPARE(readWholeFile("/dev/zero", 4).error().code, ErrorCode::InvalidArgument);
    }

    void makesAPrivateFolderOnce()
    {
        const auto folder = m_path.parent_path() / "vault";
        QVERIFY(makePrivateDirectory(folder));
        QVERIFY((fs::status(folder).permissions() & fs::perms(0777)) == fs::perms(0700));
        QCOMPARE(makePrivateDirectory(folder).error().code, ErrorCode::VaultExists);
        QVERIFY(syncDirectory(folder));
        QCOMPARE(syncDirectory(folder / "none").error().code, ErrorCode::NotFound);
        QCOMPARE(makePrivateDirectory(folder / "none" / "deep").error().code, ErrorCode::NotFound);
    }

    void knowsNetworks_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("network");
        for (const char *name :
             {"nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "fuse.sshfs", "fuse.rclone", "fuse", "virtiofs"})
            QTest::newRow(name) << name << true;
        for (const char *name : {"ext4", "btrfs", "xfs", "tmpfs", "zfs", "overlay", "fuseblk", "fuse.gocryptfs", ""})
            QTest::newRow(*name ? name : "empty") << name << false;
    }
    void knowsNetworks()
    {
        QFETCH(QString, name);
        QFETCH(bool, network);
        QCOMPARE(isNetworkFileSystemName(name.toStdString()), network);
    }

    void looksAtTheNearestParent()
    {
        const auto deep = m_path.parent_path() / "not" / "yet" / "there";
        QVERIFY(nearestExisting(deep) == m_path.parent_path());
        const auto network = isNetworkFileSystem(deep);
        QVERIFY(network);
        QCOMPARE(*network, *isNetworkFileSystem(m_path.parent_path()));
        QVERIFY(*freeBytes(deep) > 0);
        if (m_privateMounts) {
            const test::SmallDisk disk(m_path.parent_path(), 64 << 10);
            QVERIFY(!*isNetworkFileSystem(deep));
            QVERIFY(*freeBytes(deep) <= (64u << 10));
            QVERIFY(disk.fill());
            QCOMPARE(*freeBytes(deep), std::uint64_t(0));
        }
    }
};

int main(int argc, char **argv)
{
    const bool privateMounts = test::enterPrivateMounts();
    QCoreApplication application(argc, argv);
    TestDurableFile test(privateMounts);
    return QTest::qExec(&test, argc, argv);
}
#include "tst_durable_file.moc"
