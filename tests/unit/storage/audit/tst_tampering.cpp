// SPDX-License-Identifier: Apache-2.0
#include "app/audit/canonical_json.h"
#include "app/audit/checkpoint.h"
#include "app/audit/merkle_tree.h"
#include "tests/unit/storage/audit/log_fixture.h"

#include <nlohmann/json.hpp>

#include <QFile>
#include <QTest>

#include <functional>
#include <random>

using namespace tramontane;
using test::LogFixture;

namespace {

constexpr int kRecords = 150; // more than two batches of verification, and an odd tree

std::string number(std::uint64_t value)
{
    return std::to_string(value);
}

} // namespace

/// Somebody who holds the key of audit.db edits it with the triggers taken away. No head that is known elsewhere helps
/// unless a test says so.
class TestTampering : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { m_log->putBack(); }
    void anUntouchedLogIsWhole();
    void editsAreFoundAndPlaced_data();
    void editsAreFoundAndPlaced();
    void everyByteOfARecordCounts();
    void randomFlipsAreFound();
    void aRewrittenRecordIsFoundEvenWithAllHashesMadeAgain_data();
    void aRewrittenRecordIsFoundEvenWithAllHashesMadeAgain();
    void truncationIsSeenByAnyLaterHead_data();
    void truncationIsSeenByAnyLaterHead();
    void truncationIsSeenByAStoredCheckpoint();
    void aBrokenLogIsNotContinued();
    void truncatedAndResumedIsAFork();
    void aLogThatIsOlderThanTheVaultIsNotContinued();
    void aForkIsNotContinued_data();
    void aForkIsNotContinued();
    void aLogThatFitsIsContinued();
    void anAcceptedGapIsSaidForGood();
    void onlyAGapIsAccepted();
    void aGapThatNamesNothingIsBroken();
    void anOlderCopyIsOlder();
    void aForkSignedWithTheRightKeyIsBroken();
    void recordsOfAnotherLogAreRefused();
    void signaturesOfAnotherKeyAreRefused();
    void epochsCannotBeRewritten_data();
    void epochsCannotBeRewritten();
    void sentencesAreLimited();

private:
    std::unique_ptr<LogFixture> m_log; // kRecords records, put back before each test
    std::vector<AuditHead> m_heads;    // the head after each record; index 0 is unused
};

void TestTampering::initTestCase()
{
    QVERIFY(initCrypto().ok());
    m_log = std::make_unique<LogFixture>();
    m_heads = m_log->fill(kRecords);
    QCOMPARE(m_heads.size(), std::size_t(kRecords + 1));
    m_log->keep();
}

void TestTampering::anUntouchedLogIsWhole()
{
    QVERIFY(m_log->tamper("SELECT 1").ok()); // what tamper() itself does is no finding
    const auto verified = m_log->verify({m_heads.begin() + 1, m_heads.end()});
    QVERIFY(verified->whole());
    QVERIFY(!verified->firstBroken);
    QCOMPARE(verified->missing, std::uint64_t(0));
}

void TestTampering::editsAreFoundAndPlaced_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<int>("first");
    const QByteArray swap =
        "CREATE TEMP TABLE t AS SELECT * FROM audit_entry WHERE seq IN (40, 90);"
        "UPDATE audit_entry SET (leaf, body, head_signature) = "
        "(SELECT leaf, body, head_signature FROM t WHERE t.seq = 130 - audit_entry.seq) WHERE seq IN (40, 90);";
    const QByteArray insert = "INSERT INTO audit_entry (seq, leaf, body, epoch, head_signature) "
                              "SELECT %1, leaf, body, epoch, head_signature FROM audit_entry WHERE seq = 10;";
    QTest::newRow("change a body") << QByteArray(
        "UPDATE audit_entry SET body = CAST(replace(CAST(body AS TEXT), 'success', 'failure') AS BLOB) WHERE seq = 77")
                                   << 77;
    QTest::newRow("change the first body") << QByteArray(
        "UPDATE audit_entry SET body = CAST(replace(CAST(body AS TEXT), 'success', 'failure') AS BLOB) WHERE seq = 1")
                                           << 1;
    QTest::newRow("change the last body") << QByteArray(
        "UPDATE audit_entry SET body = CAST(replace(CAST(body AS TEXT), 'success', 'failure') AS BLOB) WHERE seq = 150")
                                          << 150;
    QTest::newRow("empty a body") << QByteArray("UPDATE audit_entry SET body = x'' WHERE seq = 12") << 12;
    QTest::newRow("body that is no JSON") << QByteArray("UPDATE audit_entry SET body = x'00ff' WHERE seq = 12") << 12;
    QTest::newRow("change all bodies from 60")
        << QByteArray("UPDATE audit_entry SET body = x'7b7d' WHERE seq >= 60") << 60;
    QTest::newRow("change a leaf") << QByteArray("UPDATE audit_entry SET leaf = zeroblob(32) WHERE seq = 33") << 33;
    QTest::newRow("shorten a leaf") << QByteArray("UPDATE audit_entry SET leaf = x'00' WHERE seq = 33") << 33;
    QTest::newRow("delete one") << QByteArray("DELETE FROM audit_entry WHERE seq = 64") << 64;
    QTest::newRow("delete the first") << QByteArray("DELETE FROM audit_entry WHERE seq = 1") << 1;
    QTest::newRow("delete a range") << QByteArray("DELETE FROM audit_entry WHERE seq BETWEEN 20 AND 29") << 20;
    QTest::newRow("delete all") << QByteArray("DELETE FROM audit_entry; DELETE FROM audit_node") << 1;
    QTest::newRow("swap two") << swap << 40;
    QTest::newRow("insert at the end") << QByteArray(insert).replace("%1", "151") << 151;
    QTest::newRow("insert far away") << QByteArray(insert).replace("%1", "999") << 151;
    QTest::newRow("insert number 0") << QByteArray(insert).replace("%1", "0") << 1;
    QTest::newRow("insert a negative number") << QByteArray(insert).replace("%1", "-5") << 1;
    QTest::newRow("renumber the last") << QByteArray("UPDATE audit_entry SET seq = 160 WHERE seq = 150") << 150;
    QTest::newRow("close a gap by renumbering")
        << QByteArray("DELETE FROM audit_entry WHERE seq = 50; UPDATE audit_entry SET seq = seq - 1 WHERE seq > 50")
        << 50;
    QTest::newRow("make room for another")
        << QByteArray(
               "UPDATE audit_entry SET seq = -seq WHERE seq >= 50; UPDATE audit_entry SET seq = 1 - seq WHERE seq < 0;")
               + QByteArray(insert).replace("%1", "50")
        << 50;
    QTest::newRow("overwrite with an earlier one")
        << QByteArray("UPDATE audit_entry SET (leaf, body, head_signature) = "
                      "(SELECT leaf, body, head_signature FROM audit_entry WHERE seq = 3) WHERE seq = 100")
        << 100;
    QTest::newRow("change an epoch number") << QByteArray("UPDATE audit_entry SET epoch = 1 WHERE seq = 70") << 70;
    QTest::newRow("name a later epoch") << QByteArray("UPDATE audit_entry SET epoch = 3 WHERE seq = 70") << 70;
    QTest::newRow("change a node") << QByteArray(
        "UPDATE audit_node SET hash = zeroblob(32) WHERE level = 3 AND idx = 4")
                                   << 33;
    QTest::newRow("shorten a node") << QByteArray("UPDATE audit_node SET hash = x'00' WHERE level = 1 AND idx = 0")
                                    << 1;
    QTest::newRow("delete a node") << QByteArray("DELETE FROM audit_node WHERE level = 2 AND idx = 6") << 25;
    QTest::newRow("delete all nodes") << QByteArray("DELETE FROM audit_node") << 1;
    QTest::newRow("insert a node") << QByteArray("INSERT INTO audit_node VALUES (1, 75, zeroblob(32))") << 151;
    QTest::newRow("change the last signature")
        << QByteArray("UPDATE audit_entry SET head_signature = zeroblob(64) WHERE seq = 150") << 150;
    QTest::newRow("change a signature in the middle")
        << QByteArray("UPDATE audit_entry SET head_signature = zeroblob(64) WHERE seq = 77") << 77;
    QTest::newRow("exchange two signatures") << QByteArray(
        "CREATE TEMP TABLE t AS SELECT seq, head_signature FROM audit_entry WHERE seq IN (70, 71);"
        "UPDATE audit_entry SET head_signature = (SELECT head_signature FROM t WHERE t.seq = 141 - audit_entry.seq) "
        "WHERE seq IN (70, 71)") << 70;
    QTest::newRow("log renamed") << QByteArray("UPDATE audit_log SET log = 'tramontane/00/audit'") << 1;
}

void TestTampering::editsAreFoundAndPlaced()
{
    QFETCH(QByteArray, sql);
    QFETCH(int, first);
    const Status tampered = m_log->tamper(sql.toStdString());
    QVERIFY2(tampered.ok(), tampered.ok() ? "" : tampered.error().detail.c_str());
    const auto verified = m_log->verify(); // no head from outside helps
    QVERIFY(verified.ok());
    QVERIFY(!verified->whole());
    QVERIFY(!verified->broken.empty());
    QCOMPARE(int(verified->firstBroken.value_or(0)), first);
}

/// One record, bytes from all over it, written into the stored body.
void TestTampering::everyByteOfARecordCounts()
{
    LogFixture fixture;
    QVERIFY(!fixture.fill(4).empty());
    const std::string body = fixture.open().value()->list({}).result().value()[2].body;
    // In the store each write costs a few ms; every single byte is tried in tst_audit_log_verification.
    for (std::size_t at = 0; at < body.size(); at += 11) {
        std::string bent = body;
        bent[at] = char(bent[at] ^ (1 << (at % 8)));
        QVERIFY(fixture.tamper("UPDATE audit_entry SET body = x'" + toHex(bytesOf(bent)) + "' WHERE seq = 3").ok());
        const auto verified = fixture.verify();
        QVERIFY(verified.ok());
        QCOMPARE(verified->firstBroken.value_or(0), std::uint64_t(3));
    }
    QVERIFY(fixture.tamper("UPDATE audit_entry SET body = x'" + toHex(bytesOf(body)) + "' WHERE seq = 3").ok());
    QVERIFY(fixture.verify()->whole());
}

/// Any bit of any blob of any table, with a fixed seed. Of `audit_epoch.mac_commit` only that of the newest epoch: the
/// keys behind the others are overwritten, so nobody can tell (resources/formats/audit-log.md).
void TestTampering::randomFlipsAreFound()
{
    LogFixture fixture;
    QVERIFY(!fixture.fill(40).empty());
    QVERIFY(fixture.open().value()->checkpoint().result().ok());
    const std::vector<std::pair<std::string, std::string>> columns{
        {"audit_entry", "leaf"},           {"audit_entry", "body"},      {"audit_node", "hash"},
        {"audit_entry", "head_signature"}, {"audit_checkpoint", "root"}, {"audit_epoch", "pubkey"},
        {"audit_epoch", "mac_commit"},     {"audit_epoch_key", "key"}};
    std::mt19937 random(20261122);
    for (int round = 0; round < 48; ++round) {
        const auto &[table, column] = columns[random() % columns.size()];
        std::string before;
        std::string place;
        {
            const auto raw = std::move(sqlite::Connection::open(fixture.path(), fixture.key(), {}).value());
            const auto rows = raw->queryInteger("SELECT count(*) FROM " + table).value();
            const std::string offset = number(random() % std::uint64_t(rows));
            const std::string key = table == "audit_node" ? "level * 1000 + idx" : table == "audit_entry" ? "seq" : "1";
            const std::string id =
                raw->queryText("SELECT " + key + " FROM " + table + " LIMIT 1 OFFSET " + offset).value();
            place = " WHERE " + key + " = " + id;
            if (table == "audit_epoch")
                place = " WHERE n = "
                        + number(column == "mac_commit" ? std::uint64_t(rows) : random() % std::uint64_t(rows) + 1);
            before = raw->queryText("SELECT hex(" + column + ") FROM " + table + place).value();
        }
        QByteArray bytes = QByteArray::fromHex(QByteArray::fromStdString(before));
        const auto at = qsizetype(random() % std::uint64_t(bytes.size()));
        bytes[at] = char(bytes[at] ^ (1 << (random() % 8)));
        const auto write = [&](const QByteArray &hex) {
            return fixture.tamper("UPDATE " + table + " SET " + column + " = x'" + hex.toStdString() + "'" + place);
        };
        QVERIFY(write(bytes.toHex()).ok());
        const auto verified = fixture.verify();
        QVERIFY(verified.ok());
        QVERIFY2(!verified->whole(), (table + "." + column + place).c_str());
        QVERIFY(write(QByteArray::fromStdString(before)).ok());
        QVERIFY2(fixture.verify()->whole(), (table + "." + column + place).c_str());
    }
}

void TestTampering::aRewrittenRecordIsFoundEvenWithAllHashesMadeAgain_data()
{
    QTest::addColumn<int>("seq");
    for (const int seq : {1, 2, 63, 64, 65, 100, 128, 149, 150})
        QTest::addRow("record %d", seq) << seq;
}

/// The insider with the database key: a canonical, well-formed record, its leaf and every node above it made again.
void TestTampering::aRewrittenRecordIsFoundEvenWithAllHashesMadeAgain()
{
    QFETCH(int, seq);
    const auto rows = m_log->open().value()->list({}).result().value();
    audit::TreeEdge edge;
    std::string sql = "DELETE FROM audit_node;";
    for (const AuditRow &row : rows) {
        std::string body = row.body;
        if (int(row.seq) == seq) {
            auto record = nlohmann::json::parse(body);
            record["severity"] = 5;
            body = audit::canonicalJson(record).value();
        }
        const Hash32 leaf = audit::leafHash(body);
        if (int(row.seq) == seq)
            sql += "UPDATE audit_entry SET body = x'" + toHex(bytesOf(body)) + "', leaf = x'" + toHex(leaf)
                   + "' WHERE seq = " + number(row.seq) + ";";
        for (const auto &node : edge.append(leaf))
            sql += "INSERT INTO audit_node VALUES (" + number(std::uint64_t(node.level)) + "," + number(node.index)
                   + ",x'" + toHex(node.hash) + "');";
    }
    QVERIFY(m_log->tamper(sql).ok());
    const auto verified = m_log->verify();
    QCOMPARE(int(verified->firstBroken.value_or(0)), seq);
    QCOMPARE(verified->broken.size(), std::size_t(1));
    QCOMPARE(int(verified->head.size), seq - 1);
}

void TestTampering::truncationIsSeenByAnyLaterHead_data()
{
    QTest::addColumn<int>("kept");
    QTest::addColumn<bool>("nodesToo");
    for (const int kept : {1, 2, 31, 32, 33, 64, 99, 127}) {
        QTest::addRow("%d kept, nodes left behind", kept) << kept << false;
        QTest::addRow("%d kept, nodes removed", kept) << kept << true;
    }
}

void TestTampering::truncationIsSeenByAnyLaterHead()
{
    QFETCH(int, kept);
    QFETCH(bool, nodesToo);
    std::string sql = "DELETE FROM audit_entry WHERE seq > " + number(std::uint64_t(kept)) + ";";
    if (nodesToo)
        sql += "DELETE FROM audit_node WHERE ((idx + 1) << level) > " + number(std::uint64_t(kept)) + ";";
    QVERIFY(m_log->tamper(sql).ok());
    const auto verified = m_log->verify({m_heads[std::size_t(kept) + 1], m_heads[kRecords]});
    QVERIFY(!verified->whole());
    QCOMPARE(int(verified->missing), kRecords - kept);
    QCOMPARE(int(verified->missingAfter), kept);
    QCOMPARE(verified->newestKnownHead, std::string("vault"));
    // A careful cut leaves a log that is whole in itself: only the remembered head tells.
    QCOMPARE(verified->broken.empty(), nodesToo);
    QCOMPARE(m_log->verify()->whole(), nodesToo);
}

void TestTampering::truncationIsSeenByAStoredCheckpoint()
{
    LogFixture fixture;
    QVERIFY(!fixture.fill(20).empty());
    QVERIFY(fixture.open().value()->checkpoint().result().ok());
    QVERIFY(
        fixture
            .tamper("DELETE FROM audit_entry WHERE seq > 12; DELETE FROM audit_node WHERE ((idx + 1) << level) > 12;")
            .ok());
    const auto verified = fixture.verify();
    QVERIFY(verified->broken.empty());
    QCOMPARE(verified->missing, std::uint64_t(8));
    QCOMPARE(verified->missingAfter, std::uint64_t(12));
    QCOMPARE(verified->newestKnownHead, std::string("checkpoint"));
}

void TestTampering::aBrokenLogIsNotContinued()
{
    LogFixture fixture;
    QVERIFY(!fixture.fill(16).empty());
    QVERIFY(fixture.tamper("UPDATE audit_node SET hash = zeroblob(32) WHERE level = 4").ok());
    const auto log = std::move(fixture.open().value());
    const auto appended = log->append(LogFixture::event("model.loaded")).result();
    QVERIFY(!appended.ok());
    QCOMPARE(appended.error().code, ErrorCode::AuditBroken);
    QVERIFY(appended.error().message.find("does not fit") != std::string::npos);
    QVERIFY(!log->checkpoint().result().ok());
    QCOMPARE(log->list({}).result().value().size(), std::size_t(16)); // reading still works
}

/// CVE-2023-31438: cut, then go on writing. The log is whole in itself, but not the one whose head is remembered.
void TestTampering::truncatedAndResumedIsAFork()
{
    LogFixture fixture;
    const auto heads = fixture.fill(20);
    QVERIFY(
        fixture
            .tamper("DELETE FROM audit_entry WHERE seq > 12; DELETE FROM audit_node WHERE ((idx + 1) << level) > 12;")
            .ok());
    {
        const auto log = std::move(fixture.open().value());
        for (int i = 0; i < 15; ++i)
            QVERIFY(log->append(LogFixture::event("model.unloaded")).result().ok());
    }
    QVERIFY(fixture.verify()->whole());
    const auto verified = fixture.verify({heads[10], heads[20]});
    QVERIFY(!verified->whole());
    QCOMPARE(verified->missing, std::uint64_t(0));
    QCOMPARE(verified->firstBroken.value_or(0), std::uint64_t(11)); // after the last head that still agrees
}

/// Yesterday's file put back: every record that was added would hide what is missing.
void TestTampering::aLogThatIsOlderThanTheVaultIsNotContinued()
{
    LogFixture fixture;
    fixture.remember(20);
    QVERIFY(fixture.cut(12).ok());
    const auto log = std::move(fixture.open().value());
    const auto refused = log->append(LogFixture::event("model.loaded")).result();
    QCOMPARE(refused.error().code, ErrorCode::AuditRecordsMissing);
    QVERIFY(refused.error().message.starts_with("8 records are missing after record 12: "));
    QVERIFY(refused.error().message.find("accept-gap") != std::string::npos);
    QCOMPARE(log->checkpoint().result().error().code, ErrorCode::AuditRecordsMissing);
    QCOMPARE(log->head().result().error().code, ErrorCode::AuditRecordsMissing);
    QCOMPARE(log->list({}).result().value().size(), std::size_t(12)); // reading still works
    const auto verified = log->verify(fixture.known).result().value();
    QVERIFY(verified.broken.empty());
    QCOMPARE(verified.missing, std::uint64_t(8));
    QCOMPARE(verified.missingAfter, std::uint64_t(12));
}

void TestTampering::aForkIsNotContinued_data()
{
    QTest::addColumn<int>("written");
    QTest::newRow("still shorter") << 3;
    QTest::newRow("as long") << 8;
    QTest::newRow("longer") << 9;
    QTest::newRow("longer than any number of heads") << 100;
}

/// Cut, continued by somebody who remembers nothing, then opened by the vault that does.
void TestTampering::aForkIsNotContinued()
{
    QFETCH(int, written);
    LogFixture fixture;
    const auto heads = fixture.fill(20);
    QVERIFY(fixture.cut(12).ok());
    {
        const auto log = std::move(fixture.open().value());
        for (int i = 0; i < written; ++i)
            QVERIFY(log->append(LogFixture::event("model.unloaded")).result().ok());
    }
    fixture.known = {heads.begin() + 1, heads.end()};
    const auto log = std::move(fixture.open().value());
    QCOMPARE(log->append(LogFixture::event("model.loaded")).result().error().code, ErrorCode::AuditBroken);
    QCOMPARE(log->acceptGap({}).result().error().code, ErrorCode::AuditBroken);
    QCOMPARE(log->list({}).result().value().size(), std::size_t(12 + written));
}

void TestTampering::aLogThatFitsIsContinued()
{
    LogFixture fixture;
    fixture.remember(20);
    const auto log = std::move(fixture.open().value());
    const AuditHead head = log->append(LogFixture::event("model.loaded")).result().value();
    QCOMPARE(head.size, std::uint64_t(21));
    QVERIFY(log->verify({head}).result().value().whole());
}

void TestTampering::anAcceptedGapIsSaidForGood()
{
    LogFixture fixture;
    fixture.remember(20);
    const std::string lost = fixture.known.back().root;
    QVERIFY(fixture.cut(12).ok());
    AcceptedGap accepted;
    {
        const auto log = std::move(fixture.open().value());
        accepted = log->acceptGap({.sha256 = std::string(64, 'c')}).result().value();
        QCOMPARE(accepted.gap, (AuditGap{13, 12, 8, lost}));
        QCOMPARE(accepted.head.size, std::uint64_t(13));
        const AuditRow row = log->list({.event = "audit.gap"}).result().value().at(0);
        const auto record = nlohmann::json::parse(row.body);
        QCOMPARE(record["severity"].get<int>(), 5);
        QCOMPARE(record["policy"]["sha256"].get<std::string>(), std::string(64, 'c'));
        QVERIFY(log->append(LogFixture::event("model.loaded")).result().ok());
    }
    fixture.known.resize(12); // as the vault keeps them
    fixture.known.push_back(accepted.head);
    const auto log = std::move(fixture.open().value());
    QVERIFY(log->append(LogFixture::event("model.loaded")).result().ok());
    const auto verified = log->verify(fixture.known).result().value();
    QVERIFY(verified.whole());
    QCOMPARE(verified.gaps, (std::vector<AuditGap>{accepted.gap}));
}

void TestTampering::onlyAGapIsAccepted()
{
    LogFixture fixture;
    fixture.remember(5);
    const auto log = std::move(fixture.open().value());
    QCOMPARE(log->acceptGap({}).result().error().code, ErrorCode::InvalidArgument);
    QCOMPARE(log->list({}).result().value().size(), std::size_t(5));
}

void TestTampering::aGapThatNamesNothingIsBroken()
{
    LogFixture fixture;
    QVERIFY(!fixture.fill(3).empty());
    QVERIFY(fixture.open().value()->append(LogFixture::event("audit.gap")).result().ok());
    QCOMPARE(fixture.verify()->firstBroken.value_or(0), std::uint64_t(4));
}

/// Yesterday's folder put back.
void TestTampering::anOlderCopyIsOlder()
{
    LogFixture fixture;
    const auto heads = fixture.fill(9);
    const auto copy = fixture.path().string() + ".old";
    std::filesystem::copy_file(fixture.path(), copy);
    AuditHead newest;
    {
        const auto log = std::move(fixture.open().value());
        QVERIFY(log->append(LogFixture::event("model.unloaded")).result().ok());
        newest = log->append(LogFixture::event("model.loaded")).result().value();
    }
    std::filesystem::copy_file(copy, fixture.path(), std::filesystem::copy_options::overwrite_existing);
    const auto verified = fixture.verify({heads[9], newest});
    QVERIFY(verified->broken.empty());
    QCOMPARE(verified->missing, std::uint64_t(2));
    QCOMPARE(verified->missingAfter, std::uint64_t(9));
    QVERIFY(!verified->whole());
}

/// Two heads of one size and different roots: whatever is stored, one of them cannot be its head.
void TestTampering::aForkSignedWithTheRightKeyIsBroken()
{
    LogFixture fixture;
    const auto heads = fixture.fill(10);
    const AuditHead other{8, toHex(audit::leafHash("another history"))};
    const auto verified = fixture.verify({heads[5], other});
    QVERIFY(!verified->whole());
    QCOMPARE(verified->firstBroken.value_or(0), std::uint64_t(6));
    QCOMPARE(verified->missing, std::uint64_t(0));
    QVERIFY(!fixture.verify({AuditHead{8, "not a hash"}})->whole());
    QVERIFY(!fixture.verify({AuditHead{0, std::string(64, '0')}})->whole());
}

void TestTampering::recordsOfAnotherLogAreRefused()
{
    LogFixture fixture;
    LogFixture other;
    QVERIFY(!fixture.fill(5).empty());
    QVERIFY(!other.fill(5).empty());
    const auto foreign = other.open().value()->list({}).result().value()[4];
    QVERIFY(fixture
                .tamper("UPDATE audit_entry SET body = x'" + toHex(bytesOf(foreign.body)) + "', leaf = x'"
                        + foreign.leaf + "' WHERE seq = 5")
                .ok());
    const auto verified = fixture.verify();
    QCOMPARE(verified->firstBroken.value_or(0), std::uint64_t(5));
    QVERIFY(verified->broken.front().find("another log") != std::string::npos);
}

/// Everything signed again, but with a key that is not this log's.
void TestTampering::signaturesOfAnotherKeyAreRefused()
{
    LogFixture fixture;
    QVERIFY(!fixture.fill(6).empty());
    const auto log = std::move(fixture.open().value());
    const std::string id = log->logId();
    const auto rows = log->list({}).result().value();
    QVERIFY(log->close().result().ok());
    const auto forger = audit::SigningKey::fromSeed(Key32::random());
    audit::TreeEdge edge;
    std::string sql = "UPDATE audit_epoch SET pubkey = x'" + toHex(forger.publicKey()) + "';";
    for (const AuditRow &row : rows) {
        edge.append(audit::leafHash(row.body));
        const auto signature = forger.sign(audit::checkpointText({id, edge.size(), edge.root()}));
        sql +=
            "UPDATE audit_entry SET head_signature = x'" + toHex(signature) + "' WHERE seq = " + number(row.seq) + ";";
    }
    QVERIFY(fixture.tamper(sql).ok());
    const auto verified = fixture.verify();
    QVERIFY(!verified->whole());
    QCOMPARE(verified->firstBroken.value_or(0), std::uint64_t(1));
}

void TestTampering::epochsCannotBeRewritten_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::newRow("other key") << QByteArray("UPDATE audit_epoch SET pubkey = zeroblob(32) WHERE n = 1");
    QTest::newRow("other commitment") << QByteArray("UPDATE audit_epoch SET mac_commit = zeroblob(32) WHERE n = 3");
    QTest::newRow("other MAC key") << QByteArray("UPDATE audit_epoch_key SET key = zeroblob(32)");
    QTest::newRow("no MAC key") << QByteArray("DELETE FROM audit_epoch_key");
    QTest::newRow("short MAC key") << QByteArray("UPDATE audit_epoch_key SET key = x'00'");
    QTest::newRow("missing epoch") << QByteArray("DELETE FROM audit_epoch WHERE n = 2");
    QTest::newRow("no epochs") << QByteArray("DELETE FROM audit_epoch");
    QTest::newRow("one epoch more") << QByteArray(
        "INSERT INTO audit_epoch SELECT 4, pubkey, mac_commit, started FROM audit_epoch WHERE n = 3");
    QTest::newRow("checkpoint sealed in another epoch")
        << QByteArray("UPDATE audit_checkpoint SET anchors = json_set(anchors, '$.mac', 'hmac-sha256:00')");
    QTest::newRow("checkpoint without a seal") << QByteArray("UPDATE audit_checkpoint SET anchors = '{\"epoch\":3}'");
    QTest::newRow("seal that is no JSON") << QByteArray("UPDATE audit_checkpoint SET anchors = 'x'");
    QTest::newRow("checkpoint of an epoch to come")
        << QByteArray("UPDATE audit_checkpoint SET anchors = json_set(anchors, '$.epoch', 9)");
    QTest::newRow("checkpoint renumbered") << QByteArray("UPDATE audit_checkpoint SET size = size - 1");
    QTest::newRow("checkpoint's root") << QByteArray("UPDATE audit_checkpoint SET root = zeroblob(32)");
    QTest::newRow("checkpoint's note") << QByteArray(
        "UPDATE audit_checkpoint SET note = replace(note, 'tramontane', 'trampolines')");
    QTest::newRow("checkpoint's empty note") << QByteArray("UPDATE audit_checkpoint SET note = ''");
}

void TestTampering::epochsCannotBeRewritten()
{
    QFETCH(QByteArray, sql);
    LogFixture fixture;
    QVERIFY(!fixture.fill(6).empty());
    {
        const auto log = std::move(fixture.open().value());
        QVERIFY(log->append(LogFixture::event("session.opened")).result().ok());
        QVERIFY(log->checkpoint().result().ok());
    }
    QVERIFY(fixture.verify()->whole());
    QVERIFY(fixture.tamper(sql.toStdString()).ok());
    const auto verified = fixture.verify();
    QVERIFY(verified.ok());
    QVERIFY(!verified->whole());
    QVERIFY(verified->firstBroken.has_value());
}

void TestTampering::sentencesAreLimited()
{
    LogFixture fixture;
    QVERIFY(!fixture.fill(100).empty());
    QVERIFY(fixture.tamper("UPDATE audit_entry SET body = x'00'").ok());
    const auto verified = fixture.verify();
    QCOMPARE(verified->broken.size(), std::size_t(51));
    QVERIFY(verified->broken.back().find("more") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestTampering)
#include "tst_tampering.moc"
