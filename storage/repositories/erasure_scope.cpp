// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/backup_rows.h"
#include "storage/repositories/erasure_removal.h"
#include "storage/repositories/erasure_rows.h"
#include "storage/repositories/hold_rows.h"
#include "storage/repositories/row_statements.h"

#include <algorithm>
#include <set>

namespace tramontane {

namespace {

using sqlite::Connection;

Status checkNothingBelow(Connection &connection, const std::vector<MessageId> &messages)
{
    const std::set<Uuid> named = [&] {
        std::set<Uuid> all;
        for (const MessageId id : messages)
            all.insert(id.uuid());
        return all;
    }();
    for (const Uuid &id : named) {
        const auto below = ids(connection, "SELECT id FROM message WHERE parent = ?", id);
        if (!below)
            return below.error();
        if (std::ranges::all_of(*below, [&](const Uuid &child) { return named.contains(child); }))
            continue;
        return Error{ErrorCode::InvalidArgument,
                     "Not erased: other messages follow this one. Name them, too, or erase the whole conversation. "
                     "Nothing was changed.",
                     id.text()};
    }
    return {};
}

/// Adds what one conversation holds. Errors: NotFound, OnHold.
Status addConversation(Connection &connection, ConversationId id, bool whole, ErasureScope &scope)
{
    const auto hold = holdOnConversation(connection, id);
    if (!hold)
        return hold.error();
    if (*hold)
        return onHold(**hold);
    if (std::ranges::find(scope.conversations, id) == scope.conversations.end()) {
        auto created = connection.prepare("SELECT created_ms FROM conversation WHERE id = ?");
        if (!created)
            return created.error();
        if (const auto row = created->bind(id).step(); !row)
            return row.error();
        const std::int64_t ms = created->integer(0);
        scope.oldestMs = scope.conversations.empty() ? ms : std::min(scope.oldestMs, ms);
        scope.conversations.push_back(id);
    }
    if (!whole)
        return {};
    const auto messages = ids(connection, "SELECT id FROM message WHERE conversation = ?", id);
    const auto attachments = ids(connection,
                                 "SELECT a.id FROM attachment a JOIN message m ON m.seq = a.message "
                                 "WHERE m.conversation = ?",
                                 id);
    if (!messages || !attachments)
        return messages ? attachments.error() : messages.error();
    scope.messages += static_cast<int>(messages->size());
    scope.attachments += static_cast<int>(attachments->size());
    return {};
}

} // namespace

Result<ErasureScope> checkErasure(Connection &connection, const ErasureRequest &request)
{
    ErasureScope scope;
    for (const ConversationId id : request.conversations) {
        if (auto added = addConversation(connection, id, true, scope); !added)
            return added.error();
    }
    for (const MessageId id : request.messages) {
        const auto place = placeOfMessage(connection, id.uuid());
        if (!place)
            return place.error();
        if (auto added = addConversation(connection, place->conversation, false, scope); !added)
            return added.error();
        const auto attachments =
            ids(connection, "SELECT id FROM attachment WHERE message = (SELECT seq FROM message WHERE id = ?)", id);
        if (!attachments)
            return attachments.error();
        scope.messages += 1;
        scope.attachments += static_cast<int>(attachments->size());
    }
    for (const AttachmentId id : request.attachments) {
        const auto place = placeOfAttachment(connection, id.uuid());
        if (!place)
            return place.error();
        if (auto added = addConversation(connection, *place, false, scope); !added)
            return added.error();
        scope.attachments += 1;
    }
    if (auto closed = checkNothingBelow(connection, request.messages); !closed)
        return closed.error();
    const auto backups = readBackups(connection);
    if (!backups)
        return backups.error();
    for (const KnownBackup &backup : *backups) {
        if (backup.createdMs >= scope.oldestMs)
            scope.backups.push_back({backup.id, backup.path, backup.createdMs});
    }
    return scope;
}

} // namespace tramontane
