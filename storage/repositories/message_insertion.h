// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/conversation.h"
#include "storage/sqlite/connection.h"

#include <string>

// One message as rows, inside the caller's transaction. The database thread. Errors: as in message_writing.h.
namespace tramontane {

[[nodiscard]] Error misplaced(std::string detail);

/// The row number of a message of this conversation. Errors: InvalidArgument when it has no such message.
[[nodiscard]] Result<std::int64_t> messageSequence(sqlite::Connection &connection, MessageId id,
                                                   ConversationId conversation);

/// Writes message, blocks and index; answers the row number. Texts are made storable; `branchOrder` is chosen here: the
/// next one among the versions.
[[nodiscard]] Result<std::int64_t> insertMessage(sqlite::Connection &connection, const Message &message);

} // namespace tramontane
