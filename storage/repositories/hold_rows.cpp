// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/hold_rows.h"

#include "app/core/clock.h"

namespace tramontane {

namespace {

/// The folder ?1 and what it lies in. UNION, so that a damaged chain that goes in a circle ends.
constexpr std::string_view kFoldersUp = "WITH RECURSIVE up (id) AS (SELECT ?1 UNION SELECT f.parent FROM up "
                                        "JOIN folder f ON f.id = up.id WHERE f.parent IS NOT NULL) ";

Result<std::vector<Hold>> readHolds(sqlite::Statement &select)
{
    std::vector<Hold> holds;
    for (;;) {
        const auto row = select.step();
        if (!row)
            return row.error();
        if (!*row)
            return holds;
        holds.push_back(readHold(select));
    }
}

} // namespace

Hold readHold(const sqlite::Statement &row)
{
    Hold hold;
    hold.id = HoldId(row.uuid(0));
    hold.conversation = ConversationId(row.uuid(1));
    hold.folder = FolderId(row.uuid(2));
    hold.reason = row.text(3);
    hold.setBy = row.text(4);
    hold.setMs = row.integer(5);
    return hold;
}

Result<std::vector<Hold>> holdsOnFolder(sqlite::Connection &connection, FolderId id)
{
    if (id.isNull())
        return std::vector<Hold>();
    auto select = connection.prepare(std::string(kFoldersUp) + "SELECT " + std::string(kHoldColumns)
                                     + " FROM hold h JOIN up ON h.folder = up.id ORDER BY h.set_ms, h.id");
    if (!select)
        return select.error();
    return readHolds(select->bind(id));
}

Result<std::optional<Hold>> holdOnConversation(sqlite::Connection &connection, ConversationId id)
{
    FolderId folder;
    {
        auto select = connection.prepare("SELECT folder FROM conversation WHERE id = ?");
        if (!select)
            return select.error();
        const auto row = select->bind(id).step();
        if (!row)
            return row.error();
        if (!*row)
            return Error{ErrorCode::NotFound, "There is no such conversation; it may have been deleted.", id.text()};
        folder = FolderId(select->uuid(0));
    }
    auto own = connection.prepare("SELECT " + std::string(kHoldColumns)
                                  + " FROM hold h WHERE h.conversation = ? ORDER BY h.set_ms, h.id");
    if (!own)
        return own.error();
    auto holds = readHolds(own->bind(id));
    if (holds && holds->empty())
        holds = holdsOnFolder(connection, folder);
    if (!holds)
        return holds.error();
    return holds->empty() ? std::optional<Hold>() : holds->front();
}

Error onHold(const Hold &hold)
{
    return Error{ErrorCode::OnHold,
                 "Not done: a legal hold is on it, set by " + hold.setBy + " on " + rfc3339(hold.setMs).substr(0, 10)
                     + ". Reason: " + hold.reason + ". Nothing was changed.",
                 "hold " + hold.id.text()};
}

} // namespace tramontane
