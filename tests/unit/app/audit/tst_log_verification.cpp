// SPDX-License-Identifier: Apache-2.0
#include "app/audit/epoch.h"
#include "app/audit/log_verification.h"
#include "app/audit/record.h"

#include <QTest>

#include <map>
#include <random>

using namespace tramontane;
using namespace tramontane::audit;

namespace {

const std::string kLog = "tramontane/000102030405060708090a0b0c0d0e0f/audit";

std::string bytes(const Hash32 &hash)
{
    return {hash.begin(), hash.end()};
}

/// A log in memory, written as a store writes it, whose parts a test may change.
class MemoryLog final : public LogReader {
public:
    explicit MemoryLog(int records)
        : m_seed(Key32::random()), m_key(Key32::random()), signer(SigningKey::fromSeed(m_seed))
    {
        epochList = {{1, {signer.publicKey().begin(), signer.publicKey().end()}, epochCommitment(m_key)}};
        const RecordWriter writer(kLog, {}, m_seed);
        for (int i = 1; i <= records; ++i) {
            AuditEvent event;
            event.event = i == 1 ? "audit.started" : "model.loaded";
            add(writer.encode(event, {std::uint64_t(i), 1795338843211 + i, i}).value());
        }
    }

    void add(const std::string &body)
    {
        const Hash32 leaf = leafHash(body);
        for (const TreeNode &node : m_edge.append(leaf))
            nodes[{node.level, node.index}] = bytes(node.hash);
        entries.push_back({std::int64_t(m_edge.size()), bytes(leaf), body, headSignature(m_edge), 1});
    }

    std::string headSignature(const TreeEdge &edge) const
    {
        const Signature signature = signer.sign(checkpointText({kLog, edge.size(), edge.root()}));
        return {signature.begin(), signature.end()};
    }

    AuditVerification verify(const std::vector<KnownHead> &known = {}, VerifyDepth depth = VerifyDepth::Usual)
    {
        m_next = 0;
        return verifyLog(*this, {kLog, signer.publicKey()}, known, depth).value();
    }

    Result<std::uint64_t> entryCount() override { return claimedCount.value_or(entries.size()); }

    Result<std::optional<StoredEntry>> nextEntry() override
    {
        return m_next < entries.size() ? std::optional(entries[m_next++]) : std::nullopt;
    }
    Result<std::optional<std::string>> node(int level, std::uint64_t index) override
    {
        const auto found = nodes.find({level, index});
        return found == nodes.end() ? std::nullopt : std::optional(found->second);
    }
    Result<std::uint64_t> nodeCount() override { return nodes.size(); }
    Result<std::vector<StoredCheckpoint>> checkpoints() override { return checkpointList; }
    Result<std::vector<StoredEpoch>> epochs() override { return epochList; }
    Result<std::optional<StoredEpochKey>> epochKey() override
    {
        return std::optional(StoredEpochKey{1, m_key.clone()});
    }

    std::vector<StoredEntry> entries;
    std::map<std::pair<int, std::uint64_t>, std::string> nodes;
    std::vector<StoredCheckpoint> checkpointList;
    std::vector<StoredEpoch> epochList;
    std::optional<std::uint64_t> claimedCount; // to stand for a long log

private:
    Key32 m_seed;
    Key32 m_key;
    TreeEdge m_edge;
    std::size_t m_next = 0;

public:
    SigningKey signer;
};

/// A log whose n-th kind of call fails.
class Failing final : public LogReader {
public:
    explicit Failing(int failAt) : m_failAt(failAt) {}
    Result<std::uint64_t> entryCount() override { return answer<std::uint64_t>(5); }
    Result<std::optional<StoredEntry>> nextEntry() override { return answer<std::optional<StoredEntry>>(2); }
    Result<std::optional<std::string>> node(int, std::uint64_t) override { return std::optional<std::string>(); }
    Result<std::uint64_t> nodeCount() override { return answer<std::uint64_t>(3); }
    Result<std::vector<StoredCheckpoint>> checkpoints() override { return answer<std::vector<StoredCheckpoint>>(1); }
    Result<std::vector<StoredEpoch>> epochs() override { return answer<std::vector<StoredEpoch>>(0); }
    Result<std::optional<StoredEpochKey>> epochKey() override { return answer<std::optional<StoredEpochKey>>(4); }

private:
    template <class T>
    Result<T> answer(int call) const
    {
        return m_failAt == call ? Result<T>(Error{ErrorCode::IoFailed, "disk", ""}) : Result<T>(T{});
    }
    int m_failAt;
};

} // namespace

class TestLogVerification : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }
    void untouchedLogsAreWhole();
    void everyByteOfARecordCounts();
    void randomFlipsAreFoundAndPlaced();
    void everySwapIsFound();
    void theLastHeadMustBeSigned();
    void everyByteOfAHeadSignatureCounts();
    void aLongLogIsCheckedInFullWhenAsked();
    void aRememberedHeadOutweighsEverySignature();
    void failuresOfTheReaderAreHandedOn();
};

void TestLogVerification::untouchedLogsAreWhole()
{
    for (const int records : {1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 63, 64, 65, 127, 128, 129, 140}) { // batches have 64
        MemoryLog log(records);
        const auto verified = log.verify();
        QVERIFY2(verified.whole(), verified.broken.empty() ? "" : verified.broken.front().c_str());
        QCOMPARE(int(verified.records), records);
        QCOMPARE(int(verified.head.size), records);
    }
}

/// Each byte in turn; the record that was changed must be named.
void TestLogVerification::everyByteOfARecordCounts()
{
    MemoryLog log(3);
    std::string &body = log.entries[1].body;
    for (std::size_t at = 0; at < body.size(); ++at) {
        body[at] = char(body[at] ^ (1 << (at % 8)));
        QCOMPARE(log.verify().firstBroken.value_or(0), std::uint64_t(2));
        body[at] = char(body[at] ^ (1 << (at % 8)));
    }
    QVERIFY(log.verify().whole());
}

void TestLogVerification::randomFlipsAreFoundAndPlaced()
{
    MemoryLog log(70);
    std::mt19937 random(1);
    for (int round = 0; round < 100; ++round) {
        const std::size_t i = random() % log.entries.size();
        std::string &field = random() % 2 ? log.entries[i].body : log.entries[i].leaf;
        char &byte = field[random() % field.size()];
        const char before = byte;
        byte = char(byte ^ (1 << (random() % 8)));
        QCOMPARE(log.verify().firstBroken.value_or(0), std::uint64_t(i + 1));
        byte = before;
    }
    QVERIFY(log.verify().whole());
}

void TestLogVerification::everySwapIsFound()
{
    MemoryLog log(20);
    for (std::size_t i = 0; i < 20; ++i) {
        for (std::size_t j = i + 1; j < 20; ++j) {
            const auto swap = [&] {
                std::swap(log.entries[i], log.entries[j]);
                std::swap(log.entries[i].seq, log.entries[j].seq);
            };
            swap();
            QCOMPARE(log.verify().firstBroken.value_or(0), std::uint64_t(i + 1));
            swap();
        }
    }
}

void TestLogVerification::theLastHeadMustBeSigned()
{
    MemoryLog log(10);
    log.entries[9].headSignature.assign(64, '\0');
    QCOMPARE(log.verify().firstBroken.value_or(0), std::uint64_t(10));
    log.entries[9].headSignature.clear();
    QCOMPARE(log.verify().firstBroken.value_or(0), std::uint64_t(10));
}

/// Records 1 to 70: in the first batch, at its end, and in the second. The record that it stands after is named.
void TestLogVerification::everyByteOfAHeadSignatureCounts()
{
    MemoryLog log(70);
    for (const std::size_t index : {0, 1, 30, 62, 63, 64, 69}) {
        std::string &signature = log.entries[index].headSignature;
        for (std::size_t at = 0; at < signature.size(); at += 21) { // 64 bytes: both halves of the signature
            signature[at] = char(signature[at] ^ (1 << (at % 8)));
            QCOMPARE(log.verify().firstBroken.value_or(0), std::uint64_t(index + 1));
            signature[at] = char(signature[at] ^ (1 << (at % 8)));
        }
        const std::string whole = std::exchange(signature, "");
        QCOMPARE(log.verify().firstBroken.value_or(0), std::uint64_t(index + 1));
        signature = whole;
    }
    QVERIFY(log.verify().whole());
}

void TestLogVerification::aLongLogIsCheckedInFullWhenAsked()
{
    MemoryLog log(70);
    QVERIFY(log.verify().everySignature);
    log.claimedCount = kEverySignatureUpTo;
    QVERIFY(log.verify().everySignature);
    log.claimedCount = kEverySignatureUpTo + 1;
    QVERIFY(!log.verify().everySignature);
    QVERIFY(log.verify({}, VerifyDepth::Full).everySignature);
    log.entries[30].headSignature[0] ^= 1;
    QVERIFY(log.verify().whole()); // as the result says: not every signature was checked
    QCOMPARE(log.verify({}, VerifyDepth::Full).firstBroken.value_or(0), std::uint64_t(31));
    log.entries[30].headSignature[0] ^= 1;
    log.entries[63].headSignature[0] ^= 1; // the last of a batch
    QCOMPARE(log.verify().firstBroken.value_or(0), std::uint64_t(64));
}

/// The owner of the signing key can make any log look whole in itself; a head that was left elsewhere tells.
void TestLogVerification::aRememberedHeadOutweighsEverySignature()
{
    MemoryLog log(10);
    const KnownHead genuine{log.verify().head, "vault"};
    QVERIFY(log.verify({genuine}).whole());
    const KnownHead other{{7, toHex(leafHash("what was there"))}, "keychain"};
    const auto verified = log.verify({genuine, other});
    QCOMPARE(verified.firstBroken.value_or(0), std::uint64_t(1));
    QVERIFY(verified.broken.front().find("keychain") != std::string::npos);
    const auto older = log.verify({{{12, genuine.head.root}, "keychain"}});
    QCOMPARE(older.missing, std::uint64_t(2));
    QCOMPARE(older.newestKnownHead, std::string("keychain"));
}

void TestLogVerification::failuresOfTheReaderAreHandedOn()
{
    for (int call = 0; call < 6; ++call) {
        Failing reader(call);
        const auto verified = verifyLog(reader, {kLog, {}}, {}, VerifyDepth::Usual);
        QVERIFY(!verified.ok());
        QCOMPARE(verified.error().code, ErrorCode::IoFailed);
    }
}

QTEST_GUILESS_MAIN(TestLogVerification)
#include "tst_log_verification.moc"
