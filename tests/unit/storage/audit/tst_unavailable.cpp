// SPDX-License-Identifier: Apache-2.0
#include "storage/audit/unavailable.h"
#include "tests/support/disk/small_disk.h"
#include "tests/unit/storage/audit/log_fixture.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

using namespace tramontane;
using test::LogFixture;
using test::SmallDisk;

namespace {

QByteArray hashOf(const std::filesystem::path &path)
{
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QIODevice::ReadOnly))
        return "unreadable";
    return QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256);
}

void expectUnavailable(const Error &error, const char *word)
{
    QCOMPARE(error.code, ErrorCode::AuditUnavailable);
    QVERIFY2(error.message.find(word) != std::string::npos, error.message.c_str());
    QVERIFY2(error.message.find("again") != std::string::npos || error.message.find("Restore") != std::string::npos,
             error.message.c_str());
}

} // namespace

/// The log cannot be had: nothing is written, the message says why, and it works again when the reason is gone.
class TestUnavailable : public QObject {
    Q_OBJECT
public:
    explicit TestUnavailable(bool privateMounts) : m_privateMounts(privateMounts) {}

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }
    void foreignLock();
    void fullDisk();
    void readOnlyDisk();
    void unusableFiles_data();
    void unusableFiles();
    void newerSchema();
    void aNewerLogWithAWalIsLeftAsItIs();
    void messagesNameTheReason_data();
    void messagesNameTheReason();

private:
    /// Makes a log on a file system of its own. Nothing where mounting is not allowed.
    std::unique_ptr<SqliteAuditLog> logOn(const SmallDisk &disk, const LogFixture &fixture) const;

    bool m_privateMounts;
};

std::unique_ptr<SqliteAuditLog> TestUnavailable::logOn(const SmallDisk &disk, const LogFixture &fixture) const
{
    audit_store::LogAccess access = fixture.access();
    access.path = disk.path() / "audit.db";
    if (!disk.mounted() || !SqliteAuditLog::create(access, fixture.clock))
        return nullptr;
    return std::move(SqliteAuditLog::open(std::move(access), fixture.clock).value());
}

void TestUnavailable::foreignLock()
{
    LogFixture fixture;
    const auto heads = fixture.fill(3);
    {
        const auto foreign = std::move(sqlite::Connection::open(fixture.path(), fixture.key(), {}).value());
        QElapsedTimer timer;
        timer.start();
        const auto opened = fixture.open(); // no error: the vault must open
        QVERIFY(opened.ok());
        const auto appended = (*opened)->append(LogFixture::event("model.loaded")).result();
        QVERIFY(!appended.ok());
        expectUnavailable(appended.error(), "locked by another program");
        QVERIFY(!(*opened)->verify({}).result().ok());
        QVERIFY2(timer.elapsed() < 15000, "three calls of at most 2 s each, and air for a busy machine");

        QVERIFY(foreign->close().ok());
        const auto later = (*opened)->append(LogFixture::event("model.loaded")).result();
        QVERIFY(later.ok());
        QCOMPARE((*opened)->logId().substr(0, 11), std::string("tramontane/"));
        const auto rows = (*opened)->list({}).result().value();
        QCOMPARE(rows.size(), std::size_t(5)); // 3, then audit.failure, then the event
        QCOMPARE(rows[3].event, std::string("audit.failure"));
        QVERIFY((*opened)->verify({heads[3], *later}).result().value().whole());
    }
}

void TestUnavailable::fullDisk()
{
    if (!m_privateMounts)
        QSKIP("Mounting a small file system needs root.");
    const LogFixture fixture;
    const QTemporaryDir folder;
    const SmallDisk disk(folder.path().toStdString(), 512 * 1024);
    const auto log = logOn(disk, fixture);
    QVERIFY(log);
    QVERIFY(disk.fill());
    Result<AuditHead> last = log->head().result();
    std::uint64_t size = 0;
    for (int i = 0; i < 2000 && last.ok(); ++i) { // what the WAL still has room for
        size = last->size;
        last = log->append(LogFixture::event("model.loaded")).result();
    }
    QVERIFY(!last.ok());
    expectUnavailable(last.error(), "full");
    QCOMPARE(log->head().result().value().size, size);
    QVERIFY(log->verify({}).result().value().whole());
    QVERIFY(disk.makeRoom());
    const auto after = log->append(LogFixture::event("model.loaded")).result();
    QVERIFY(after.ok());
    QCOMPARE(after->size, size + 2);
    QVERIFY(log->verify({*after}).result().value().whole());
}

void TestUnavailable::readOnlyDisk()
{
    if (!m_privateMounts)
        QSKIP("Mounting a small file system needs root.");
    const LogFixture fixture;
    const QTemporaryDir folder;
    const SmallDisk disk(folder.path().toStdString(), 2 * 1024 * 1024);
    QVERIFY(logOn(disk, fixture)); // made and closed again
    QVERIFY(disk.setReadOnly(true));
    audit_store::LogAccess access = fixture.access();
    access.path = disk.path() / "audit.db";
    const std::filesystem::path path = access.path;
    const QByteArray before = hashOf(path);
    const auto log = std::move(SqliteAuditLog::open(std::move(access), fixture.clock).value());
    const auto appended = log->append(LogFixture::event("model.loaded")).result();
    QVERIFY(!appended.ok());
    expectUnavailable(appended.error(), "read-only");
    QCOMPARE(log->list({}).result().value().size(), std::size_t(1)); // reading works
    QVERIFY(log->verify({}).result().value().whole());
    QVERIFY(!log->checkpoint().result().ok());
    QCOMPARE(hashOf(path), before);
    QVERIFY(disk.setReadOnly(false));
    QVERIFY(log->append(LogFixture::event("model.loaded")).result().ok());
    QVERIFY(log->close().result().ok());
}

void TestUnavailable::unusableFiles_data()
{
    QTest::addColumn<QString>("what");
    for (const char *what :
         {"missing", "empty", "cut off", "other bytes", "another key", "plain SQLite", "another database"})
        QTest::newRow(what) << what;
}

void TestUnavailable::unusableFiles()
{
    QFETCH(QString, what);
    LogFixture fixture;
    QVERIFY(!fixture.fill(3).empty());
    QFile file(QString::fromStdString(fixture.path().string()));
    QVERIFY(file.open(QIODevice::ReadWrite));
    const QByteArray content = file.readAll();
    if (what == "missing")
        QVERIFY(file.remove());
    else if (what == "empty")
        QVERIFY(file.resize(0));
    else if (what == "cut off")
        QVERIFY(file.resize(content.size() - 100));
    else if (what == "other bytes")
        QVERIFY(file.seek(0) && file.write(QByteArray(content.size(), 'x')) == content.size());
    else if (what == "plain SQLite")
        QVERIFY(file.seek(0) && file.write(QByteArray("SQLite format 3\0", 16)) == 16);
    file.close();
    if (what == "another database") {
        QVERIFY(file.remove());
        QVERIFY(sqlite::Connection::open(fixture.path(), fixture.key(),
                                         {.mode = sqlite::OpenMode::Create, .applicationId = 7})
                    .ok());
    }
    const QByteArray before = hashOf(fixture.path());
    audit_store::LogAccess access = fixture.access();
    if (what == "another key")
        access.databaseKey = Key32::random();
    const auto opened = SqliteAuditLog::open(std::move(access), fixture.clock);
    QVERIFY(!opened.ok());
    QCOMPARE(opened.error().code, ErrorCode::VaultDamaged);
    QVERIFY(!opened.error().message.empty());
    QCOMPARE(hashOf(fixture.path()), before);
}

void TestUnavailable::newerSchema()
{
    LogFixture fixture;
    QVERIFY(!fixture.fill(3).empty());
    QVERIFY(fixture.tamper("PRAGMA user_version = 2").ok());
    const QByteArray before = hashOf(fixture.path());
    const auto opened = fixture.open();
    QVERIFY(!opened.ok());
    QCOMPARE(opened.error().code, ErrorCode::VaultNewerSchema);
    QCOMPARE(hashOf(fixture.path()), before);
}

/// As a crash of the newer program leaves it: what is newer stands in the WAL.
void TestUnavailable::aNewerLogWithAWalIsLeftAsItIs()
{
    LogFixture fixture;
    QVERIFY(!fixture.fill(3).empty());
    const std::filesystem::path wal = fixture.path().string() + "-wal";
    {
        sqlite::OpenOptions options;
        options.applicationId = audit_store::kApplicationId;
        auto newer = std::move(sqlite::Connection::open(fixture.path(), fixture.key(), options).value());
        QVERIFY(newer->execute("PRAGMA user_version = 2").ok());
        newer->abandon();
    }
    QVERIFY(std::filesystem::file_size(wal) > 0);
    const QByteArray before = hashOf(fixture.path());
    const QByteArray walBefore = hashOf(wal);
    const auto opened = fixture.open();
    QVERIFY(!opened.ok());
    QCOMPARE(opened.error().code, ErrorCode::VaultNewerSchema);
    QCOMPARE(hashOf(fixture.path()), before);
    QVERIFY(std::filesystem::exists(wal));
    QCOMPARE(hashOf(wal), walBefore);
}

void TestUnavailable::messagesNameTheReason_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("word");
    QTest::newRow("full") << int(ErrorCode::NoSpace) << "full";
    QTest::newRow("read-only") << int(ErrorCode::StorageReadOnly) << "read-only";
    QTest::newRow("busy") << int(ErrorCode::StorageBusy) << "locked by another program";
    QTest::newRow("missing") << int(ErrorCode::NotFound) << "missing";
    QTest::newRow("damaged") << int(ErrorCode::VaultDamaged) << "damaged";
    QTest::newRow("newer") << int(ErrorCode::VaultNewerSchema) << "newer version";
    QTest::newRow("disk") << int(ErrorCode::IoFailed) << "disk reported an error";
    QTest::newRow("anything else") << int(ErrorCode::Internal) << "disk reported an error";
}

void TestUnavailable::messagesNameTheReason()
{
    QFETCH(int, code);
    QFETCH(QString, word);
    using namespace audit_store;
    const Error cause{ErrorCode(code), "", "why"};
    for (const Use use : {Use::Read, Use::Write}) {
        const Error error = unavailable(cause, use);
        QCOMPARE(error.code, ErrorCode::AuditUnavailable);
        const QString message = QString::fromStdString(error.message);
        QVERIFY2(message.contains(word), qPrintable(message));
        QVERIFY(message.startsWith(use == Use::Read ? "The audit log cannot be read: "
                                                    : "The audit log cannot be written: "));
        QVERIFY(error.detail.ends_with(": why"));
    }
    for (const ErrorCode same :
         {ErrorCode::InvalidArgument, ErrorCode::VaultLocked, ErrorCode::AuditBroken, ErrorCode::AuditRecordsMissing}) {
        const Error error = unavailable({same, "says what to do", "why"}, Use::Write);
        QCOMPARE(error.code, same);
        QCOMPARE(error.message, std::string("says what to do"));
    }
}

int main(int argc, char **argv)
{
    const bool privateMounts = test::enterPrivateMounts();
    const QCoreApplication application(argc, argv);
    TestUnavailable test(privateMounts);
    return QTest::qExec(&test, argc, argv);
}

#include "tst_unavailable.moc"
