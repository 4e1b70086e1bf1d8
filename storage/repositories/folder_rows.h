// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/conversation.h"
#include "storage/sqlite/connection.h"

#include <string>
#include <vector>

// Folders as rows. The database thread; changes inside the caller's transaction. Errors: as sqliteError(), and as
// FolderRepository says for the call of that name.
namespace tramontane {

/// Each folder after the one that it lies in, then by name.
[[nodiscard]] Result<std::vector<Folder>> readFolders(sqlite::Connection &connection);

[[nodiscard]] Result<Folder> insertFolder(sqlite::Connection &connection, const Folder &folder);
[[nodiscard]] Status renameFolder(sqlite::Connection &connection, FolderId folder, const std::string &name);
[[nodiscard]] Status moveFolder(sqlite::Connection &connection, FolderId folder, FolderId parent);
[[nodiscard]] Status removeFolder(sqlite::Connection &connection, FolderId folder);
[[nodiscard]] Status placeConversation(sqlite::Connection &connection, ConversationId conversation, FolderId folder);

} // namespace tramontane
