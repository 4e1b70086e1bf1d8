// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/audit_head_rows.h"

namespace tramontane {

namespace {

// Enough to find back to a head that a restored log still has; each is 72 bytes.
constexpr int kHeadsKept = 64;

} // namespace

Result<std::vector<AuditHead>> readAuditHeads(sqlite::Connection &connection)
{
    auto select = connection.prepare("SELECT size, root FROM audit_head ORDER BY size");
    if (!select)
        return select.error();
    std::vector<AuditHead> heads;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return heads;
        heads.push_back({static_cast<std::uint64_t>(select->integer(0)), std::string(select->text(1))});
    }
}

Status rememberAuditHeads(sqlite::Connection &connection, const std::vector<AuditHead> &heads)
{
    auto remember = connection.prepare("INSERT OR IGNORE INTO audit_head (size, root) VALUES (?, ?)");
    auto prune = connection.prepare("DELETE FROM audit_head WHERE size < (SELECT size FROM audit_head "
                                    "ORDER BY size DESC LIMIT 1 OFFSET ?)");
    if (!remember || !prune)
        return !remember ? remember.error() : prune.error();
    for (const AuditHead &head : heads) {
        if (head.size == 0)
            continue;
        if (auto done = remember->bind(head.size, head.root).run(); !done)
            return done;
    }
    return prune->bind(kHeadsKept - 1).run();
}

Status forgetAuditHeadsAbove(sqlite::Connection &connection, std::uint64_t size)
{
    auto forget = connection.prepare("DELETE FROM audit_head WHERE size > ?");
    if (!forget)
        return forget.error();
    return forget->bind(size).run();
}

} // namespace tramontane
