// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/conversation_rows.h"
#include "storage/repositories/message_insertion.h"
#include "storage/repositories/message_writing.h"

namespace tramontane {

namespace {

Status finishPending(sqlite::Connection &connection, const AnswerToStore &answer)
{
    auto show = connection.prepare("UPDATE conversation SET updated_ms = max(updated_ms, ?3), "
                                   "leaf = CASE WHEN leaf IS (SELECT shown_leaf FROM pending WHERE attempt = ?4) THEN "
                                   "?2 ELSE leaf END WHERE id = ?1");
    auto parts = connection.prepare("DELETE FROM stream_part WHERE answer = ?");
    auto stage = connection.prepare("UPDATE pending SET stage = 'answered' WHERE attempt = ?");
    if (!show || !parts || !stage)
        return !show ? show.error() : !parts ? parts.error() : stage.error();
    const Message &message = answer.message;
    if (auto done = show->bind(message.conversation, message.id, message.createdMs, answer.attempt).run(); !done)
        return done;
    if (auto done = parts->bind(message.id).run(); !done)
        return done;
    return stage->bind(answer.attempt).run();
}

} // namespace

Status writeStreamParts(sqlite::Connection &connection, const std::vector<StreamPart> &parts)
{
    auto insert = connection.prepare("INSERT INTO stream_part (answer, sequence, kind, text) SELECT ?1, ?2, ?3, ?4 "
                                     "WHERE EXISTS (SELECT 1 FROM pending WHERE answer = ?1 AND stage = 'asked')");
    if (!insert)
        return insert.error();
    for (const StreamPart &part : parts) {
        if (auto done = insert->bind(part.answer, part.sequence, blockKindName(part.kind), part.text).run(); !done)
            return done;
    }
    return {};
}

Status writeAnswer(sqlite::Connection &connection, const AnswerToStore &answer)
{
    auto select = connection.prepare("SELECT conversation, answer, answer_parent FROM pending "
                                     "WHERE attempt = ? AND stage = 'asked'");
    if (!select)
        return select.error();
    const auto row = select->bind(answer.attempt).step();
    if (!row)
        return row.error();
    if (!*row)
        return misplaced("no open attempt " + answer.attempt.text());
    const Message &message = answer.message;
    if (select->uuid(0) != message.conversation.uuid() || select->uuid(1) != message.id.uuid()
        || select->uuid(2) != message.parent.uuid())
        return misplaced("not the place that was fixed for the answer");
    const auto seq = insertMessage(connection, message);
    if (!seq)
        return seq.error();
    if (answer.provenance) {
        if (auto written = writeProvenance(connection, *seq, *answer.provenance); !written)
            return written;
    }
    return finishPending(connection, answer);
}

} // namespace tramontane
