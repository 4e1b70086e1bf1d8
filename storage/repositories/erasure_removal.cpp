// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/erasure_removal.h"

#include "storage/repositories/row_statements.h"

#include <algorithm>
#include <array>
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

Status removeKeys(Connection &connection, const std::vector<Uuid> &keys)
{
    for (const Uuid &key : keys) {
        if (auto done = run(connection, "DELETE FROM content_key WHERE id = ? AND purpose = 'attachment'", key); !done)
            return done;
    }
    return {};
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
    return addToRegister(connection, {message, ErasedKind::Message, nowMs}, {});
}

// A conversation goes in a few statements, because it may have a hundred thousand messages.
constexpr std::array<std::string_view, 3> kRegisterConversation{
    "INSERT INTO erasure (ref, kind, erased_ms) SELECT id, 'message', ?2 FROM message WHERE conversation = ?1 "
    "ON CONFLICT (ref) DO NOTHING",
    "INSERT INTO erasure (ref, kind, erased_ms) SELECT a.id, 'attachment', ?2 FROM attachment a "
    "JOIN message m ON m.seq = a.message WHERE m.conversation = ?1 ON CONFLICT (ref) DO NOTHING",
    "INSERT INTO erasure (ref, kind, erased_ms) VALUES (?1, 'conversation', ?2) ON CONFLICT (ref) DO NOTHING"};
constexpr std::array<std::string_view, 6> kRemoveConversation{
    "DELETE FROM attachment WHERE message IN (SELECT seq FROM message WHERE conversation = ?)",
    "DELETE FROM message_fts WHERE rowid IN (SELECT seq FROM message WHERE conversation = ?)",
    "DELETE FROM salt WHERE ref IN (SELECT id FROM message WHERE conversation = ?)",
    "DELETE FROM salt WHERE ref = ?",
    "DELETE FROM content_key WHERE id = ? AND purpose = 'snapshot'",
    "DELETE FROM conversation WHERE id = ?"}; // takes along what belongs to it

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
        const auto place = placeOfMessage(connection, stays);
        if (!place)
            return place.error();
        stays = place->parent;
    }
    return run(connection, "UPDATE conversation SET leaf = ?2 WHERE id = ?1", conversation,
               stays.isNull() ? std::optional<Uuid>() : std::optional<Uuid>(stays));
}

/// The state of the conversation in a model's memory holds the text, too; a title was made from the first question.
Status forgetDerived(Connection &connection, const MessagePlace &place)
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

} // namespace

Result<MessagePlace> placeOfMessage(Connection &connection, const Uuid &message)
{
    auto select = connection.prepare("SELECT conversation, parent FROM message WHERE id = ?");
    if (!select)
        return select.error();
    const auto row = select->bind(message).step();
    if (!row)
        return row.error();
    if (!*row)
        return notFound(message);
    return MessagePlace{ConversationId(select->uuid(0)), select->uuid(1)};
}

Result<ConversationId> placeOfAttachment(Connection &connection, const Uuid &attachment)
{
    const auto found =
        ids(connection, "SELECT m.conversation FROM attachment a JOIN message m ON m.seq = a.message WHERE a.id = ?",
            attachment);
    if (!found)
        return found.error();
    return found->empty() ? Result<ConversationId>(notFound(attachment)) : ConversationId(found->front());
}

Status addToRegister(Connection &connection, const ErasedRef &erased, AttemptId attempt)
{
    if (attempt.isNull()) // so that it can also be done in a database of an older schema, which has no attempts
        return run(connection, "INSERT INTO erasure (ref, kind, erased_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                   erased.ref, erasedKindName(erased.kind), erased.erasedMs);
    return run(connection,
               "INSERT INTO erasure (ref, kind, erased_ms, attempt) VALUES (?1, ?2, ?3, ?4) "
               "ON CONFLICT (ref) DO UPDATE SET attempt = coalesce(excluded.attempt, attempt)",
               erased.ref, erasedKindName(erased.kind), erased.erasedMs, attempt);
}

Status removeAttachment(Connection &connection, const Uuid &id, std::int64_t nowMs)
{
    const auto keys = ids(connection, "SELECT content_key FROM attachment WHERE id = ?", id);
    if (!keys)
        return keys.error();
    if (auto done = run(connection, "DELETE FROM attachment WHERE id = ?", id); !done)
        return done;
    if (auto done = removeKeys(connection, *keys); !done)
        return done;
    return addToRegister(connection, {id, ErasedKind::Attachment, nowMs}, {});
}

Status removeMessages(Connection &connection, const std::vector<Uuid> &messages, std::int64_t nowMs)
{
    const std::set<Uuid> going(messages.begin(), messages.end());
    for (const Uuid &id : going) {
        const auto place = placeOfMessage(connection, id);
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

Status removeConversation(Connection &connection, const Uuid &id, std::int64_t nowMs)
{
    const auto keys = ids(connection,
                          "SELECT a.content_key FROM attachment a JOIN message m ON m.seq = a.message "
                          "WHERE m.conversation = ?",
                          id);
    if (!keys)
        return keys.error();
    for (const std::string_view sql : kRegisterConversation) {
        if (auto done = run(connection, sql, id, nowMs); !done)
            return done;
    }
    for (const std::string_view sql : kRemoveConversation) {
        if (auto done = run(connection, sql, id); !done)
            return done;
    }
    return removeKeys(connection, *keys);
}

} // namespace tramontane
