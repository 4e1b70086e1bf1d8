// SPDX-License-Identifier: Apache-2.0
#include "app/audit/checkpoint.h"
#include "storage/audit/sqlite_audit_log.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>

using namespace tramontane;

namespace {

Key32 countingKey(std::uint8_t first)
{
    std::array<std::uint8_t, 32> bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = std::uint8_t(first + i);
    return std::move(Key32::fromBytes(bytes).value());
}

constexpr const char *kRoot = "97f8f142fb7c8a6774827e751042e621c74245cfb3627f40d255f7146b131f3e";

} // namespace

/// What was written once can be read, verified and continued for good.
class TestStoredLog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }
    void versionOneVerifiesAndGoesOn();
};

void TestStoredLog::versionOneVerifiesAndGoesOn()
{
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString() + "/audit.db";
    std::filesystem::copy_file(TRAMONTANE_SOURCE_DIR "/tests/data/formats/audit-log-v1.db", path);
    const SystemClock clock;
    const auto log = std::move(SqliteAuditLog::open({path, countingKey(0), countingKey(1), {}}, clock).value());
    QCOMPARE(log->logId(), std::string("tramontane/c1b79ed2e64a42312a2ebcba62e94dca/audit"));

    const auto verified = log->verify({{5, kRoot}}).result().value();
    QVERIFY2(verified.whole(), verified.broken.empty() ? "" : verified.broken.front().c_str());
    QCOMPARE(verified.records, std::uint64_t(5));
    QCOMPARE(verified.checkpoints, 1);
    QCOMPARE(verified.openAttempts, std::vector<std::string>{"b"});
    QCOMPARE(verified.head, (AuditHead{5, kRoot}));
    const auto key = audit::SigningKey::fromSeed(countingKey(1)).publicKey();
    QCOMPARE(audit::openCheckpoint(log->checkpoint().result().value(), log->logId(), key)->size, std::uint64_t(5));

    AuditEvent event;
    event.event = "session.opened";
    QVERIFY(log->append(event).result().ok());
    QVERIFY(log->verify({{5, kRoot}}).result().value().whole());
}

QTEST_GUILESS_MAIN(TestStoredLog)
#include "tst_stored_log.moc"
