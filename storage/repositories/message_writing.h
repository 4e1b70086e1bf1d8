// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/conversation_repository.h"
#include "storage/sqlite/connection.h"

// The writes of one question, inside the caller's transaction. The database thread. Errors: InvalidArgument when the
// parts do not belong together (ids that exist already, a parent in another conversation), NotFound, and those of
// sqliteError().
namespace tramontane {

/// Step 1: conversation, question, salts, `pending`; the question becomes the shown leaf.
[[nodiscard]] Result<StoredQuestion> writeQuestion(sqlite::Connection &connection, const QuestionToStore &question);

/// Parts of answers that are still being written; those of an answer that was stored meanwhile are left out, because
/// it holds their text already.
[[nodiscard]] Status writeStreamParts(sqlite::Connection &connection, const std::vector<StreamPart> &parts);

/// Step 4: message, blocks, index, provenance; stream parts go. The answer becomes the shown leaf if the person has
/// not turned to another branch since.
[[nodiscard]] Status writeAnswer(sqlite::Connection &connection, const AnswerToStore &answer);

} // namespace tramontane
