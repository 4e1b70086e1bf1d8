// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/conversation_repository.h"
#include "storage/repositories/vault_database.h"

// Reading the tree of a conversation. The database thread. Errors: NotFound, VaultDamaged, as sqliteError().
namespace tramontane {

[[nodiscard]] Result<std::vector<Message>> readThread(sqlite::Connection &connection, ConversationId conversation,
                                                      MessageId leaf);
/// See ConversationRepository::threadPart. Pieces at the end or right above a message cost what they hold; the others
/// cost a walk over the numbers of all messages below them, too.
[[nodiscard]] Result<ThreadPart> readThreadPart(sqlite::Connection &connection, ConversationId conversation,
                                                const ThreadPlace &place);
[[nodiscard]] Result<std::vector<Message>> readVersions(sqlite::Connection &connection, MessageId sibling);
/// The end of the branch below `message` that was written last, and which conversation it belongs to.
struct BranchEnd {
    ConversationId conversation;
    MessageId leaf;
};
[[nodiscard]] Result<BranchEnd> findBranchEnd(sqlite::Connection &connection, MessageId message);
/// Everything in `pending` that is not settled, oldest first.
[[nodiscard]] Result<std::vector<Leftover>> readLeftovers(sqlite::Connection &connection,
                                                          const VaultDatabase::Settlements &settled);

} // namespace tramontane
