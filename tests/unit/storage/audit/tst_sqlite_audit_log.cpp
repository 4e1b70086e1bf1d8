// SPDX-License-Identifier: Apache-2.0
#include "app/audit/checkpoint.h"
#include "app/audit/epoch.h"
#include "app/audit/record.h"
#include "storage/audit/epoch_store.h"
#include "storage/audit/log_queries.h"
#include "tests/unit/storage/audit/log_fixture.h"

#include <QFile>
#include <QTest>

#include <atomic>
#include <thread>

using namespace tramontane;
using test::LogFixture;

class TestSqliteAuditLog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }
    void aNewLogBeginsWithItsOwnRecord();
    void logIdsAreRandomAndStay();
    void createTouchesNothingThatIsThere();
    void createLeavesNothingBehind();
    void appendedRecordsAreThereAfterReopening();
    void theHeadIsThatOfTheRecords();
    void listFilters_data();
    void listFilters();
    void listSkipsAndLimits();
    void outcomesAreFound();
    void openAttemptsAreCounted();
    void openAttemptsAreLookedForAmongTheNewest();
    void badEventsAreRefusedWhole();
    void checkpointsCanBeAskedFor();
    void checkpointsComeEveryThousandRecords();
    void aClockThatRunsBackIsRecorded();
    void everyOpeningThatWritesBeginsAnEpoch();
    void oldEpochKeysAreOverwritten();
    void ordinaryStatementsCannotChangeARecord_data();
    void ordinaryStatementsCannotChangeARecord();
    void theFileIsEncrypted();
    void manyThreadsMayAppend();
    void closedLogsAnswerVaultLocked();
    void theLastOwnerMayGoInAContinuation();
};

void TestSqliteAuditLog::aNewLogBeginsWithItsOwnRecord()
{
    LogFixture fixture;
    QVERIFY(fixture.create().ok());
    const auto log = std::move(fixture.open().value());
    const auto rows = log->list({}).result();
    QVERIFY(rows.ok());
    QCOMPARE(rows->size(), std::size_t(1));
    QCOMPARE(rows->front().seq, std::uint64_t(1));
    QCOMPARE(rows->front().event, std::string("audit.started"));
    QCOMPARE(rows->front().time, rfc3339(fixture.clock.utcMs()));
    const auto record = audit::readRecord(rows->front().body);
    QVERIFY(record.ok());
    QCOMPARE(record->log, log->logId());
    QCOMPARE(record->session, std::string("session"));
    const auto verified = log->verify({}).result().value();
    QVERIFY2(verified.whole(), verified.broken.empty() ? "" : verified.broken.front().c_str());
}

void TestSqliteAuditLog::logIdsAreRandomAndStay()
{
    LogFixture first;
    LogFixture second;
    QVERIFY(first.create().ok() && second.create().ok());
    const std::string id = first.open().value()->logId();
    QCOMPARE(id.size(), std::string("tramontane/").size() + 32 + std::string("/audit").size());
    QCOMPARE(first.open().value()->logId(), id);
    QVERIFY(second.open().value()->logId() != id);
}

void TestSqliteAuditLog::createTouchesNothingThatIsThere()
{
    LogFixture fixture;
    QFile file(QString::fromStdString(fixture.path().string()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("mine");
    file.close();
    QCOMPARE(fixture.create().error().code, ErrorCode::VaultExists);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("mine"));
}

void TestSqliteAuditLog::createLeavesNothingBehind()
{
    LogFixture fixture;
    audit_store::LogAccess access = fixture.access();
    access.environment.sessionId = "no record can hold this"; // a session id has no spaces
    QVERIFY(!SqliteAuditLog::create(access, fixture.clock).ok());
    QVERIFY(std::filesystem::is_empty(fixture.path().parent_path()));
}

void TestSqliteAuditLog::appendedRecordsAreThereAfterReopening()
{
    LogFixture fixture;
    const auto heads = fixture.fill(20);
    const auto log = std::move(fixture.open().value());
    QCOMPARE(log->head().result().value(), heads.back());
    const auto rows = log->list({}).result().value();
    QCOMPARE(rows.size(), std::size_t(20));
    for (std::size_t i = 0; i < rows.size(); ++i)
        QCOMPARE(rows[i].seq, std::uint64_t(i + 1));
    const auto next = log->append(LogFixture::event("model.unloaded")).result();
    QCOMPARE(next->size, std::uint64_t(21));
    const auto verified = log->verify({heads[5], heads[20], *next}).result().value();
    QVERIFY(verified.whole());
    QVERIFY(!verified.firstBroken);
    QCOMPARE(verified.records, std::uint64_t(21));
    QCOMPARE(verified.head, *next);
    QCOMPARE(verified.newestKnownHead, std::string("vault"));
}

void TestSqliteAuditLog::theHeadIsThatOfTheRecords()
{
    LogFixture fixture;
    const auto heads = fixture.fill(13);
    const auto rows = fixture.open().value()->list({}).result().value();
    audit::TreeEdge edge;
    for (const AuditRow &row : rows) {
        const Hash32 leaf = audit::leafHash(row.body);
        QCOMPARE(row.leaf, toHex(leaf));
        edge.append(leaf);
        QCOMPARE(heads[row.seq], (AuditHead{row.seq, toHex(edge.root())}));
    }
}

void TestSqliteAuditLog::listFilters_data()
{
    QTest::addColumn<QString>("event");
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<QString>("corr");
    QTest::addColumn<QString>("since");
    QTest::addColumn<QString>("until");
    QTest::addColumn<QList<int>>("found");
    const QString none;
    QTest::newRow("all") << none << none << none << none << none << QList<int>{1, 2, 3, 4, 5, 6};
    QTest::newRow("event") << "model.loaded" << none << none << none << none << QList<int>{2, 5};
    QTest::newRow("prefix") << "gen_ai." << none << none << none << none << QList<int>{3, 4};
    QTest::newRow("longer prefix") << "gen_ai.request.a." << none << none << none << none << QList<int>{};
    QTest::newRow("beginning that is no prefix") << "gen_ai" << none << none << none << none << QList<int>{};
    QTest::newRow("outcome") << none << "denied" << none << none << none << QList<int>{4};
    QTest::newRow("corr") << none << none << "a" << none << none << QList<int>{3, 4};
    QTest::newRow("event and corr") << "gen_ai.request.denied" << none << "a" << none << none << QList<int>{4};
    QTest::newRow("since") << none << none << none << "2026-11-22T09:14:06.211Z" << none << QList<int>{4, 5, 6};
    QTest::newRow("until") << none << none << none << none << "2026-11-22T09:14:06.211Z" << QList<int>{1, 2, 3};
    QTest::newRow("both") << none << none << none << "2026-11-22T09:14:05"
                          << "2026-11-22T09:14:07" << QList<int>{3, 4};
    QTest::newRow("a quote in the filter") << "x' OR 1=1 --" << none << none << none << none << QList<int>{};
}

void TestSqliteAuditLog::listFilters()
{
    QFETCH(QString, event);
    QFETCH(QString, outcome);
    QFETCH(QString, corr);
    QFETCH(QString, since);
    QFETCH(QString, until);
    QFETCH(QList<int>, found);
    LogFixture fixture;
    QVERIFY(fixture.create().ok());
    const auto log = std::move(fixture.open().value());
    AuditEvent denied = LogFixture::event("gen_ai.request.denied", "a");
    denied.outcome = Outcome::Denied;
    for (const AuditEvent &each :
         {LogFixture::event("model.loaded"), LogFixture::event("gen_ai.request.attempted", "a"), denied,
          LogFixture::event("model.loaded", "b"), LogFixture::event("session.closed")}) {
        fixture.clock.advance(1000);
        QVERIFY(log->append(each).result().ok());
    }
    AuditFilter filter;
    filter.event = event.toStdString();
    filter.outcome = outcome.toStdString();
    filter.corr = corr.toStdString();
    filter.sinceTime = since.toStdString();
    filter.untilTime = until.toStdString();
    QList<int> seqs;
    const auto rows = log->list(filter).result().value();
    for (const AuditRow &row : rows)
        seqs.append(int(row.seq));
    QCOMPARE(seqs, found);
}

void TestSqliteAuditLog::listSkipsAndLimits()
{
    LogFixture fixture;
    QVERIFY(!fixture.fill(10).empty());
    const auto log = std::move(fixture.open().value());
    AuditFilter filter;
    filter.afterSeq = 4;
    filter.limit = 3;
    const auto rows = log->list(filter).result().value();
    QCOMPARE(rows.size(), std::size_t(3));
    QCOMPARE(rows.front().seq, std::uint64_t(5));
    filter.limit = 0;
    QCOMPARE(log->list(filter).result().value().size(), std::size_t(6));
}

void TestSqliteAuditLog::outcomesAreFound()
{
    LogFixture fixture;
    QVERIFY(fixture.create().ok());
    const auto log = std::move(fixture.open().value());
    for (const char *corr : {"a", "b", "c", "d", "e"})
        QVERIFY(log->append(LogFixture::event("gen_ai.request.attempted", corr)).result().ok());
    QVERIFY(log->append(LogFixture::event("gen_ai.request.completed", "a")).result().ok());
    QVERIFY(log->append(LogFixture::event("gen_ai.request.failed", "b")).result().ok());
    QVERIFY(log->append(LogFixture::event("gen_ai.request.cancelled", "c")).result().ok());
    QVERIFY(log->append(LogFixture::event("gen_ai.request.denied", "d")).result().ok());
    QVERIFY(log->append(LogFixture::event("model.loaded", "e")).result().ok());
    for (const char *corr : {"a", "b", "c", "d"})
        QVERIFY(log->findAttempt(corr).result()->opened && log->findAttempt(corr).result()->closed);
    QVERIFY(log->findAttempt("e").result()->opened && !log->findAttempt("e").result()->closed);
    QVERIFY(!log->findAttempt("f").result()->opened && !log->findAttempt("f").result()->closed);
}

void TestSqliteAuditLog::openAttemptsAreCounted()
{
    LogFixture fixture;
    QVERIFY(fixture.create().ok());
    const auto log = std::move(fixture.open().value());
    for (const char *corr : {"z", "a", "m"})
        QVERIFY(log->append(LogFixture::event("gen_ai.request.attempted", corr)).result().ok());
    QVERIFY(log->append(LogFixture::event("gen_ai.request.completed", "a")).result().ok());
    const auto verified = log->verify({}).result().value();
    QVERIFY(verified.whole());
    QCOMPARE(verified.openAttempts, (std::vector<std::string>{"z", "m"}));
    QCOMPARE(log->openAttempts().result().value(), (std::vector<std::string>{"z", "m"}));
}

void TestSqliteAuditLog::openAttemptsAreLookedForAmongTheNewest()
{
    LogFixture fixture;
    QVERIFY(fixture.create().ok());
    {
        const auto raw = std::move(sqlite::Connection::open(fixture.path(), fixture.key(), {}).value());
        for (int seq = 2; seq <= 5; ++seq) {
            const std::string name = seq == 4 ? "completed" : "attempted";
            const std::string corr = seq == 4 ? "3" : std::to_string(seq);
            QVERIFY(raw->execute("INSERT INTO audit_entry (seq, leaf, body, epoch, head_signature) VALUES ("
                                 + std::to_string(seq) + ", zeroblob(32), CAST('{\"event\":\"gen_ai.request." + name
                                 + "\",\"corr\":\"" + corr + "\"}' AS BLOB), 1, zeroblob(64))")
                        .ok());
        }
        using audit_store::findOpenAttempts;
        QCOMPARE(findOpenAttempts(*raw, 0).value(), (std::vector<std::string>{"2", "5"}));
        QCOMPARE(findOpenAttempts(*raw, 2).value(), (std::vector<std::string>{"5"}));
        QVERIFY(findOpenAttempts(*raw, 5).value().empty());
    }
}

void TestSqliteAuditLog::badEventsAreRefusedWhole()
{
    LogFixture fixture;
    QVERIFY(fixture.create().ok());
    const auto log = std::move(fixture.open().value());
    const AuditHead before = log->head().result().value();
    AuditEvent event = LogFixture::event("model.invented");
    QCOMPARE(log->append(event).result().error().code, ErrorCode::InvalidArgument);
    event = LogFixture::event("model.loaded", "a corr with spaces");
    QCOMPARE(log->append(event).result().error().code, ErrorCode::InvalidArgument);
    QCOMPARE(log->head().result().value(), before);
    QCOMPARE(log->append(LogFixture::event("model.loaded")).result().value().size, std::uint64_t(2));
    QVERIFY(log->verify({before}).result().value().whole());
}

void TestSqliteAuditLog::checkpointsCanBeAskedFor()
{
    LogFixture fixture;
    QVERIFY(!fixture.fill(5).empty());
    const auto log = std::move(fixture.open().value());
    const auto note = log->checkpoint().result();
    QVERIFY(note.ok());
    QVERIFY(QString::fromStdString(*note).startsWith(QString::fromStdString(log->logId()) + "\n5\n"));
    const auto key = audit::SigningKey::fromSeed(*fixture.access().signingSeed).publicKey();
    const auto opened = audit::openCheckpoint(*note, log->logId(), key);
    QVERIFY(opened.ok());
    QCOMPARE(toHex(opened->root), log->head().result().value().root);
    QCOMPARE(log->checkpoint().result().value(), *note);
    QVERIFY(log->append(LogFixture::event("model.loaded")).result().ok());
    QVERIFY(log->checkpoint().result().value() != *note);
    const auto verified = log->verify({}).result().value();
    QVERIFY(verified.whole());
    QCOMPARE(verified.checkpoints, 2);
    QCOMPARE(verified.newestKnownHead, std::string("checkpoint"));
}

void TestSqliteAuditLog::checkpointsComeEveryThousandRecords()
{
    LogFixture fixture;
    QVERIFY(fixture.create().ok());
    const auto log = std::move(fixture.open().value());
    QFuture<Result<AuditHead>> last;
    for (int seq = 2; seq <= 2001; ++seq)
        last = log->append(LogFixture::event("model.loaded"));
    QCOMPARE(last.result().value().size, std::uint64_t(2001));
    const auto verified = log->verify({last.result().value()}).result().value();
    QVERIFY(verified.whole());
    QCOMPARE(verified.checkpoints, 2);
}

void TestSqliteAuditLog::aClockThatRunsBackIsRecorded()
{
    LogFixture fixture;
    QVERIFY(!fixture.fill(3).empty());
    fixture.clock.setBack(86400000);
    const auto log = std::move(fixture.open().value());
    QCOMPARE(log->append(LogFixture::event("model.loaded")).result().value().size, std::uint64_t(5));
    QCOMPARE(log->append(LogFixture::event("model.loaded")).result().value().size, std::uint64_t(6));
    const auto rows = log->list({}).result().value();
    QCOMPARE(rows[3].event, std::string("audit.time_regression"));
    QCOMPARE(rows[3].time, rfc3339(fixture.clock.utcMs()));
    QCOMPARE(rows[4].event, std::string("model.loaded"));
    QVERIFY(log->verify({}).result().value().whole());
}

void TestSqliteAuditLog::everyOpeningThatWritesBeginsAnEpoch()
{
    LogFixture fixture;
    QVERIFY(fixture.create().ok());
    for (int i = 0; i < 3; ++i) {
        const auto log = std::move(fixture.open().value());
        QVERIFY(log->list({}).result().ok());
        QVERIFY(log->append(LogFixture::event("session.opened")).result().ok());
        QVERIFY(log->append(LogFixture::event("session.closed")).result().ok());
    }
    QVERIFY(fixture.open().value()->list({}).result().ok()); // reading begins none
    const auto raw = std::move(sqlite::Connection::open(fixture.path(), fixture.key(), {}).value());
    QCOMPARE(raw->queryInteger("SELECT max(n) FROM audit_epoch").value(), std::int64_t(4));
    QCOMPARE(raw->queryText("SELECT group_concat(epoch, ' ') FROM audit_entry").value(), std::string("1 2 2 3 3 4 4"));
}

void TestSqliteAuditLog::oldEpochKeysAreOverwritten()
{
    LogFixture fixture;
    QVERIFY(fixture.create().ok());
    const auto keyNow = [&] {
        const auto raw = std::move(sqlite::Connection::open(fixture.path(), fixture.key(), {}).value());
        return std::move(audit_store::readEpochKey(*raw).value().value());
    };
    const auto first = keyNow();
    QVERIFY(fixture.open().value()->append(LogFixture::event("session.opened")).result().ok());
    const auto second = keyNow();
    QCOMPARE(first.number, std::int64_t(1));
    QCOMPARE(second.number, std::int64_t(2));
    QVERIFY(second.key.equals(audit::nextEpochKey(first.key)));
    const auto raw = std::move(sqlite::Connection::open(fixture.path(), fixture.key(), {}).value());
    QCOMPARE(raw->queryInteger("SELECT count(*) FROM audit_epoch_key").value(), std::int64_t(1));
}

void TestSqliteAuditLog::ordinaryStatementsCannotChangeARecord_data()
{
    QTest::addColumn<QByteArray>("sql");
    for (const char *table :
         {"audit_log", "audit_entry", "audit_node", "audit_checkpoint", "audit_epoch", "audit_epoch_key"}) {
        QTest::addRow("delete from %s", table) << QByteArray("DELETE FROM ") + table;
        QTest::addRow("replace in %s", table)
            << QByteArray("INSERT OR REPLACE INTO ") + table + " SELECT * FROM " + table;
    }
    QTest::newRow("replace a record") << QByteArray(
        "INSERT OR REPLACE INTO audit_entry (seq, leaf, body, epoch, head_signature) "
        "SELECT seq, leaf, body, epoch, head_signature FROM audit_entry");
    QTest::newRow("rename the log") << QByteArray("UPDATE audit_log SET log = 'x'");
    QTest::newRow("second log") << QByteArray("INSERT INTO audit_log VALUES (2, 'x', 'x')");
    QTest::newRow("change a body") << QByteArray("UPDATE audit_entry SET body = 'x'");
    QTest::newRow("change a signature") << QByteArray("UPDATE audit_entry SET head_signature = zeroblob(64)");
    QTest::newRow("upsert") << QByteArray(
        "INSERT INTO audit_entry (seq, leaf, body, epoch, head_signature) VALUES "
        "(1, zeroblob(32), 'x', 1, zeroblob(64)) ON CONFLICT DO UPDATE SET body = 'x'");
    QTest::newRow("leave a gap") << QByteArray(
        "INSERT INTO audit_entry (seq, leaf, body, epoch, head_signature) VALUES "
        "(99, zeroblob(32), 'x', 1, zeroblob(64))");
    QTest::newRow("number zero") << QByteArray(
        "INSERT INTO audit_entry (seq, leaf, body, epoch, head_signature) VALUES "
        "(0, zeroblob(32), 'x', 1, zeroblob(64))");
    QTest::newRow("change a node") << QByteArray("UPDATE audit_node SET hash = zeroblob(32)");
    QTest::newRow("change a note") << QByteArray("UPDATE audit_checkpoint SET note = 'x'");
    QTest::newRow("older checkpoint") << QByteArray(
        "INSERT INTO audit_checkpoint VALUES (3, zeroblob(32), 'x', 'x', '{}')");
    QTest::newRow("change an epoch") << QByteArray("UPDATE audit_epoch SET pubkey = zeroblob(32)");
    QTest::newRow("skip an epoch") << QByteArray(
        "INSERT INTO audit_epoch VALUES (99, zeroblob(32), zeroblob(32), 'x')");
    QTest::newRow("put an old epoch key back") << QByteArray("UPDATE audit_epoch_key SET n = n, key = zeroblob(32)");
}

void TestSqliteAuditLog::ordinaryStatementsCannotChangeARecord()
{
    QFETCH(QByteArray, sql);
    LogFixture fixture;
    QVERIFY(!fixture.fill(6).empty());
    QVERIFY(fixture.open().value()->checkpoint().result().ok());
    {
        const auto raw = std::move(sqlite::Connection::open(fixture.path(), fixture.key(), {}).value());
        QVERIFY(!raw->execute(sql.toStdString()).ok());
    }
    const auto verified = fixture.verify();
    QVERIFY(verified->whole());
    QCOMPARE(verified->records, std::uint64_t(6));
}

void TestSqliteAuditLog::theFileIsEncrypted()
{
    LogFixture fixture;
    QVERIFY(!fixture.fill(5).empty());
    QFile file(QString::fromStdString(fixture.path().string()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QVERIFY(!bytes.startsWith("SQLite format 3"));
    for (const char *marker : {"audit_entry", "model.loaded", "tramontane/", "session"})
        QVERIFY2(!bytes.contains(marker), marker);
}

void TestSqliteAuditLog::manyThreadsMayAppend()
{
    LogFixture fixture;
    QVERIFY(fixture.create().ok());
    const auto log = std::move(fixture.open().value());
    std::vector<std::thread> threads;
    std::atomic<int> failures = 0;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 25; ++i)
                failures += log->append(LogFixture::event("model.loaded")).result().ok() ? 0 : 1;
        });
    }
    for (auto &thread : threads)
        thread.join();
    QCOMPARE(failures.load(), 0);
    const auto verified = log->verify({}).result().value();
    QVERIFY(verified.whole());
    QCOMPARE(verified.records, std::uint64_t(101));
}

void TestSqliteAuditLog::closedLogsAnswerVaultLocked()
{
    LogFixture fixture;
    QVERIFY(fixture.create().ok());
    const auto log = std::move(fixture.open().value());
    const std::string id = log->logId();
    const auto pending = log->append(LogFixture::event("session.closed"));
    QVERIFY(log->close().result().ok());
    QVERIFY(pending.result().ok()); // what was queued before is still done
    QCOMPARE(log->append(LogFixture::event("model.loaded")).result().error().code, ErrorCode::VaultLocked);
    QCOMPARE(log->list({}).result().error().code, ErrorCode::VaultLocked);
    QCOMPARE(log->verify({}).result().error().code, ErrorCode::VaultLocked);
    QCOMPARE(log->checkpoint().result().error().code, ErrorCode::VaultLocked);
    QCOMPARE(log->findAttempt("a").result().error().code, ErrorCode::VaultLocked);
    QCOMPARE(log->openAttempts().result().error().code, ErrorCode::VaultLocked);
    QCOMPARE(log->head().result().error().code, ErrorCode::VaultLocked);
    QVERIFY(log->close().result().ok());
    QCOMPARE(log->logId(), id);
    QVERIFY(!std::filesystem::exists(fixture.path().string() + "-wal"));
}

void TestSqliteAuditLog::theLastOwnerMayGoInAContinuation()
{
    LogFixture fixture;
    QVERIFY(fixture.create().ok());
    std::shared_ptr<SqliteAuditLog> log = std::move(fixture.open().value());
    const std::weak_ptr<SqliteAuditLog> watcher = log;
    auto done =
        log->append(LogFixture::event("session.closed")).then([log = std::move(log)](Result<AuditHead> head) mutable {
            log.reset();
            return head.ok();
        });
    QVERIFY(done.result());
    QTRY_VERIFY(watcher.expired());
    QTRY_VERIFY(fixture.verify().ok());
    QCOMPARE(fixture.verify()->records, std::uint64_t(2));
}

QTEST_GUILESS_MAIN(TestSqliteAuditLog)
#include "tst_sqlite_audit_log.moc"
