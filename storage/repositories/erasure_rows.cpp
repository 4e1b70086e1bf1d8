// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/erasure_rows.h"

#include "storage/repositories/backup_rows.h"
#include "storage/repositories/hold_rows.h"

#include <algorithm>
#include <set>

namespace tramontane {

namespace {

using sqlite::Connection;

/// Stands where a title made from erased text stood.
constexpr std::string_view kNoTitle = "Untitled";

Error notFound(const Uuid &id)
{
    return Error{ErrorCode::NotFound, "There is no such conversation, message or attachment. Nothing was changed.",
                 id.text()};
}

/// Runs one statement with these values.
template <class... Values>
Status run(Connection &connection, std::string_view sql, const Values &...values)
{
    auto statement = connection.prepare(sql);
    if (!statement)
        return statement.error();
    return statement->bind(values...).run();
}

/// The ids in the first column.
template <class... Values>
Result<std::vector<Uuid>> ids(Connection &connection, std::string_view sql, const Values &...values)
{
    auto select = connection.prepare(sql);
    if (!select)
        return select.error();
    select->bind(values...);
    std::vector<Uuid> found;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return found;
        found.push_back(select->uuid(0));
    }
}

struct Place {
    ConversationId conversation;
    Uuid parent; // of a message
};

/// Where a message or an attachment is. Errors: NotFound.
Result<Place> placeOf(Connection &connection, std::string_view sql, const Uuid &id)
{
    auto select = connection.prepare(sql);
    if (!select)
        return select.error();
    const auto row = select->bind(id).step();
    if (!row)
        return row.error();
    if (!*row)
        return notFound(id);
    return Place{ConversationId(select->uuid(0)), select->uuid(1)};
}

constexpr std::string_view kMessagePlace = "SELECT conversation, parent FROM message WHERE id = ?";
constexpr std::string_view kAttachmentPlace = "SELECT m.conversation, m.id FROM attachment a "
                                              "JOIN message m ON m.seq = a.message WHERE a.id = ?";

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

Status addToRegister(Connection &connection, const Uuid &ref, ErasedKind kind, std::int64_t nowMs, AttemptId attempt)
{
    return run(connection,
               "INSERT INTO erasure (ref, kind, erased_ms, attempt) VALUES (?1, ?2, ?3, ?4) "
               "ON CONFLICT (ref) DO UPDATE SET attempt = coalesce(excluded.attempt, attempt)",
               ref, erasedKindName(kind), nowMs, attempt);
}

Status removeAttachment(Connection &connection, const Uuid &id, std::int64_t nowMs)
{
    const auto keys = ids(connection, "SELECT content_key FROM attachment WHERE id = ?", id);
    if (!keys)
        return keys.error();
    if (auto done = run(connection, "DELETE FROM attachment WHERE id = ?", id); !done)
        return done;
    for (const Uuid &key : *keys) {
        if (auto done = run(connection, "DELETE FROM content_key WHERE id = ? AND purpose = 'attachment'", key); !done)
            return done;
    }
    return addToRegister(connection, id, ErasedKind::Attachment, nowMs, {});
}

/// What a message has elsewhere: attachments, index, salt, and an answer that was being written below it.
Status removeAround(Connection &connection, const Uuid &message, std::int64_t nowMs)
{
    const auto attachments =
        ids(connection, "SELECT id FROM attachment WHERE message = (SELECT seq FROM message WHERE id = ?)", message);
    if (!attachments)
        return attachments.error();
    for (const Uuid &attachment : *attachments) {
        if (auto done = removeAttachment(connection, attachment, nowMs); !done)
            return done;
    }
    for (const std::string_view sql :
         {std::string_view("DELETE FROM message_fts WHERE rowid = (SELECT seq FROM message WHERE id = ?)"),
          std::string_view("DELETE FROM salt WHERE ref = ?"),
          std::string_view("DELETE FROM pending WHERE ?1 IN (answer, answer_parent)")}) {
        if (auto done = run(connection, sql, message); !done)
            return done;
    }
    return addToRegister(connection, message, ErasedKind::Message, nowMs, {});
}

Status removeConversation(Connection &connection, const Uuid &id, std::int64_t nowMs)
{
    const auto messages = ids(connection, "SELECT id FROM message WHERE conversation = ?", id);
    if (!messages)
        return messages.error();
    for (const Uuid &message : *messages) {
        if (auto done = removeAround(connection, message, nowMs); !done)
            return done;
    }
    for (const std::string_view sql :
         {std::string_view("DELETE FROM salt WHERE ref = ?"),
          std::string_view("DELETE FROM content_key WHERE id = ? AND purpose = 'snapshot'"),
          std::string_view("DELETE FROM conversation WHERE id = ?")}) { // takes along what belongs to it
        if (auto done = run(connection, sql, id); !done)
            return done;
    }
    return addToRegister(connection, id, ErasedKind::Conversation, nowMs, {});
}

/// The shown leaf goes up to the first message that stays.
Status moveLeafUp(Connection &connection, ConversationId conversation, const std::set<Uuid> &going)
{
    const auto leaf = ids(connection, "SELECT leaf FROM conversation WHERE id = ? AND leaf IS NOT NULL", conversation);
    if (!leaf)
        return leaf.error();
    if (leaf->empty() || !going.contains(leaf->front()))
        return {};
    Uuid stays = leaf->front();
    while (going.contains(stays)) {
        const auto place = placeOf(connection, kMessagePlace, stays);
        if (!place)
            return place.error();
        stays = place->parent;
    }
    return run(connection, "UPDATE conversation SET leaf = ?2 WHERE id = ?1", conversation,
               stays.isNull() ? std::optional<Uuid>() : std::optional<Uuid>(stays));
}

/// The state of the conversation in a model's memory holds the text, too; a title was made from the first question.
Status forgetDerived(Connection &connection, const Place &place)
{
    if (auto done =
            run(connection, "DELETE FROM content_key WHERE id = ? AND purpose = 'snapshot'", place.conversation);
        !done)
        return done;
    if (!place.parent.isNull())
        return {};
    if (auto done = run(connection, "DELETE FROM salt WHERE ref = ? AND purpose = 'title'", place.conversation); !done)
        return done;
    return run(connection, "UPDATE conversation SET title = ?2 WHERE id = ?1", place.conversation, kNoTitle);
}

Status removeMessages(Connection &connection, const std::vector<Uuid> &messages, std::int64_t nowMs)
{
    const std::set<Uuid> going(messages.begin(), messages.end());
    for (const Uuid &id : going) {
        const auto place = placeOf(connection, kMessagePlace, id);
        if (!place)
            return place.error();
        if (auto done = moveLeafUp(connection, place->conversation, going); !done)
            return done;
        if (auto done = forgetDerived(connection, *place); !done)
            return done;
        if (auto done = removeAround(connection, id, nowMs); !done)
            return done;
    }
    // After all of them have been looked at, because one is the parent of another.
    for (const Uuid &id : going) {
        if (auto done = run(connection, "DELETE FROM message WHERE id = ?", id); !done)
            return done;
    }
    return {};
}

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
        return addToRegister(connection, erased.ref, erased.kind, erased.erasedMs, {});
    switch (erased.kind) {
    case ErasedKind::Conversation:
        if (auto done = run(connection, "DELETE FROM hold WHERE conversation = ?", erased.ref); !done)
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
    return addToRegister(connection, erased.ref, erased.kind, erased.erasedMs, {});
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
        const auto place = placeOf(connection, kMessagePlace, id.uuid());
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
        const auto place = placeOf(connection, kAttachmentPlace, id.uuid());
        if (!place)
            return place.error();
        if (auto added = addConversation(connection, place->conversation, false, scope); !added)
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

Status eraseRows(Connection &connection, const ErasureRequest &request)
{
    for (const AttachmentId id : request.attachments) {
        if (auto done = removeAttachment(connection, id.uuid(), request.nowMs); !done)
            return done;
        if (auto done = addToRegister(connection, id.uuid(), ErasedKind::Attachment, request.nowMs, request.attempt);
            !done)
            return done;
    }
    if (auto done = removeMessages(connection, uuids(request.messages), request.nowMs); !done)
        return done;
    for (const MessageId id : request.messages) {
        if (auto done = addToRegister(connection, id.uuid(), ErasedKind::Message, request.nowMs, request.attempt);
            !done)
            return done;
    }
    for (const ConversationId id : request.conversations) {
        if (auto done = removeConversation(connection, id.uuid(), request.nowMs); !done)
            return done;
        if (auto done = addToRegister(connection, id.uuid(), ErasedKind::Conversation, request.nowMs, request.attempt);
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
    for (const ErasedRef &erased : refs) {
        if (auto applied = applyOne(connection, erased, found); !applied)
            return applied.error();
    }
    return found;
}

} // namespace tramontane
