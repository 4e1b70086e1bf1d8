// SPDX-License-Identifier: Apache-2.0
#include "app/platform/policy/file_policy_source.h"

#include <QFile>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <new>

using namespace tramontane;
namespace fs = std::filesystem;

/// A change must be in force within 5 s, whatever kind of change it is.
class TestFilePolicySource : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void readsAtOnce();
    void followsAFileThatIsRewritten();
    void followsAFileThatIsReplaced();
    void followsNewAndRemovedFiles();
    void followsRights();
    void followsAFolderThatAppears();
    void followsAFolderThatVanishesAndComesBack();
    void saysNothingWhenNothingChanged();
    void manyChangesEndInTheLast();
    void mayBeDestroyedWhileReading();
    void readingMayEndAfterTheSourceIsGone();
    void readingThatThrowsIsTriedAgain();

private:
    std::unique_ptr<FilePolicySource> source() const
    {
        return std::make_unique<FilePolicySource>(ManagedPolicyFiles(m_folder, m_marker));
    }
    fs::path file(const char *name = "10.json") const { return m_folder / name; }
    static void write(const fs::path &path, const QByteArray &values);

    std::unique_ptr<QTemporaryDir> m_root;
    fs::path m_folder;
    fs::path m_marker;
};

void TestFilePolicySource::init()
{
    m_root = std::make_unique<QTemporaryDir>();
    const fs::path root = m_root->path().toStdString();
    m_folder = root / "etc" / "managed";
    m_marker = root / "home" / "policy-seen";
    fs::create_directories(m_folder);
    for (const fs::path &path : {root / "etc", m_folder})
        QCOMPARE(::chmod(path.c_str(), 0755), 0);
}

void TestFilePolicySource::write(const fs::path &path, const QByteArray &values)
{
    QFile policy(QString::fromStdString(path.string()));
    QVERIFY(policy.open(QIODevice::WriteOnly));
    policy.write("{\"id\":\"acme\",\"version\":1,\"values\":" + values + "}");
    policy.close();
    QCOMPARE(::chmod(path.c_str(), 0644), 0);
}

void TestFilePolicySource::readsAtOnce()
{
    write(file(), "{\"export.allow\":false}");
    const auto policy = source();
    QCOMPARE(policy->current().mode, PolicyMode::Managed);
    QVERIFY(!mayExport(policy->current()).allowed);
}

void TestFilePolicySource::followsAFileThatIsRewritten()
{
    write(file(), "{\"export.allow\":true}");
    const auto policy = source();
    QSignalSpy changed(policy.get(), &PolicySource::changed);
    write(file(), "{\"export.allow\":false}");
    QTRY_VERIFY(!mayExport(policy->current()).allowed);
    QVERIFY(!changed.isEmpty());
    write(file(), "{\"export.allow\":\"broken\"}");
    QTRY_COMPARE(policy->current().mode, PolicyMode::Invalid);
    write(file(), "{\"export.allow\":true}");
    QTRY_VERIFY(mayExport(policy->current()).allowed);
}

void TestFilePolicySource::followsAFileThatIsReplaced()
{
    write(file(), "{\"export.allow\":true}");
    const auto policy = source();
    for (const bool allowed : {false, true, false}) { // a replaced file has to be watched anew
        write(file("next"), allowed ? "{\"export.allow\":true}" : "{\"export.allow\":false}");
        fs::rename(file("next"), file());
        QTRY_COMPARE(mayExport(policy->current()).allowed, allowed);
    }
}

void TestFilePolicySource::followsNewAndRemovedFiles()
{
    const auto policy = source();
    QCOMPARE(policy->current().mode, PolicyMode::Unmanaged);
    write(file("10.json"), "{\"export.allow\":false}");
    QTRY_COMPARE(policy->current().mode, PolicyMode::Managed);
    write(file("20.json"), "{\"export.allow\":true}");
    QTRY_VERIFY(mayExport(policy->current()).allowed);
    fs::remove(file("20.json"));
    QTRY_VERIFY(!mayExport(policy->current()).allowed);
    fs::remove(file("10.json"));
    QTRY_COMPARE(policy->current().mode, PolicyMode::Invalid);
}

void TestFilePolicySource::followsRights()
{
    write(file(), "{}");
    const auto policy = source();
    QCOMPARE(::chmod(file().c_str(), 0666), 0);
    QTRY_COMPARE(policy->current().mode, PolicyMode::Invalid);
    QCOMPARE(::chmod(file().c_str(), 0644), 0);
    QTRY_COMPARE(policy->current().mode, PolicyMode::Managed);
    QCOMPARE(::chmod(m_folder.c_str(), 0777), 0);
    QTRY_COMPARE(policy->current().mode, PolicyMode::Invalid);
}

void TestFilePolicySource::followsAFolderThatAppears()
{
    fs::remove_all(m_folder.parent_path());
    const auto policy = source();
    QCOMPARE(policy->current().mode, PolicyMode::Unmanaged);
    const fs::path made = m_folder.parent_path();
    QCOMPARE(::mkdir(made.c_str(), 0755), 0);
    QTest::qWait(300); // so that the folder is seen before it has anything inside
    QCOMPARE(::mkdir(m_folder.c_str(), 0755), 0);
    QTest::qWait(300);
    write(file(), "{\"export.allow\":false}");
    QTRY_COMPARE(policy->current().mode, PolicyMode::Managed);
}

void TestFilePolicySource::followsAFolderThatVanishesAndComesBack()
{
    write(file(), "{\"export.allow\":false}");
    const auto policy = source();
    const fs::path away = m_folder.parent_path() / "away";
    fs::rename(m_folder, away);
    QTRY_COMPARE(policy->current().mode, PolicyMode::Invalid);
    fs::rename(away, m_folder);
    QTRY_COMPARE(policy->current().mode, PolicyMode::Managed);
    write(file(), "{\"export.allow\":true}"); // watched again
    QTRY_VERIFY(mayExport(policy->current()).allowed);
}

void TestFilePolicySource::saysNothingWhenNothingChanged()
{
    write(file(), "{\"export.allow\":false}");
    const auto policy = source();
    QSignalSpy changed(policy.get(), &PolicySource::changed);
    write(file(), "{\"export.allow\":false}");
    QTest::qWait(700);
    QVERIFY(changed.isEmpty());
}

void TestFilePolicySource::manyChangesEndInTheLast()
{
    const auto policy = source();
    for (int i = 0; i < 50; ++i) {
        write(file(), i % 2 ? "{\"export.allow\":true}" : "{\"export.allow\":false}");
        QTest::qWait(10);
    }
    write(file(), "{\"models.import\":false}");
    QTRY_VERIFY(!mayImportModel(policy->current()).allowed);
    QVERIFY(mayExport(policy->current()).allowed);
}

void TestFilePolicySource::mayBeDestroyedWhileReading()
{
    for (int i = 0; i < 20; ++i) {
        auto policy = source();
        write(file(), i % 2 ? "{}" : "{\"export.allow\":false}");
        QTest::qWait(195 + i); // around the moment at which reading begins
    }
}

void TestFilePolicySource::readingMayEndAfterTheSourceIsGone()
{
    struct Gate {
        QSemaphore begun;
        QSemaphore open;
        std::atomic<int> calls = 0;
        std::atomic<int> ended = 0;
    };
    const auto gate = std::make_shared<Gate>();
    auto policy = std::make_unique<FilePolicySource>(
        m_folder, [gate, files = std::make_shared<ManagedPolicyFiles>(m_folder, m_marker)] {
            if (gate->calls++ > 0) {
                gate->begun.release();
                gate->open.acquire();
            }
            auto read = files->read();
            ++gate->ended;
            return read;
        });
    QSignalSpy changed(policy.get(), &PolicySource::changed);
    write(file(), "{\"export.allow\":false}");
    QTRY_VERIFY(gate->begun.available() > 0);
    policy.reset();
    gate->open.release(100);
    QTRY_VERIFY(gate->ended >= 2);
    QVERIFY(QThreadPool::globalInstance()->waitForDone(10'000));
    QTest::qWait(50); // what the reading may have sent arrives now
    QVERIFY(changed.isEmpty());
}

void TestFilePolicySource::readingThatThrowsIsTriedAgain()
{
    const auto calls = std::make_shared<std::atomic<int>>(0);
    FilePolicySource policy(m_folder, [calls, files = std::make_shared<ManagedPolicyFiles>(m_folder, m_marker)] {
        if (++*calls == 2)
            throw std::bad_alloc();
        return files->read();
    });
    write(file(), "{\"export.allow\":false}");
    // Nothing changes any more, so only a new try of its own can find it.
    QTRY_VERIFY_WITH_TIMEOUT(!mayExport(policy.current()).allowed, 10'000);
    QVERIFY(*calls >= 3);
}

QTEST_GUILESS_MAIN(TestFilePolicySource)
#include "tst_file_policy_source.moc"
