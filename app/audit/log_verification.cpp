// SPDX-License-Identifier: Apache-2.0
#include "app/audit/log_verification.h"

#include "app/audit/epoch.h"
#include "app/audit/event_list.h"
#include "app/audit/findings.h"
#include "app/audit/gap.h"
#include "app/audit/record.h"
#include "app/audit/tree_check.h"

#include <utility>

namespace tramontane::audit {
namespace {

std::string number(std::uint64_t value)
{
    return std::to_string(value);
}

std::uint64_t positive(std::int64_t value)
{
    return value > 0 ? std::uint64_t(value) : 0;
}

class Verification {
public:
    Verification(LogReader &reader, const LogIdentity &identity)
        : m_reader(reader), m_identity(identity), m_tree(reader, identity, m_findings)
    {
    }
    [[nodiscard]] Result<AuditVerification> run(const std::vector<KnownHead> &knownHeads, VerifyDepth depth);

private:
    void readKnownHeads(const std::vector<KnownHead> &knownHeads);
    [[nodiscard]] Status readEpochs();
    [[nodiscard]] Status readCheckpoints();
    void checkCheckpoint(const StoredCheckpoint &stored);
    void claim(std::uint64_t size, const Hash32 &root, const std::string &source);
    [[nodiscard]] Status readEntries();
    [[nodiscard]] Status checkEntry(const StoredEntry &entry);
    void checkRecord(const StoredEntry &entry, std::uint64_t seq);
    void readGapOf(const RecordSummary &record, std::uint64_t seq);
    void checkEpochOf(const StoredEntry &entry, std::uint64_t seq);

    LogReader &m_reader;
    const LogIdentity &m_identity;
    Findings m_findings;
    TreeCheck m_tree;
    AuditVerification m_result;
    std::int64_t m_epochs = 0;
    std::int64_t m_epoch = 1;        // of the last entry
    std::optional<Key32> m_epochKey; // of epoch m_epochs
    std::uint64_t m_lastSeq = 0;
    std::uint64_t m_newestClaim = 0;
};

Result<AuditVerification> Verification::run(const std::vector<KnownHead> &knownHeads, VerifyDepth depth)
{
    const auto count = m_reader.entryCount();
    if (!count)
        return count.error();
    m_result.everySignature = depth == VerifyDepth::Full || *count <= kEverySignatureUpTo;
    m_tree.checkEverySignature(m_result.everySignature);
    readKnownHeads(knownHeads);
    if (const Status status = readEpochs(); !status)
        return status.error();
    if (const Status status = readCheckpoints(); !status)
        return status.error();
    if (const Status status = readEntries(); !status)
        return status.error();
    if (const Status status = m_tree.finish(); !status)
        return status.error();
    m_result.head = m_tree.head();
    if (m_newestClaim > m_lastSeq) {
        m_result.missing = m_newestClaim - m_lastSeq;
        m_result.missingAfter = m_lastSeq;
    }
    m_findings.writeTo(m_result);
    return std::move(m_result);
}

void Verification::claim(std::uint64_t size, const Hash32 &root, const std::string &source)
{
    if (m_result.newestKnownHead.empty() || size > m_newestClaim) {
        m_newestClaim = size;
        m_result.newestKnownHead = source;
    }
    m_tree.claim(size, root, source);
}

void Verification::readKnownHeads(const std::vector<KnownHead> &knownHeads)
{
    for (const KnownHead &known : knownHeads) {
        if (const auto root = hash32FromHex(known.head.root))
            claim(known.head.size, *root, known.source);
        else
            m_findings.broken(known.head.size, "The head that is known from the " + known.source + " is malformed.");
    }
}

Status Verification::readEpochs()
{
    const auto epochs = m_reader.epochs();
    if (!epochs)
        return epochs.error();
    auto key = m_reader.epochKey();
    if (!key)
        return key.error();
    const std::string publicKey(m_identity.publicKey.begin(), m_identity.publicKey.end());
    for (const StoredEpoch &epoch : epochs.value()) {
        if (epoch.number != m_epochs + 1)
            m_findings.broken(1, "The epochs of the log are not numbered without a gap.");
        m_epochs = epoch.number;
        if (epoch.publicKey != publicKey)
            m_findings.broken(1, "Epoch " + std::to_string(epoch.number) + " names another key than that of this log.");
    }
    const bool fits = key.value() && !epochs->empty() && key.value()->number == m_epochs
                      && epochs->back().macCommit == epochCommitment(key.value()->key);
    if (fits)
        m_epochKey = std::move(key.value()->key);
    else
        m_findings.broken(1, "The key of the newest epoch is not the one that the epoch was begun with.");
    return {};
}

Status Verification::readCheckpoints()
{
    const auto checkpoints = m_reader.checkpoints();
    if (!checkpoints)
        return checkpoints.error();
    m_result.checkpoints = int(checkpoints->size());
    for (const StoredCheckpoint &stored : checkpoints.value())
        checkCheckpoint(stored);
    return {};
}

void Verification::checkCheckpoint(const StoredCheckpoint &stored)
{
    const std::uint64_t size = positive(stored.size);
    const std::string name = "The checkpoint after record " + std::to_string(stored.size);
    const Result<Checkpoint> note = openCheckpoint(stored.note, m_identity.logId, m_identity.publicKey);
    if (!note) {
        m_findings.broken(size, name + " does not hold: " + note.error().detail + ".");
        return;
    }
    if (note->size != size || !sameBytes(stored.root, note->root))
        m_findings.broken(size, name + " is not stored as it was signed.");
    if (stored.epoch < 1 || stored.epoch > m_epochs)
        m_findings.broken(size, name + " names an epoch that does not exist.");
    // The keys of earlier epochs are gone; only a holder of an older key can check their MACs.
    else if (m_epochKey && stored.epoch == m_epochs && stored.mac != epochMac(*m_epochKey, stored.note))
        m_findings.broken(size, name + " was not made in the epoch that it names.");
    claim(note->size, note->root, "checkpoint");
}

Status Verification::readEntries()
{
    for (;;) {
        const auto entry = m_reader.nextEntry();
        if (!entry)
            return entry.error();
        if (!entry.value())
            break;
        if (const Status status = checkEntry(*entry.value()); !status)
            return status;
    }
    // A log begins with a record of its own making, so an empty one has lost it.
    if (m_result.records == 0)
        m_findings.broken(1, "Record 1 is missing.");
    return {};
}

Status Verification::checkEntry(const StoredEntry &entry)
{
    ++m_result.records;
    const std::uint64_t seq = positive(entry.seq);
    if (seq <= m_lastSeq) {
        m_findings.broken(1, "There is a record with the impossible number " + std::to_string(entry.seq) + ".");
        m_tree.giveUp();
        return {};
    }
    if (seq > m_lastSeq + 1) {
        const std::uint64_t first = m_lastSeq + 1;
        m_findings.broken(first, first == seq - 1
                                     ? "Record " + number(first) + " is missing."
                                     : "The records " + number(first) + " to " + number(seq - 1) + " are missing.");
        m_tree.giveUp();
    }
    m_lastSeq = seq;
    checkRecord(entry, seq);
    checkEpochOf(entry, seq);
    return m_tree.add(entry);
}

void Verification::checkRecord(const StoredEntry &entry, std::uint64_t seq)
{
    const std::string name = "Record " + number(seq);
    if (!sameBytes(entry.leaf, leafHash(entry.body)))
        m_findings.broken(seq, name + " was changed: its bytes no longer have the hash that is stored beside them.");
    const Result<RecordSummary> record = readRecord(entry.body);
    if (!record) {
        m_findings.broken(seq, name + " is malformed: " + record.error().detail + ".");
        return;
    }
    if (record->seq != seq)
        m_findings.broken(seq, name + " is the record that was written as number " + number(record->seq) + ".");
    if ((record->event == "audit.started") != (seq == 1))
        m_findings.broken(seq, name + " is not the kind of record that belongs there: a log is started once.");
    if (record->log != m_identity.logId)
        m_findings.broken(seq, name + " belongs to another log.");
    if (record->event == "audit.gap")
        readGapOf(*record, seq);
    if (opensAttempt(record->event))
        m_findings.attemptOpened(record->corr, seq);
    else if (closesAttempt(record->event))
        m_findings.attemptClosed(record->corr);
}

void Verification::readGapOf(const RecordSummary &record, std::uint64_t seq)
{
    if (auto gap = readGap(seq, record.flags))
        m_result.gaps.push_back(std::move(*gap));
    else
        m_findings.broken(seq, "Record " + number(seq) + " tells of a gap but not of which.");
}

void Verification::checkEpochOf(const StoredEntry &entry, std::uint64_t seq)
{
    if (entry.epoch < m_epoch || entry.epoch > m_epochs)
        m_findings.broken(seq, "Record " + number(seq) + " names an epoch that it cannot be of.");
    else
        m_epoch = entry.epoch;
}

} // namespace

Result<AuditVerification> verifyLog(LogReader &reader, const LogIdentity &identity,
                                    const std::vector<KnownHead> &knownHeads, VerifyDepth depth)
{
    return Verification(reader, identity).run(knownHeads, depth);
}

} // namespace tramontane::audit
