// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/retention.h"
#include "storage/sqlite/connection.h"

#include <optional>
#include <vector>

// Legal holds as rows. The database thread. Errors: as sqliteError().
namespace tramontane {

/// The columns that readHold() expects, in its order, of `hold h`.
inline constexpr std::string_view kHoldColumns = "h.id, h.conversation, h.folder, h.reason, h.set_by, h.set_ms";
[[nodiscard]] Hold readHold(const sqlite::Statement &row);

/// The hold on the conversation or on a folder above it. NotFound when there is no such conversation.
[[nodiscard]] Result<std::optional<Hold>> holdOnConversation(sqlite::Connection &connection, ConversationId id);
/// The holds on a folder and on the folders above it; none for the null folder.
[[nodiscard]] Result<std::vector<Hold>> holdsOnFolder(sqlite::Connection &connection, FolderId id);

/// OnHold: who set it, when and why.
[[nodiscard]] Error onHold(const Hold &hold);

} // namespace tramontane
