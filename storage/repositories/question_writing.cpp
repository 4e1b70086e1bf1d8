// SPDX-License-Identifier: Apache-2.0
#include "app/audit/commitment.h"
#include "app/core/secret.h"
#include "storage/repositories/conversation_rows.h"
#include "storage/repositories/message_insertion.h"
#include "storage/repositories/message_writing.h"
#include "storage/repositories/storable_text.h"

namespace tramontane {

namespace {

Status insertConversation(sqlite::Connection &connection, const Conversation &conversation)
{
    auto insert =
        connection.prepare("INSERT INTO conversation (id, folder, title, system_prompt, created_ms, updated_ms, "
                           "pinned, leaf) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL "
                           "WHERE NOT EXISTS (SELECT 1 FROM conversation WHERE id = ?1)");
    if (!insert)
        return insert.error();
    const auto done = insert
                          ->bind(conversation.id, conversation.folder, storableText(conversation.title),
                                 storableText(conversation.systemPrompt), conversation.createdMs,
                                 conversation.updatedMs, conversation.pinned)
                          .run();
    if (!done)
        return done;
    if (connection.changes() != 1)
        return misplaced("conversation exists already: " + conversation.id.text());
    return {};
}

/// The salt of a text; a new one if it has none yet.
Result<SecretBytes> saltFor(sqlite::Connection &connection, const Uuid &ref, std::string_view purpose)
{
    auto select = connection.prepare("SELECT salt FROM salt WHERE ref = ? AND purpose = ?");
    if (!select)
        return select.error();
    const auto row = select->bind(ref, purpose).step();
    if (!row)
        return row.error();
    if (*row)
        return SecretBytes::copyOf(select->blob(0));
    const Key32 fresh = Key32::random();
    auto insert = connection.prepare("INSERT INTO salt (ref, purpose, salt) VALUES (?, ?, ?)");
    if (!insert)
        return insert.error();
    const std::span<const std::uint8_t> bytes = fresh.bytes();
    if (auto done = insert->bind(ref, purpose, bytes).run(); !done)
        return done.error();
    return SecretBytes::copyOf(bytes);
}

Result<std::string> textOf(sqlite::Connection &connection, MessageId id)
{
    auto select = connection.prepare("SELECT " + std::string(kMessageColumns)
                                     + " FROM message m LEFT JOIN block b ON b.message = m.seq WHERE m.id = ? "
                                       "ORDER BY b.position");
    if (!select)
        return select.error();
    const auto messages = readMessages(select->bind(id));
    if (!messages)
        return messages.error();
    return messages->empty() ? std::string() : plainText(messages->front());
}

/// The text that the record commits to: the question, or the message that is answered again.
Result<StoredQuestion> commitment(sqlite::Connection &connection, const QuestionToStore &question)
{
    const MessageId ref = question.question ? question.question->id : question.answerParent;
    if (ref.isNull())
        return StoredQuestion{};
    const auto text = textOf(connection, ref);
    if (!text)
        return text.error();
    const auto salt = saltFor(connection, ref.uuid(), "content");
    if (!salt)
        return salt.error();
    return StoredQuestion{audit::contentCommit(salt->bytes(), *text), static_cast<std::int64_t>(text->size())};
}

Status insertPending(sqlite::Connection &connection, const QuestionToStore &question)
{
    auto insert =
        connection.prepare("INSERT INTO pending (attempt, stage, conversation, answer, answer_parent, shown_leaf, "
                           "created_ms) SELECT ?1, 'asked', ?2, ?3, ?4, leaf, ?5 FROM conversation WHERE id = ?2");
    if (!insert)
        return insert.error();
    return insert
        ->bind(question.attempt, question.conversation.id, question.answer, question.answerParent, question.nowMs)
        .run();
}

Status insertQuestion(sqlite::Connection &connection, const QuestionToStore &question)
{
    const ConversationId conversation = question.conversation.id;
    if (question.question) {
        if (question.question->conversation != conversation || question.question->id != question.answerParent)
            return misplaced("the answer does not follow the question");
        if (const auto seq = insertMessage(connection, *question.question); !seq)
            return seq.error();
    } else if (!question.answerParent.isNull()) {
        if (const auto seq = messageSequence(connection, question.answerParent, conversation); !seq)
            return seq.error();
    }
    auto update =
        connection.prepare("UPDATE conversation SET leaf = coalesce(?2, leaf), updated_ms = max(updated_ms, ?3) "
                           "WHERE id = ?1 AND deleted_ms IS NULL");
    if (!update)
        return update.error();
    const MessageId leaf = question.question ? question.question->id : MessageId();
    if (auto done = update->bind(conversation, leaf, question.nowMs).run(); !done)
        return done;
    if (connection.changes() != 1)
        return Error{ErrorCode::NotFound, "There is no such conversation; it may have been deleted.",
                     conversation.text()};
    return {};
}

} // namespace

Result<StoredQuestion> writeQuestion(sqlite::Connection &connection, const QuestionToStore &question)
{
    if (question.newConversation) {
        if (auto made = insertConversation(connection, question.conversation); !made)
            return made.error();
        if (auto salt = saltFor(connection, question.conversation.id.uuid(), "title"); !salt)
            return salt.error();
    }
    if (auto stored = insertQuestion(connection, question); !stored)
        return stored.error();
    if (auto stored = insertPending(connection, question); !stored)
        return stored.error();
    return commitment(connection, question);
}

} // namespace tramontane
