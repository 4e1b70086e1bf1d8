// SPDX-License-Identifier: Apache-2.0
#include "storage/audit/known_heads.h"

#include "app/audit/merkle_proof.h"
#include "storage/audit/log_queries.h"

#include <algorithm>

namespace tramontane::audit_store {
namespace {

Error otherRecords(const AuditHead &head)
{
    return Error{ErrorCode::AuditBroken,
                 "The audit log is not the one that this vault has written: its records do not fit a head that the "
                 "vault remembers. Nothing is added to it. Verify the log, and restore audit.db from a backup.",
                 "head after record " + std::to_string(head.size)};
}

Error recordsMissing(const AuditHead &present, const AuditHead &newest)
{
    const std::uint64_t missing = newest.size - present.size;
    const std::string what = missing == 1 ? "1 record is missing" : std::to_string(missing) + " records are missing";
    return Error{ErrorCode::AuditRecordsMissing,
                 what + " after record " + std::to_string(present.size)
                     + ": audit.db is older than this vault remembers, and nothing is added to it. Put the newer "
                       "audit.db back. If it is lost, run \"tramontanectl audit accept-gap\": the log then says for "
                       "good what is missing, and goes on.",
                 "the vault remembers a head after record " + std::to_string(newest.size)};
}

} // namespace

AuditHead newestOf(const std::vector<AuditHead> &heads)
{
    const auto newest = std::ranges::max_element(heads, {}, &AuditHead::size);
    return newest == heads.end() ? AuditHead{} : *newest;
}

Status checkKnownHeads(sqlite::Connection &connection, const AuditHead &present, const std::vector<AuditHead> &known)
{
    const auto source = [&](int level, std::uint64_t index) { return readTreeNode(connection, level, index); };
    for (const AuditHead &head : known) {
        if (head.size == 0 || head.size > present.size)
            continue;
        const Result<Hash32> root = audit::rootOfSize(head.size, source);
        if (!root && root.error().code != ErrorCode::NotFound)
            return root.error();
        if (!root || toHex(*root) != head.root)
            return otherRecords(head);
    }
    const AuditHead newest = newestOf(known);
    return newest.size > present.size ? Status(recordsMissing(present, newest)) : Status();
}

} // namespace tramontane::audit_store
