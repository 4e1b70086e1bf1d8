// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "app/core/audit_event.h"

#include <vector>

namespace tramontane {

struct RecordedAttempt {
    bool opened = false; // there is an `attempted` record
    bool closed = false; // there is a `completed`, `failed`, `cancelled` or `denied` record
};

struct AcceptedGap {
    AuditGap gap;
    AuditHead head; // after the record of the gap
};

/// The append-only log in audit.db (resources/formats/audit-log.md). Calls from any thread; work happens in the log's own
/// database thread in the order of the calls. Nothing here changes or removes a record.
class AuditLog {
public:
    virtual ~AuditLog() = default;

    /// Writes one record, its leaf and the new tree head in one transaction; a ready success means durable
    /// (synchronous=FULL). The log may put a record of its own before it (`audit.time_regression`, `audit.failure`).
    /// Errors: AuditUnavailable (unwritable, full, foreign lock; the message says which); AuditRecordsMissing and
    /// AuditBroken when the log must not be continued, because it is older than a head that the vault has acknowledged,
    /// or another log. After each of them nothing of the record exists, and reading still works. InvalidArgument for an
    /// event name that is not in the list.
    [[nodiscard]] virtual Async<AuditHead> append(AuditEvent event) = 0;
    /// Ascending by sequence number. Errors: AuditUnavailable.
    [[nodiscard]] virtual Async<std::vector<AuditRow>> list(AuditFilter filter) = 0;
    /// Recomputes every leaf, node and checkpoint and holds the result against `knownHeads`. A log that does not hold
    /// is a finding inside the value, not an error. Errors: AuditUnavailable when the log cannot be read at all.
    [[nodiscard]] virtual Async<AuditVerification> verify(std::vector<AuditHead> knownHeads, VerifyDepth depth) = 0;
    /// The way on after AuditRecordsMissing, taken only because a person asked for it: appends `audit.gap`, which names
    /// for good what is missing, and lets the log go on after it. The vault has to be told as well
    /// (ConversationRepository::acceptGap). Errors: InvalidArgument when nothing is missing; otherwise as append().
    [[nodiscard]] virtual Async<AcceptedGap> acceptGap(AuditPolicy policy) = 0;
    /// Signs the head as a C2SP checkpoint and stores it; the same note again if nothing was added since.
    [[nodiscard]] virtual Async<std::string> checkpoint() = 0;
    /// What the log says of the attempt with this correlation id.
    [[nodiscard]] virtual Async<RecordedAttempt> findAttempt(std::string corr) = 0;
    /// The correlation ids of attempts without an outcome among the newest records (10 000 of them, so that opening a
    /// vault does not take longer with each year), oldest first.
    [[nodiscard]] virtual Async<std::vector<std::string>> openAttempts() = 0;
    [[nodiscard]] virtual Async<AuditHead> head() = 0;
    /// "tramontane/<random id>/audit"; fixed for the life of the log.
    [[nodiscard]] virtual std::string logId() const = 0;
};

} // namespace tramontane
