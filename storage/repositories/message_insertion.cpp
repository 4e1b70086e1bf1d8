// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/message_insertion.h"

#include "storage/repositories/storable_text.h"

namespace tramontane {

namespace {

Message storable(Message message)
{
    for (Block &block : message.blocks) {
        block.text = storableText(block.text);
        block.detail = storableText(block.detail);
    }
    return message;
}

Result<int> nextBranchOrder(sqlite::Connection &connection, const Message &message)
{
    auto select = connection.prepare(
        message.parent.isNull()
            ? "SELECT coalesce(max(branch_order) + 1, 0) FROM message WHERE conversation = ?1 AND parent IS NULL"
            : "SELECT coalesce(max(branch_order) + 1, 0) FROM message WHERE conversation = ?1 AND parent = ?2");
    if (!select)
        return select.error();
    if (message.parent.isNull())
        select->bind(message.conversation);
    else
        select->bind(message.conversation, message.parent);
    const auto row = select->step();
    if (!row)
        return row.error();
    return static_cast<int>(select->integer(0));
}

Status insertBlocks(sqlite::Connection &connection, std::int64_t seq, const std::vector<Block> &blocks)
{
    auto insert =
        connection.prepare("INSERT INTO block (message, position, kind, text, detail) VALUES (?, ?, ?, ?, ?)");
    if (!insert)
        return insert.error();
    int position = 0;
    for (const Block &block : blocks) {
        if (auto done = insert->bind(seq, position++, blockKindName(block.kind), block.text, block.detail).run(); !done)
            return done;
    }
    return {};
}

Status insertIndex(sqlite::Connection &connection, std::int64_t seq, const Message &message)
{
    const std::string text = indexableText(plainText(message));
    if (text.empty())
        return {};
    auto insert = connection.prepare("INSERT INTO message_fts (rowid, text) VALUES (?, ?)");
    if (!insert)
        return insert.error();
    return insert->bind(seq, text).run();
}

} // namespace

Error misplaced(std::string detail)
{
    return Error{ErrorCode::InvalidArgument, "The message does not belong to this conversation. Nothing was stored.",
                 std::move(detail)};
}

Result<std::int64_t> messageSequence(sqlite::Connection &connection, MessageId id, ConversationId conversation)
{
    auto select = connection.prepare("SELECT seq FROM message WHERE id = ? AND conversation = ?");
    if (!select)
        return select.error();
    const auto row = select->bind(id, conversation).step();
    if (!row)
        return row.error();
    if (!*row)
        return misplaced("no message " + id.text() + " in conversation " + conversation.text());
    return select->integer(0);
}

Result<std::int64_t> insertMessage(sqlite::Connection &connection, const Message &given)
{
    const Message message = storable(given);
    if (!message.parent.isNull()) {
        if (const auto parent = messageSequence(connection, message.parent, message.conversation); !parent)
            return parent.error();
    }
    const auto order = nextBranchOrder(connection, message);
    if (!order)
        return order.error();
    auto insert =
        connection.prepare("INSERT INTO message (id, conversation, parent, branch_order, role, state, created_ms) "
                           "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS "
                           "(SELECT 1 FROM message WHERE id = ?1)");
    if (!insert)
        return insert.error();
    const auto done = insert
                          ->bind(message.id, message.conversation, message.parent, *order, roleName(message.role),
                                 messageStateName(message.state), message.createdMs)
                          .run();
    if (!done)
        return done.error();
    if (connection.changes() != 1)
        return misplaced("message exists already: " + message.id.text());
    const std::int64_t seq = connection.lastInsertRowId();
    if (auto written = insertBlocks(connection, seq, message.blocks); !written)
        return written.error();
    if (auto written = insertIndex(connection, seq, message); !written)
        return written.error();
    return seq;
}

} // namespace tramontane
