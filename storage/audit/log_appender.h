// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/audit/checkpoint.h"
#include "app/audit/log_reader.h"
#include "app/audit/log_verification.h"
#include "app/audit/merkle_tree.h"
#include "app/audit/record.h"
#include "app/core/clock.h"
#include "storage/sqlite/connection.h"

#include <optional>
#include <string>
#include <vector>

namespace tramontane::audit_store {

/// What is needed to say something in a log. Both outlive whoever speaks.
struct LogVoice {
    const audit::RecordWriter &writer;
    const audit::SigningKey &signer;
};

/// Adds records to an open audit.db and knows its head. One for each opening; the connection's thread.
class LogAppender {
public:
    /// Without a voice the head can be read and nothing be added: append() and checkpoint() are then not to be called.
    LogAppender(audit::LogIdentity identity, std::optional<LogVoice> voice, const Clock &clock)
        : m_identity(std::move(identity)), m_voice(voice), m_clock(clock)
    {
    }

    /// Reads the right edge of the tree and proves that its signed head is ours: a log that was changed behind our back
    /// must not be continued, because the next head would vouch for the change.
    /// Errors: AuditBroken when the head does not hold; as sqliteError().
    [[nodiscard]] Status load(sqlite::Connection &connection);

    /// Records, tree nodes, signed head, and a checkpoint at every kCheckpointEvery records, in one transaction. The
    /// first call begins an epoch. A clock that is behind the last record puts `audit.time_regression` before the events.
    /// Errors: InvalidArgument (a bad event), VaultDamaged (epochs), as sqliteError(). After an error nothing is added.
    [[nodiscard]] Result<AuditHead> append(sqlite::Connection &connection, const std::vector<AuditEvent> &events);

    /// Signs and stores the present head, or answers the note that is already there. Errors: as append().
    [[nodiscard]] Result<std::string> checkpoint(sqlite::Connection &connection);

    [[nodiscard]] AuditHead head() const;

    static constexpr std::uint64_t kCheckpointEvery = 1000;

private:
    /// What an append changes; taken over only after the commit.
    struct Position {
        audit::TreeEdge edge;
        std::string lastTime;
    };

    [[nodiscard]] Status ensureEpoch(sqlite::Connection &connection);
    [[nodiscard]] Status addRecord(sqlite::Connection &connection, Position &position, const AuditEvent &event);
    [[nodiscard]] Status storeEntry(sqlite::Connection &connection, const Position &position, const std::string &body,
                                    const Hash32 &leaf);
    [[nodiscard]] Result<std::string> storeCheckpoint(sqlite::Connection &connection, const audit::TreeEdge &edge);

    const audit::LogIdentity m_identity;
    const std::optional<LogVoice> m_voice;
    const Clock &m_clock;
    Position m_position;
    std::optional<audit::StoredEpochKey> m_epoch; // begun by this object and committed
};

} // namespace tramontane::audit_store
