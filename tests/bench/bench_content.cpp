// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bench_content.h"

#include "storage/repositories/message_insertion.h"

#include <algorithm>

namespace tramontane::bench {

Content makeContent(Words &words, int messages, int conversations)
{
    Content content;
    for (int i = 0; i < messages; ++i) {
        const std::int64_t now = kStartMs + i * kStepMs;
        const int share = static_cast<int>(std::int64_t{i} * conversations / messages);
        const bool first = share == static_cast<int>(content.conversations.size());
        if (first) {
            Conversation made;
            made.id = ConversationId::make(now);
            made.title = words.text(words.number(2, 7));
            made.createdMs = now;
            content.conversations.push_back(std::move(made));
        }
        Conversation &conversation = content.conversations.back();
        Message message;
        message.id = MessageId::make(now);
        message.conversation = conversation.id;
        message.parent = first ? MessageId() : content.messages.back().id;
        message.role = i % 2 == 0 ? Role::User : Role::Assistant;
        message.createdMs = now;
        message.blocks.push_back(
            {BlockKind::Text, words.text(i % 2 == 0 ? words.number(5, 40) : words.number(20, 220)), {}});
        conversation.updatedMs = now;
        conversation.leaf = message.id;
        content.messages.push_back(std::move(message));
    }
    return content;
}

Status insertConversations(sqlite::Connection &connection, const std::vector<Conversation> &all)
{
    auto insert = connection.prepare("INSERT INTO conversation (id, title, system_prompt, created_ms, updated_ms) "
                                     "VALUES (?, ?, '', ?, ?)");
    if (!insert)
        return insert.error();
    for (const Conversation &one : all) {
        if (auto done = insert->bind(one.id, one.title, one.createdMs, one.updatedMs).run(); !done)
            return done;
    }
    return {};
}

Status showLeaves(sqlite::Connection &connection, const std::vector<Conversation> &all)
{
    auto update = connection.prepare("UPDATE conversation SET leaf = ? WHERE id = ?");
    if (!update)
        return update.error();
    for (const Conversation &one : all) {
        if (auto done = update->bind(one.leaf, one.id).run(); !done)
            return done;
    }
    return {};
}

Status insertMessages(sqlite::Connection &connection, const std::vector<Message> &all, std::size_t from)
{
    for (std::size_t i = from; i < std::min(all.size(), from + kBatch); ++i) {
        if (auto seq = insertMessage(connection, all[i]); !seq)
            return seq.error();
    }
    return {};
}

} // namespace tramontane::bench
