// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/thread_reading.h"

#include "storage/repositories/conversation_rows.h"

#include <algorithm>

namespace tramontane {

namespace {

Error notFound(const Uuid &id)
{
    return Error{ErrorCode::NotFound, "There is no such message; it may have been deleted.", id.text()};
}

Result<std::vector<Message>> readPath(sqlite::Connection &connection, ConversationId conversation, MessageId leaf)
{
    // Up from the leaf by primary key; `depth` turns the order round. UNION ALL with the conversation checked at every
    // step: a damaged parent that points in a circle ends at the limit instead of never.
    auto select =
        connection.prepare("WITH RECURSIVE up (id, seq, parent, depth) AS ("
                           "  SELECT id, seq, parent, 0 FROM message WHERE id = ?1 AND conversation = ?2"
                           "  UNION ALL"
                           "  SELECT p.id, p.seq, p.parent, up.depth + 1 FROM up JOIN message p ON p.id = up.parent"
                           "  WHERE p.conversation = ?2 LIMIT 1000000)"
                           "SELECT "
                           + std::string(kMessageColumns)
                           + " FROM up JOIN message m ON m.seq = up.seq "
                             "LEFT JOIN block b ON b.message = m.seq ORDER BY up.depth DESC, b.position");
    if (!select)
        return select.error();
    auto messages = readMessages(select->bind(leaf, conversation));
    if (messages && messages->empty())
        return notFound(leaf.uuid());
    return messages;
}

PendingStage stageFromName(std::string_view name)
{
    return name == "answered" ? PendingStage::Answered : PendingStage::Asked;
}

/// What was saved of an answer that is not stored yet. Names that this version does not know are read as text.
Result<std::vector<Block>> savedBlocks(sqlite::Connection &connection, MessageId answer)
{
    auto select = connection.prepare("SELECT kind, text FROM stream_part WHERE answer = ? ORDER BY sequence");
    if (!select)
        return select.error();
    select->bind(answer);
    std::vector<Block> blocks;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return blocks;
        const BlockKind kind = blockKindFromName(select->text(0)).value_or(BlockKind::Text);
        if (blocks.empty() || blocks.back().kind != kind)
            blocks.push_back({kind, {}, {}});
        blocks.back().text += select->text(1);
    }
}

} // namespace

Result<std::vector<Message>> readThread(sqlite::Connection &connection, ConversationId conversation, MessageId leaf)
{
    if (!leaf.isNull())
        return readPath(connection, conversation, leaf);
    const auto found = findConversation(connection, conversation);
    if (!found)
        return found.error();
    if (found->leaf.isNull())
        return std::vector<Message>();
    return readPath(connection, conversation, found->leaf);
}

Result<std::vector<Message>> readVersions(sqlite::Connection &connection, MessageId sibling)
{
    auto select = connection.prepare(
        "SELECT " + std::string(kMessageColumns)
        + " FROM message given JOIN message m "
          "ON m.conversation = given.conversation AND m.parent IS given.parent "
          "LEFT JOIN block b ON b.message = m.seq WHERE given.id = ? ORDER BY m.branch_order, b.position");
    if (!select)
        return select.error();
    auto messages = readMessages(select->bind(sibling));
    if (messages && messages->empty())
        return notFound(sibling.uuid());
    return messages;
}

Result<BranchEnd> findBranchEnd(sqlite::Connection &connection, MessageId message)
{
    auto select = connection.prepare(
        "WITH RECURSIVE down (id, conversation, depth) AS ("
        "  SELECT id, conversation, 0 FROM message WHERE id = ?1"
        "  UNION ALL"
        "  SELECT (SELECT m.id FROM message m WHERE m.parent = down.id ORDER BY m.branch_order DESC LIMIT 1),"
        "         conversation, depth + 1 FROM down WHERE down.id IS NOT NULL LIMIT 1000000)"
        "SELECT conversation, id FROM down WHERE id IS NOT NULL ORDER BY depth DESC LIMIT 1");
    if (!select)
        return select.error();
    const auto row = select->bind(message).step();
    if (!row)
        return row.error();
    if (!*row)
        return notFound(message.uuid());
    return BranchEnd{ConversationId(select->uuid(0)), MessageId(select->uuid(1))};
}

Result<std::vector<Leftover>> readLeftovers(sqlite::Connection &connection, const VaultDatabase::Settlements &settled)
{
    auto select = connection.prepare("SELECT attempt, stage, conversation, answer, answer_parent FROM pending "
                                     "ORDER BY created_ms, attempt");
    if (!select)
        return select.error();
    std::vector<Leftover> leftovers;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return leftovers;
        Leftover leftover;
        leftover.attempt = AttemptId(select->uuid(0));
        leftover.stage = stageFromName(select->text(1));
        leftover.conversation = ConversationId(select->uuid(2));
        leftover.answer = MessageId(select->uuid(3));
        leftover.answerParent = MessageId(select->uuid(4));
        if (std::ranges::find(settled, leftover.attempt, &VaultDatabase::Settlement::attempt) != settled.end())
            continue;
        auto blocks = savedBlocks(connection, leftover.answer);
        if (!blocks)
            return blocks.error();
        leftover.blocks = std::move(*blocks);
        leftovers.push_back(std::move(leftover));
    }
}

} // namespace tramontane
