// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/label_rows.h"

#include "app/contracts/folder_repository.h"
#include "storage/repositories/conversation_rows.h"

namespace tramontane {

namespace {

using sqlite::Connection;

Status addLabel(Connection &connection, ConversationId conversation, const std::string &name, std::int64_t nowMs)
{
    if (name.find_first_not_of(" \t\r\n") == std::string::npos || name.size() > kLongestName)
        return Error{ErrorCode::InvalidArgument, "A label needs a name of at most 200 bytes. Nothing was changed.", ""};
    auto make = connection.prepare("INSERT INTO label (id, name) VALUES (?, ?) ON CONFLICT (name) DO NOTHING");
    auto add = connection.prepare("INSERT OR IGNORE INTO conversation_label (conversation, label) "
                                  "SELECT ?1, id FROM label WHERE name = ?2");
    if (!make || !add)
        return make ? add.error() : make.error();
    if (auto done = make->bind(LabelId::make(nowMs), name).run(); !done)
        return done;
    return add->bind(conversation, name).run();
}

} // namespace

Result<std::vector<Label>> readLabels(Connection &connection, ConversationId of)
{
    auto select = connection.prepare(
        "SELECT l.id, l.name, (SELECT count(*) FROM conversation_label n JOIN conversation c ON c.id = n.conversation "
        "WHERE n.label = l.id AND c.deleted_ms IS NULL) FROM label l WHERE ?1 IS NULL OR EXISTS "
        "(SELECT 1 FROM conversation_label o WHERE o.label = l.id AND o.conversation = ?1) ORDER BY l.name");
    if (!select)
        return select.error();
    select->bind(of);
    std::vector<Label> labels;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return labels;
        labels.push_back(
            {LabelId(select->uuid(0)), std::string(select->text(1)), static_cast<int>(select->integer(2))});
    }
}

Status writeLabels(Connection &connection, ConversationId conversation, const std::vector<std::string> &names,
                   std::int64_t nowMs)
{
    if (const auto found = findConversation(connection, conversation); !found)
        return found.error();
    auto clear = connection.prepare("DELETE FROM conversation_label WHERE conversation = ?");
    if (!clear)
        return clear.error();
    if (auto done = clear->bind(conversation).run(); !done)
        return done;
    for (const std::string &name : names) {
        if (auto done = addLabel(connection, conversation, name, nowMs); !done)
            return done;
    }
    // Labels of documents and collections stay.
    return connection.execute("DELETE FROM label WHERE id NOT IN (SELECT label FROM conversation_label) "
                              "AND id NOT IN (SELECT label FROM document WHERE label IS NOT NULL) "
                              "AND id NOT IN (SELECT label FROM collection WHERE label IS NOT NULL)");
}

} // namespace tramontane
