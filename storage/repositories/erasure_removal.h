// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/erasure.h"
#include "storage/sqlite/connection.h"

#include <vector>

// The removal of single things for good, inside the caller's transaction: rows, index entries, salts, keys, and the line in
// the register. Whether they may go was asked before. The database thread. Errors: as sqliteError().
namespace tramontane {

struct MessagePlace {
    ConversationId conversation;
    Uuid parent; // null: the first message
};
/// Errors: NotFound.
[[nodiscard]] Result<MessagePlace> placeOfMessage(sqlite::Connection &connection, const Uuid &message);
/// The conversation of an attachment. Errors: NotFound.
[[nodiscard]] Result<ConversationId> placeOfAttachment(sqlite::Connection &connection, const Uuid &attachment);

/// `attempt`: the erasure that is not complete yet; null: none. One that is there is kept.
[[nodiscard]] Status addToRegister(sqlite::Connection &connection, const ErasedRef &erased, AttemptId attempt);

[[nodiscard]] Status removeAttachment(sqlite::Connection &connection, const Uuid &id, std::int64_t nowMs);
/// All that is below them is among them. The shown leaf goes up; a title made from the first question goes with it.
[[nodiscard]] Status removeMessages(sqlite::Connection &connection, const std::vector<Uuid> &messages,
                                    std::int64_t nowMs);
[[nodiscard]] Status removeConversation(sqlite::Connection &connection, const Uuid &id, std::int64_t nowMs);

} // namespace tramontane
