// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/conversation.h"
#include "storage/sqlite/connection.h"

#include <map>
#include <vector>

// Rows of vault.db as values. The database thread. Errors: as sqliteError(), and VaultDamaged for a stored name that
// this version does not know.
namespace tramontane {

/// The columns that readConversation() expects, in its order.
inline constexpr std::string_view kConversationColumns =
    "id, folder, title, system_prompt, created_ms, updated_ms, pinned, leaf, deleted_ms";
[[nodiscard]] Conversation readConversation(const sqlite::Statement &row);

/// `filter`: a condition and an order of our own, "deleted_ms IS NULL ORDER BY updated_ms". `limit` 0 or less: all.
[[nodiscard]] Result<std::vector<Conversation>> readConversations(sqlite::Connection &connection,
                                                                  std::string_view filter, int limit, int offset);

/// NotFound when there is none, or when it lies in the bin.
[[nodiscard]] Result<Conversation> findConversation(sqlite::Connection &connection, ConversationId id);

/// Messages with their blocks from a query whose columns are kMessageColumns from `message` joined to `block` (left);
/// rows of one message must be neighbours.
inline constexpr std::string_view kMessageColumns =
    "m.id, m.conversation, m.parent, m.branch_order, m.role, m.state, m.created_ms, "
    "CASE WHEN m.parent IS NULL "
    "THEN (SELECT count(*) FROM message s WHERE s.conversation = m.conversation AND s.parent IS NULL) "
    "ELSE (SELECT count(*) FROM message s WHERE s.parent = m.parent) END, "
    "b.kind, b.text, b.detail";
[[nodiscard]] Result<std::vector<Message>> readMessages(sqlite::Statement &statement);
/// As readMessages(), behind those that are there.
[[nodiscard]] Status appendMessages(sqlite::Statement &statement, std::vector<Message> &messages);

[[nodiscard]] Result<Provenance> findProvenance(sqlite::Connection &connection, MessageId answer);
[[nodiscard]] Result<std::map<MessageId, Provenance>> findProvenances(sqlite::Connection &connection,
                                                                      const std::vector<MessageId> &answers);
[[nodiscard]] Status writeProvenance(sqlite::Connection &connection, std::int64_t messageSeq,
                                     const Provenance &provenance);

} // namespace tramontane
