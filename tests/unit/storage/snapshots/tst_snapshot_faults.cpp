// SPDX-License-Identifier: Apache-2.0
#include "tests/support/disk/small_disk.h"
#include "tests/unit/storage/snapshots/snapshot_fixture.h"

#include <QCoreApplication>

#include <algorithm>

using namespace tramontane;
using namespace tramontane::test;

/// Too little room, a full or read-only disk, locking at any time, and what a crash leaves behind.
class TestSnapshotFaults : public QObject, private SnapshotFixture {
    Q_OBJECT
public:
    explicit TestSnapshotFaults(bool privateMounts) : m_privateMounts(privateMounts) {}

private:
    bool m_privateMounts;

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void init() { start(); }
    void cleanup() { stop(); }

    void staysWithinItsBudget()
    {
        reopen({.bytes = 3'300'000, .shareOfFreeDisk = 1.0});
        std::vector<ConversationId> all;
        for (int i = 0; i < 3; ++i) {
            all.push_back(conversation());
            m_clock.advance(60'000);
            write(all.back(), someState(1'000'000, std::uint64_t(i)));
        }
        QCOMPARE(usage().snapshots, 3);
        m_clock.advance(60'000);
        QVERIFY(readBack(all[0])); // now the second one is the least recently used
        m_clock.advance(60'000);
        all.push_back(conversation());
        write(all.back(), someState(1'000'000, 9));
        QCOMPARE(usage().snapshots, 3);
        QVERIFY(usage().bytes <= 3'300'000);
        QVERIFY(!readBack(all[1]));
        for (const std::size_t kept : {0, 2, 3})
            QVERIFY(readBack(all[kept]));
        QCOMPARE(keys(), 3);
        // What can never fit takes nobody's place.
        QVERIFY(outcome(conversation(), someState(4'000'000)) == SnapshotOutcome::OverBudget);
        QCOMPARE(usage().snapshots, 3);
        // A conversation's own older snapshot makes way for the newer one.
        write(all[3], someState(1'100'000, 10));
        QCOMPARE(usage().snapshots, 3);
    }

    void countsWhatIsBeingWritten()
    {
        reopen({.bytes = 1'500'000, .shareOfFreeDisk = 1.0});
        const auto first = m_store->write(conversation(), someHeader(1'000'000));
        QVERIFY(*first->append(someState(1000)).result());
        const auto second = m_store->write(conversation(), someHeader(1'000'000));
        QVERIFY(!*second->append(someState(1000)).result());
        QVERIFY(second->finish().result()->outcome == SnapshotOutcome::OverBudget);
        first->cancel();
        QCOMPARE(first->finish().result().error().code, ErrorCode::Cancelled);
        write(conversation(), someState(1'000'000));
    }

    void takesAShareOfTheFreeDisk()
    {
        if (!m_privateMounts)
            QSKIP("This system allows no mounts of our own.");
        fs::create_directory(m_root / "disk");
        const SmallDisk disk(m_root / "disk", 16 << 20);
        QVERIFY(disk.mounted());
        startWith(disk.path(), {.bytes = std::uint64_t(1) << 40, .shareOfFreeDisk = 0.25});
        QVERIFY(usage().budgetBytes > (3 << 20) && usage().budgetBytes <= (4 << 20));
        QVERIFY(outcome(conversation(), someState(6 << 20)) == SnapshotOutcome::OverBudget);
        for (int i = 0; i < 6; ++i)
            write(conversation(), someState(1 << 20, std::uint64_t(i)));
        QVERIFY(usage().bytes <= (4 << 20));
        QVERIFY(usage().snapshots >= 3);
    }

    void givesUpQuietlyOnAFullDisk()
    {
        if (!m_privateMounts)
            QSKIP("This system allows no mounts of our own.");
        fs::create_directory(m_root / "disk");
        const SmallDisk disk(m_root / "disk", 8 << 20);
        QVERIFY(disk.mounted());
        startWith(disk.path());
        const auto whose = conversation();
        write(whose, someState(200'000));
        {
            const auto writer = m_store->write(whose, someHeader(5 << 20));
            const auto state = someState(5 << 20);
            QVERIFY(*writer->append(state.substr(0, kPiece)).result());
            QVERIFY(disk.fill(100'000)); // somebody else needs the disk meanwhile
            bool more = true;
            for (std::size_t at = kPiece; more && at < state.size(); at += kPiece)
                more = *writer->append(state.substr(at, kPiece)).result();
            QVERIFY(!more);
            QVERIFY(!*writer->append("x").result());
            const auto written = writer->finish().result();
            QVERIFY(written);
            QVERIFY(written->outcome == SnapshotOutcome::DiskFull || written->outcome == SnapshotOutcome::OverBudget);
            QCOMPARE(written->fileBytes, std::uint64_t(0));
        }
        QCOMPARE(files().size(), std::size_t(1));
        QVERIFY(*readBack(whose) == someState(200'000)); // the older one is as it was
        QVERIFY(disk.makeRoom());
        QVERIFY(disk.setReadOnly(true));
        QVERIFY(outcome(whose, someState(1000)) == SnapshotOutcome::ReadOnly);
        QVERIFY(*readBack(whose) == someState(200'000));
        QVERIFY(disk.setReadOnly(false));
        write(whose, someState(300'000));
    }

    void saysWhichFullDiskItWas()
    {
        if (!m_privateMounts)
            QSKIP("This system allows no mounts of our own.");
        fs::create_directory(m_root / "disk");
        const SmallDisk disk(m_root / "disk", 4 << 20);
        QVERIFY(disk.mounted());
        startWith(disk.path());
        const auto writer = m_store->write(conversation(), someHeader(3'000'000));
        const auto state = someState(3'000'000);
        QVERIFY(*writer->append(state.substr(0, 1000)).result()); // all of it is set aside now
        QVERIFY(disk.fill());
        bool more = true;
        for (std::size_t at = 1000; more && at < state.size(); at += kPiece)
            more = *writer->append(state.substr(at, kPiece)).result();
        QVERIFY(!more);
        QVERIFY(writer->finish().result()->outcome == SnapshotOutcome::DiskFull);
        QVERIFY(files().empty());
    }

    void endsWhenTheVaultIsLocked()
    {
        const auto first = conversation(), second = conversation();
        write(second, someState(2'000'000));
        const auto writer = m_store->write(first, someHeader(2'000'000));
        QVERIFY(*writer->append(someState(kPiece)).result());
        const auto reader = *m_store->read(second, fittingExpectation()).result();
        QVERIFY(reader->next().result());
        QCOMPARE(files().size(), std::size_t(2));
        m_store->close();
        QCOMPARE(files().size(), std::size_t(1)); // the half one is gone
        QCOMPARE(writer->append("x").result().error().code, ErrorCode::VaultLocked);
        QCOMPARE(writer->finish().result().error().code, ErrorCode::VaultLocked);
        QCOMPARE(reader->next().result().error().code, ErrorCode::VaultLocked);
        QCOMPARE(m_store->read(second, fittingExpectation()).result().error().code, ErrorCode::VaultLocked);
        QCOMPARE(m_store->remove(second).result().error().code, ErrorCode::VaultLocked);
        QCOMPARE(m_store->usage().result().error().code, ErrorCode::VaultLocked);
        QCOMPARE(m_store->write(first, someHeader(1))->append("x").result().error().code, ErrorCode::VaultLocked);
        m_store->close();
        m_store.reset(); // handles may live longer
        QCOMPARE(reader->next().result().error().code, ErrorCode::VaultLocked);
        writer->cancel();
        open();
        QVERIFY(*readBack(second) == someState(2'000'000));
        QVERIFY(!readBack(first));
    }

    void locksInTheMiddleOfAPiece()
    {
        for (int round = 0; round < 20; ++round) {
            const auto writer = m_store->write(conversation(), someHeader(kMaxWaitingPieces * kPiece));
            std::vector<Async<bool>> pieces;
            for (int i = 0; i < kMaxWaitingPieces; ++i)
                pieces.push_back(writer->append(someState(kPiece)));
            const auto end = writer->finish();
            QTest::qSleep(round);
            m_store->close();
            for (auto &piece : pieces) {
                const auto answer = piece.result();
                QVERIFY(answer.ok() || answer.error().code == ErrorCode::VaultLocked);
            }
            const auto ended = end.result();
            QVERIFY(ended.ok() || ended.error().code == ErrorCode::VaultLocked);
            for (const auto &file : files())
                QVERIFY(file.extension() == ".snapshot");
            reopen();
        }
    }

    void cleansUpAfterACrash()
    {
        const auto whose = conversation(), other = conversation();
        write(whose, someState(1000));
        write(other, someState(1000));
        const auto two = files();
        m_store.reset();
        const std::string name(32, 'a');
        fs::copy(two[0], m_snapshots / (name + ".snapshot"));
        fs::copy(two[0], m_snapshots / (name + ".unfinished"));
        std::ofstream(m_snapshots / (std::string(32, 'b') + ".unfinished"));
        const std::vector<fs::path> foreign{m_snapshots / "notes.txt",
                                            m_snapshots / (std::string(32, 'c') + ".snapshot"),
                                            m_snapshots / (name + ".snapshot.bak"), m_snapshots / "folder",
                                            m_snapshots / (std::string(32, 'd') + ".snapshot")};
        std::ofstream(foreign[0]) << "mine";
        std::ofstream(foreign[1]) << "not a snapshot";
        std::ofstream(foreign[2]) << "TRMSNAPS";
        fs::create_directory(foreign[3]);
        fs::create_symlink(two[1], foreign[4]);
        open();
        QTRY_COMPARE(files().size(), std::size_t(7));
        for (const auto &path : foreign)
            QVERIFY2(fs::symlink_status(path).type() != fs::file_type::not_found, path.c_str());
        auto unknown = usage().unknown;
        QCOMPARE(unknown.size(), foreign.size());
        for (const auto &path : foreign)
            QVERIFY(std::ranges::find(unknown, path.filename().string()) != unknown.end());
        QVERIFY(readBack(whose) && readBack(other));
        // A key whose file is gone goes as well.
        m_store.reset();
        fs::remove(two[0]);
        open();
        QTRY_COMPARE(keys(), 1);
    }
};

int main(int argc, char **argv)
{
    const bool privateMounts = enterPrivateMounts();
    QCoreApplication application(argc, argv);
    TestSnapshotFaults test(privateMounts);
    return QTest::qExec(&test, argc, argv);
}
#include "tst_snapshot_faults.moc"
