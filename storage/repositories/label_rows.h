// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/conversation.h"
#include "storage/sqlite/connection.h"

#include <string>
#include <vector>

// Labels of conversations as rows. The database thread; changes inside the caller's transaction. Errors: as sqliteError(),
// and as FolderRepository says.
namespace tramontane {

/// By name; all of them, or those of one conversation (not null).
[[nodiscard]] Result<std::vector<Label>> readLabels(sqlite::Connection &connection, ConversationId of);
[[nodiscard]] Status writeLabels(sqlite::Connection &connection, ConversationId conversation,
                                 const std::vector<std::string> &names, std::int64_t nowMs);

} // namespace tramontane
