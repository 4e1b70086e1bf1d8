// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/erasure_rows.h"

#include "storage/repositories/erasure_removal.h"
#include "storage/repositories/row_statements.h"

#include <algorithm>

namespace tramontane {

namespace {

using sqlite::Connection;

template <class Id>
std::vector<Uuid> uuids(const std::vector<Id> &given)
{
    std::vector<Uuid> all;
    for (const Id &id : given)
        all.push_back(id.uuid());
    return all;
}

/// With what is below them.
Result<std::vector<Uuid>> withAllBelow(Connection &connection, const Uuid &message)
{
    return ids(connection,
               "WITH RECURSIVE down (id) AS (SELECT id FROM message WHERE id = ? UNION "
               "SELECT m.id FROM down JOIN message m ON m.parent = down.id) SELECT id FROM down",
               message);
}

/// Older schemas have none.
Status releaseHolds(Connection &connection, const Uuid &conversation)
{
    const auto tables = connection.queryInteger("SELECT count(*) FROM sqlite_schema WHERE name = 'hold'");
    if (!tables || *tables == 0)
        return tables ? Status() : Status(tables.error());
    return run(connection, "DELETE FROM hold WHERE conversation = ?", conversation);
}

Status applyOne(Connection &connection, const ErasedRef &erased, int &found)
{
    const auto isThere = [&](std::string_view sql) { return ids(connection, sql, erased.ref); };
    const auto there = isThere(erased.kind == ErasedKind::Conversation ? "SELECT id FROM conversation WHERE id = ?"
                               : erased.kind == ErasedKind::Message    ? "SELECT id FROM message WHERE id = ?"
                               : erased.kind == ErasedKind::Attachment ? "SELECT id FROM attachment WHERE id = ?"
                                                                       : "SELECT id FROM document WHERE id = ?");
    if (!there)
        return there.error();
    found += there->empty() ? 0 : 1;
    if (there->empty())
        return addToRegister(connection, erased, {});
    switch (erased.kind) {
    case ErasedKind::Conversation:
        if (auto done = releaseHolds(connection, erased.ref); !done)
            return done;
        return removeConversation(connection, erased.ref, erased.erasedMs);
    case ErasedKind::Message: {
        const auto all = withAllBelow(connection, erased.ref);
        return all ? removeMessages(connection, *all, erased.erasedMs) : Status(all.error());
    }
    case ErasedKind::Attachment: return removeAttachment(connection, erased.ref, erased.erasedMs);
    case ErasedKind::Document: break;
    }
    if (auto done = run(connection, "DELETE FROM document WHERE id = ?", erased.ref); !done)
        return done;
    return addToRegister(connection, erased, {});
}

} // namespace

Status eraseRows(Connection &connection, const ErasureRequest &request)
{
    for (const AttachmentId id : request.attachments) {
        if (auto done = removeAttachment(connection, id.uuid(), request.nowMs); !done)
            return done;
        if (auto done = addToRegister(connection, {id.uuid(), ErasedKind::Attachment, request.nowMs}, request.attempt);
            !done)
            return done;
    }
    if (auto done = removeMessages(connection, uuids(request.messages), request.nowMs); !done)
        return done;
    for (const MessageId id : request.messages) {
        if (auto done = addToRegister(connection, {id.uuid(), ErasedKind::Message, request.nowMs}, request.attempt);
            !done)
            return done;
    }
    for (const ConversationId id : request.conversations) {
        if (auto done = removeConversation(connection, id.uuid(), request.nowMs); !done)
            return done;
        if (auto done =
                addToRegister(connection, {id.uuid(), ErasedKind::Conversation, request.nowMs}, request.attempt);
            !done)
            return done;
    }
    return {};
}

Result<std::vector<ErasedRef>> readErasureRegister(Connection &connection)
{
    auto select = connection.prepare("SELECT ref, kind, erased_ms FROM erasure ORDER BY erased_ms, ref");
    if (!select)
        return select.error();
    std::vector<ErasedRef> refs;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return refs;
        const auto kind = erasedKindFromName(select->text(1));
        if (kind)
            refs.push_back({select->uuid(0), *kind, select->integer(2)});
    }
}

Result<int> applyErasureRegister(Connection &connection, const std::vector<ErasedRef> &refs)
{
    int found = 0;
    // Conversations first: what went with one is then not counted once more.
    std::vector<ErasedRef> ordered = refs;
    std::ranges::stable_sort(ordered, {},
                             [](const ErasedRef &erased) { return erased.kind != ErasedKind::Conversation; });
    for (const ErasedRef &erased : ordered) {
        if (auto applied = applyOne(connection, erased, found); !applied)
            return applied.error();
    }
    return found;
}

} // namespace tramontane
