// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/thread_reading.h"

#include "storage/repositories/conversation_rows.h"

#include <algorithm>

namespace tramontane {

namespace {

constexpr std::int64_t kLongestThread = 1'000'000;

Error notFound(const Uuid &id)
{
    return Error{ErrorCode::NotFound, "There is no such message; it may have been deleted.", id.text()};
}

/// The row numbers from the leaf up to the root. By primary key, with the conversation checked at every step: a damaged
/// parent that points in a circle ends at the limit instead of never.
using Rows = std::vector<std::int64_t>;
Result<Rows> rowsUpFrom(sqlite::Connection &connection, ConversationId conversation, MessageId leaf, std::int64_t most)
{
    auto select = connection.prepare("WITH RECURSIVE up (seq, parent) AS ("
                                     "  SELECT seq, parent FROM message WHERE id = ?1 AND conversation = ?2"
                                     "  UNION ALL"
                                     "  SELECT p.seq, p.parent FROM up JOIN message p ON p.id = up.parent"
                                     "  WHERE p.conversation = ?2 LIMIT ?3)"
                                     "SELECT seq FROM up");
    if (!select)
        return select.error();
    select->bind(leaf, conversation, most);
    Rows rows;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return rows;
        rows.push_back(select->integer(0));
    }
}

/// The messages of `rows`, last first. One by one: a single statement would have to sort all their text.
Result<std::vector<Message>> readRows(sqlite::Connection &connection, const Rows &rows)
{
    auto select = connection.prepare("SELECT " + std::string(kMessageColumns)
                                     + " FROM message m LEFT JOIN block b ON b.message = m.seq WHERE m.seq = ? "
                                       "ORDER BY b.position");
    if (!select)
        return select.error();
    std::vector<Message> messages;
    messages.reserve(rows.size());
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        if (auto read = appendMessages(select->bind(*row), messages); !read)
            return read.error();
    }
    return messages;
}

Result<std::vector<Message>> readPath(sqlite::Connection &connection, ConversationId conversation, MessageId leaf)
{
    const auto rows = rowsUpFrom(connection, conversation, leaf, kLongestThread);
    if (!rows)
        return rows.error();
    if (rows->empty())
        return notFound(leaf.uuid());
    return readRows(connection, *rows);
}

/// The `count` messages of `rows` (last first) from index `first` on.
Result<ThreadPart> partOf(sqlite::Connection &connection, const Rows &rows, std::size_t first, std::size_t count)
{
    const std::size_t from = std::min(first, rows.size());
    const std::size_t to = from + std::min(count, rows.size() - from);
    const auto at = [&](std::size_t index) { return rows.begin() + static_cast<std::ptrdiff_t>(index); };
    auto messages = readRows(connection, Rows(at(from), at(to)));
    if (!messages)
        return messages.error();
    return ThreadPart{std::move(*messages), to<rows.size(), from> 0};
}

/// The piece that ends with `leaf`.
Result<ThreadPart> partUpFrom(sqlite::Connection &connection, ConversationId conversation, MessageId leaf,
                              std::size_t count)
{
    if (leaf.isNull())
        return ThreadPart{};
    const auto rows = rowsUpFrom(connection, conversation, leaf, static_cast<std::int64_t>(count) + 1);
    if (!rows)
        return rows.error();
    return partOf(connection, *rows, 0, count);
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

Result<ThreadPart> readThreadPart(sqlite::Connection &connection, ConversationId conversation, const ThreadPlace &place)
{
    const auto found = findConversation(connection, conversation);
    if (!found)
        return found.error();
    const auto count = static_cast<std::size_t>(std::max(1, place.count));
    if (place.anchor.isNull())
        return partUpFrom(connection, conversation, found->leaf, count);
    auto given = connection.prepare("SELECT seq, parent FROM message WHERE id = ? AND conversation = ?");
    if (!given)
        return given.error();
    const auto row = given->bind(place.anchor, conversation).step();
    if (!row)
        return row.error();
    if (!*row)
        return notFound(place.anchor.uuid());
    const std::int64_t anchor = given->integer(0);
    if (place.side == ThreadPlace::Side::Above) {
        auto part = partUpFrom(connection, conversation, MessageId(given->uuid(1)), count);
        if (part)
            part->below = true;
        return part;
    }
    const auto rows = rowsUpFrom(connection, conversation, found->leaf, kLongestThread);
    if (!rows)
        return rows.error();
    const auto at = static_cast<std::size_t>(std::ranges::find(*rows, anchor) - rows->begin());
    if (at == rows->size())
        return notFound(place.anchor.uuid());
    if (place.side == ThreadPlace::Side::Around) {
        const std::size_t below = std::min(at, count / 2);
        return partOf(connection, *rows, at - below, count);
    }
    const std::size_t first = at - std::min(at, count);
    return partOf(connection, *rows, first, at - first);
}

Result<std::vector<Message>> readVersions(sqlite::Connection &connection, MessageId sibling)
{
    auto given = connection.prepare("SELECT conversation, parent FROM message WHERE id = ?");
    if (!given)
        return given.error();
    const auto row = given->bind(sibling).step();
    if (!row)
        return row.error();
    if (!*row)
        return notFound(sibling.uuid());
    const MessageId parent(given->uuid(1));
    // Two statements, because no index helps with "is the same parent or none, too".
    auto select = connection.prepare("SELECT " + std::string(kMessageColumns)
                                     + " FROM message m LEFT JOIN block b ON b.message = m.seq WHERE "
                                     + (parent.isNull() ? "m.conversation = ?1 AND m.parent IS NULL" : "m.parent = ?1")
                                     + " ORDER BY m.branch_order, b.position");
    if (!select)
        return select.error();
    return readMessages(select->bind(parent.isNull() ? given->uuid(0) : parent.uuid()));
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
