// SPDX-License-Identifier: Apache-2.0
#include "storage/audit/log_appender.h"

#include "app/audit/epoch.h"
#include "storage/audit/epoch_store.h"
#include "storage/audit/log_queries.h"
#include "storage/sqlite/transaction.h"

#include <algorithm>

namespace tramontane::audit_store {
namespace {

Status storeNodes(sqlite::Connection &connection, const std::vector<audit::TreeNode> &nodes)
{
    auto insert = connection.prepare("INSERT INTO audit_node (level, idx, hash) VALUES (?, ?, ?)");
    if (!insert)
        return insert.error();
    for (const audit::TreeNode &node : nodes) {
        if (Status status = insert->bind(node.level, node.index, std::span<const std::uint8_t>(node.hash)).run();
            !status)
            return status;
    }
    return {};
}

Error brokenHead(std::uint64_t size)
{
    return Error{
        ErrorCode::AuditBroken,
        "The audit log does not hold: its last signed head does not fit its records. Verify the log; nothing is "
        "added to it until it is whole.",
        "head after record " + std::to_string(size)};
}

/// Forgets an epoch whose beginning was not committed, whatever the reason.
class EpochUndo {
public:
    explicit EpochUndo(std::optional<audit::StoredEpochKey> &epoch) : m_epoch(epoch), m_armed(!epoch.has_value()) {}
    ~EpochUndo()
    {
        if (m_armed)
            m_epoch.reset();
    }
    EpochUndo(const EpochUndo &) = delete;
    EpochUndo &operator=(const EpochUndo &) = delete;
    void committed() { m_armed = false; }

private:
    std::optional<audit::StoredEpochKey> &m_epoch;
    bool m_armed;
};

} // namespace

Status LogAppender::load(sqlite::Connection &connection)
{
    const Result<LastEntry> last = readLastEntry(connection);
    if (!last)
        return last.error();
    if (last->seq == 0) // only while the log is being made; verification reports a log without records
        return {};
    const auto source = [&](int level, std::uint64_t index) { return readTreeNode(connection, level, index); };
    Result<audit::TreeEdge> edge = audit::TreeEdge::load(last->seq, source);
    if (!edge && edge.error().code != ErrorCode::NotFound)
        return edge.error();
    audit::Signature signature{};
    const bool complete = edge.ok() && last->headSignature.size() == signature.size();
    if (!complete)
        return brokenHead(last->seq);
    std::copy(last->headSignature.begin(), last->headSignature.end(), signature.begin());
    const std::string text = audit::checkpointText({m_identity.logId, edge->size(), edge->root()});
    if (!audit::verifySignature(m_identity.publicKey, text, signature))
        return brokenHead(last->seq);
    m_position = {std::move(edge.value()), last->time};
    return {};
}

Result<AuditHead> LogAppender::append(sqlite::Connection &connection, const std::vector<AuditEvent> &events)
{
    const bool hadEpoch = m_epoch.has_value();
    EpochUndo undo(m_epoch);
    Position position = m_position;
    const Status stored = sqlite::inTransaction(connection, [&]() -> Status {
        if (Status status = ensureEpoch(connection); !status)
            return status;
        for (const AuditEvent &event : events) {
            if (Status status = addRecord(connection, position, event); !status)
                return status;
        }
        return {};
    });
    if (!stored)
        return stored.error();
    undo.committed();
    m_position = std::move(position);
    // Folding the WAL in now takes the old MAC key out of it. The records are durable either way.
    if (!hadEpoch)
        static_cast<void>(connection.checkpoint());
    return head();
}

Status LogAppender::ensureEpoch(sqlite::Connection &connection)
{
    if (m_epoch)
        return {};
    auto begun = beginEpoch(connection, m_identity.publicKey, rfc3339(m_clock.utcMs()));
    if (!begun)
        return begun.error();
    m_epoch = std::move(begun.value());
    return {};
}

Status LogAppender::addRecord(sqlite::Connection &connection, Position &position, const AuditEvent &event)
{
    const std::int64_t now = m_clock.utcMs();
    const std::string time = rfc3339(now);
    if (time < position.lastTime) {
        AuditEvent regression;
        regression.event = "audit.time_regression";
        regression.outcome = Outcome::Success;
        regression.policy = event.policy;
        position.lastTime = time;
        if (Status status = addRecord(connection, position, regression); !status)
            return status;
    }
    const Result<std::string> body = m_voice->writer.encode(event, {position.edge.size() + 1, now, m_clock.monoMs()});
    if (!body)
        return body.error();
    const Hash32 leaf = audit::leafHash(body.value());
    const auto nodes = position.edge.append(leaf);
    position.lastTime = time;
    if (Status status = storeEntry(connection, position, body.value(), leaf); !status)
        return status;
    if (Status status = storeNodes(connection, nodes); !status)
        return status;
    if (position.edge.size() % kCheckpointEvery != 0)
        return {};
    const auto note = storeCheckpoint(connection, position.edge);
    return note ? Status() : Status(note.error());
}

Status LogAppender::storeEntry(sqlite::Connection &connection, const Position &position, const std::string &body,
                               const Hash32 &leaf)
{
    auto insert = connection.prepare("INSERT INTO audit_entry (seq, leaf, body, epoch, head_signature) "
                                     "VALUES (?, ?, ?, ?, ?)");
    if (!insert)
        return insert.error();
    const audit::Signature signature =
        m_voice->signer.sign(audit::checkpointText({m_identity.logId, position.edge.size(), position.edge.root()}));
    return insert
        ->bind(position.edge.size(), std::span<const std::uint8_t>(leaf), bytesOf(body), m_epoch->number,
               std::span<const std::uint8_t>(signature))
        .run();
}

Result<std::string> LogAppender::checkpoint(sqlite::Connection &connection)
{
    const Result<std::string> present = readNote(connection, m_position.edge.size());
    if (present || present.error().code != ErrorCode::NotFound)
        return present;
    EpochUndo undo(m_epoch);
    const Result<std::string> note = sqlite::inTransaction(connection, [&]() -> Result<std::string> {
        if (const Status status = ensureEpoch(connection); !status)
            return status.error();
        return storeCheckpoint(connection, m_position.edge);
    });
    if (note)
        undo.committed();
    return note;
}

Result<std::string> LogAppender::storeCheckpoint(sqlite::Connection &connection, const audit::TreeEdge &edge)
{
    const Hash32 root = edge.root();
    const Result<std::string> note = audit::signCheckpoint({m_identity.logId, edge.size(), root}, m_voice->signer);
    if (!note)
        return note;
    auto insert = connection.prepare("INSERT INTO audit_checkpoint (size, root, note, time, anchors) "
                                     "VALUES (?, ?, ?, ?, json_object('epoch', ?, 'mac', ?))");
    if (!insert)
        return insert.error();
    const std::string mac = audit::epochMac(m_epoch->key, note.value());
    const Status status = insert
                              ->bind(edge.size(), std::span<const std::uint8_t>(root), note.value(),
                                     rfc3339(m_clock.utcMs()), m_epoch->number, mac)
                              .run();
    if (!status)
        return status.error();
    return note;
}

AuditHead LogAppender::head() const
{
    return {m_position.edge.size(), toHex(m_position.edge.root())};
}

} // namespace tramontane::audit_store
