// SPDX-License-Identifier: Apache-2.0
#include "storage/backups/content_difference.h"

#include "storage/repositories/hold_rows.h"
#include "storage/repositories/row_statements.h"

#include <algorithm>
#include <iterator>

namespace tramontane::vault {

using sqlite::Connection;

namespace {

/// How many of `these` are not among `those`; both ascending.
std::int64_t missing(const std::vector<Uuid> &these, const std::vector<Uuid> &those)
{
    std::vector<Uuid> gone;
    std::ranges::set_difference(these, those, std::back_inserter(gone));
    return static_cast<std::int64_t>(gone.size());
}

Status readMessages(Connection &connection, ContentIds &content)
{
    auto select = connection.prepare("SELECT conversation, id FROM message ORDER BY id");
    if (!select)
        return select.error();
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return {};
        content.conversations[select->uuid(0)].messages.push_back(select->uuid(1));
    }
}

} // namespace

Result<ContentIds> readContentIds(Connection &connection)
{
    ContentIds content;
    auto select = connection.prepare("SELECT id, updated_ms FROM conversation");
    if (!select)
        return select.error();
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        content.conversations[select->uuid(0)].updatedMs = select->integer(1);
    }
    if (auto read = readMessages(connection, content); !read)
        return read.error();
    auto attachments = ids(connection, "SELECT id FROM attachment ORDER BY id");
    if (!attachments)
        return attachments.error();
    content.attachments = std::move(*attachments);
    return content;
}

void compareContent(const ContentIds &present, const ContentIds &given, RestoreMode mode, RestoreEffect &effect)
{
    const bool replacing = mode == RestoreMode::Replace;
    for (const auto &[id, conversation] : given.conversations) {
        const auto there = present.conversations.find(id);
        if (there == present.conversations.end()) {
            ++effect.conversationsAdded;
            effect.messagesAdded += static_cast<std::int64_t>(conversation.messages.size());
            continue;
        }
        const std::int64_t added = missing(conversation.messages, there->second.messages);
        effect.messagesAdded += added;
        if (replacing)
            effect.messagesDropped += missing(there->second.messages, conversation.messages);
        if (replacing ? !(there->second == conversation) : added > 0)
            ++effect.conversationsChanged;
    }
    effect.attachmentsAdded = missing(given.attachments, present.attachments);
    if (!replacing)
        return;
    for (const auto &[id, conversation] : present.conversations) {
        if (given.conversations.contains(id))
            continue;
        ++effect.conversationsDropped;
        effect.messagesDropped += static_cast<std::int64_t>(conversation.messages.size());
    }
}

Status holdsAllow(Connection &connection, const ContentIds &present, const ContentIds &given)
{
    const auto holds = connection.queryInteger("SELECT count(*) FROM hold");
    if (!holds || *holds == 0)
        return holds ? Status() : Status(holds.error());
    for (const auto &[id, conversation] : present.conversations) {
        const auto kept = given.conversations.find(id);
        if (kept != given.conversations.end() && kept->second == conversation)
            continue;
        const auto hold = holdOnConversation(connection, ConversationId(id));
        if (!hold)
            return hold.error();
        if (*hold)
            return onHold(**hold);
    }
    return {};
}

} // namespace tramontane::vault
