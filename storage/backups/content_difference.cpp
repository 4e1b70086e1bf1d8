// SPDX-License-Identifier: Apache-2.0
#include "storage/backups/content_difference.h"

#include "storage/backups/row_copying.h"
#include "storage/repositories/folder_rows.h"
#include "storage/repositories/hold_rows.h"

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

Status readAttachments(Connection &connection, ContentIds &content)
{
    auto select =
        connection.prepare("SELECT m.conversation, a.id FROM attachment a JOIN message m ON m.seq = a.message "
                           "ORDER BY a.id");
    if (!select)
        return select.error();
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return {};
        content.conversations[select->uuid(0)].attachments.push_back(select->uuid(1));
        content.attachments.push_back(select->uuid(1));
    }
}

/// The folders above, from a list in which each comes after the one that it lies in.
std::vector<Uuid> foldersAbove(const std::vector<Folder> &folders, Uuid folder)
{
    std::vector<Uuid> above;
    for (auto at = folders.rbegin(); at != folders.rend(); ++at) {
        if (at->id.uuid() != folder)
            continue;
        above.push_back(folder);
        folder = at->parent.uuid();
    }
    return above;
}

Error noPlaceForHolds()
{
    return Error{ErrorCode::OnHold,
                 "Not done: there are legal holds, and the older format has no place for them. Nothing was changed.",
                 ""};
}

} // namespace

Result<ContentIds> readContentIds(Connection &connection)
{
    ContentIds content;
    auto select = connection.prepare("SELECT id, updated_ms, folder FROM conversation");
    if (!select)
        return select.error();
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        ContentIds::Conversation &conversation = content.conversations[select->uuid(0)];
        conversation.updatedMs = select->integer(1);
        conversation.folder = select->uuid(2);
    }
    if (auto read = readMessages(connection, content); !read)
        return read.error();
    if (auto read = readAttachments(connection, content); !read)
        return read.error();
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

Status holdsAllow(Connection &present, Connection &staged)
{
    const auto holds = present.queryInteger("SELECT count(*) FROM hold");
    if (!holds || *holds == 0)
        return holds ? Status() : Status(holds.error());
    const auto place = hasTable(staged, "hold");
    if (!place || !*place)
        return place ? noPlaceForHolds() : place.error();
    const auto there = readContentIds(present);
    const auto given = readContentIds(staged);
    if (!there || !given)
        return !there ? there.error() : given.error();
    const auto folders = readFolders(present);
    const auto givenFolders = readFolders(staged);
    if (!folders || !givenFolders)
        return !folders ? folders.error() : givenFolders.error();
    for (const auto &[id, conversation] : there->conversations) {
        const auto kept = given->conversations.find(id);
        if (kept != given->conversations.end() && kept->second == conversation
            && foldersAbove(*folders, conversation.folder) == foldersAbove(*givenFolders, conversation.folder))
            continue;
        const auto hold = holdOnConversation(present, ConversationId(id));
        if (!hold)
            return hold.error();
        if (*hold)
            return onHold(**hold);
    }
    return {};
}

} // namespace tramontane::vault
