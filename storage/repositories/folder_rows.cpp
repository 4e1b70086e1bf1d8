// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/folder_rows.h"

#include "app/contracts/folder_repository.h"
#include "storage/repositories/hold_rows.h"

#include <algorithm>

namespace tramontane {

namespace {

using sqlite::Connection;

Error noFolder(FolderId id)
{
    return Error{ErrorCode::NotFound, "There is no such folder. Nothing was changed.", id.text()};
}

Error unfit(const char *why)
{
    return Error{ErrorCode::InvalidArgument, std::string(why) + " Nothing was changed.", ""};
}

Result<Folder> findFolder(Connection &connection, FolderId id)
{
    auto select = connection.prepare("SELECT parent, name FROM folder WHERE id = ?");
    if (!select)
        return select.error();
    const auto row = select->bind(id).step();
    if (!row)
        return row.error();
    if (!*row)
        return noFolder(id);
    return Folder{id, FolderId(select->uuid(0)), std::string(select->text(1)), 0};
}

/// The folder and what it lies in, from below; none for the null folder. Errors: NotFound.
Result<std::vector<FolderId>> pathTo(Connection &connection, FolderId id)
{
    std::vector<FolderId> path;
    while (!id.isNull() && std::ranges::find(path, id) == path.end()) {
        const auto folder = findFolder(connection, id);
        if (!folder)
            return folder.error();
        path.push_back(id);
        id = folder->parent;
    }
    return path;
}

/// How many folders lie in each other below this one, itself included.
Result<std::int64_t> heightOf(Connection &connection, FolderId id)
{
    auto select = connection.prepare("WITH RECURSIVE down (id, depth) AS (SELECT ?1, 1 UNION ALL "
                                     "SELECT f.id, down.depth + 1 FROM down JOIN folder f ON f.parent = down.id "
                                     "WHERE down.depth < 100) SELECT max(depth) FROM down");
    if (!select)
        return select.error();
    if (const auto row = select->bind(id).step(); !row)
        return row.error();
    return select->integer(0);
}

/// Whether a folder of this name can lie there.
Status checkPlace(Connection &connection, FolderId parent, const std::string &name, FolderId itself)
{
    if (name.find_first_not_of(" \t\r\n") == std::string::npos || name.size() > kLongestName)
        return unfit("A folder needs a name of at most 200 bytes.");
    const auto path = pathTo(connection, parent);
    if (!path)
        return path.error();
    if (std::ranges::find(*path, itself) != path->end())
        return unfit("A folder cannot lie in itself.");
    const auto height = itself.isNull() ? Result<std::int64_t>(1) : heightOf(connection, itself);
    if (!height)
        return height.error();
    if (std::ssize(*path) + *height > kDeepestFolder)
        return unfit("Folders cannot lie deeper than that.");
    auto taken = connection.prepare("SELECT count(*) FROM folder WHERE parent IS ?1 AND name = ?2 AND id IS NOT ?3");
    if (!taken)
        return taken.error();
    if (const auto row = taken->bind(parent, name, itself).step(); !row)
        return row.error();
    return taken->integer(0) == 0 ? Status() : Status(unfit("There is a folder of that name there already."));
}

/// A hold that is on what lies in `from` and would not be on it in `to`.
Status checkHoldsStay(Connection &connection, FolderId from, FolderId to)
{
    const auto before = holdsOnFolder(connection, from);
    const auto after = holdsOnFolder(connection, to);
    if (!before || !after)
        return before ? after.error() : before.error();
    for (const Hold &hold : *before) {
        if (std::ranges::find(*after, hold.id, &Hold::id) == after->end())
            return onHold(hold);
    }
    return {};
}

} // namespace

Result<std::vector<Folder>> readFolders(Connection &connection)
{
    // The path of names orders children behind their parents; UNION ALL ends because a folder in a circle has no top.
    auto select = connection.prepare(
        "WITH RECURSIVE tree (id, parent, name, path) AS ("
        "  SELECT id, parent, name, name FROM folder WHERE parent IS NULL UNION ALL"
        "  SELECT f.id, f.parent, f.name, tree.path || char(1) || f.name FROM tree JOIN folder f ON f.parent = tree.id)"
        "SELECT id, parent, name, (SELECT count(*) FROM conversation c WHERE c.folder = tree.id "
        "AND c.deleted_ms IS NULL) FROM tree ORDER BY path, id");
    if (!select)
        return select.error();
    std::vector<Folder> folders;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return folders;
        folders.push_back({FolderId(select->uuid(0)), FolderId(select->uuid(1)), std::string(select->text(2)),
                           static_cast<int>(select->integer(3))});
    }
}

Result<Folder> insertFolder(Connection &connection, const Folder &folder)
{
    if (auto fits = checkPlace(connection, folder.parent, folder.name, {}); !fits)
        return fits.error();
    auto insert = connection.prepare("INSERT INTO folder (id, parent, name) VALUES (?, ?, ?)");
    if (!insert)
        return insert.error();
    const auto done = insert->bind(folder.id, folder.parent, folder.name).run();
    return done ? Result<Folder>(folder) : done.error();
}

Status renameFolder(Connection &connection, FolderId id, const std::string &name)
{
    const auto folder = findFolder(connection, id);
    if (!folder)
        return folder.error();
    if (auto fits = checkPlace(connection, folder->parent, name, id); !fits)
        return fits;
    auto update = connection.prepare("UPDATE folder SET name = ?2 WHERE id = ?1");
    if (!update)
        return update.error();
    return update->bind(id, name).run();
}

Status moveFolder(Connection &connection, FolderId id, FolderId parent)
{
    const auto folder = findFolder(connection, id);
    if (!folder)
        return folder.error();
    if (auto fits = checkPlace(connection, parent, folder->name, id); !fits)
        return fits;
    if (auto stay = checkHoldsStay(connection, folder->parent, parent); !stay)
        return stay;
    auto update = connection.prepare("UPDATE folder SET parent = ?2 WHERE id = ?1");
    if (!update)
        return update.error();
    return update->bind(id, parent).run();
}

Status removeFolder(Connection &connection, FolderId id)
{
    const auto folder = findFolder(connection, id);
    if (!folder)
        return folder.error();
    if (auto stay = checkHoldsStay(connection, id, folder->parent); !stay)
        return stay;
    const auto all = readFolders(connection);
    if (!all)
        return all.error();
    for (const Folder &inside : *all) {
        if (inside.parent != id)
            continue;
        if (auto fits = checkPlace(connection, folder->parent, inside.name, inside.id); !fits)
            return fits;
    }
    for (const std::string_view sql : {std::string_view("UPDATE folder SET parent = ?2 WHERE parent = ?1"),
                                       std::string_view("UPDATE conversation SET folder = ?2 WHERE folder = ?1")}) {
        auto update = connection.prepare(sql);
        if (!update)
            return update.error();
        if (auto done = update->bind(id, folder->parent).run(); !done)
            return done;
    }
    auto remove = connection.prepare("DELETE FROM folder WHERE id = ?");
    if (!remove)
        return remove.error();
    return remove->bind(id).run();
}

Status placeConversation(Connection &connection, ConversationId conversation, FolderId folder)
{
    if (!folder.isNull()) {
        if (const auto found = findFolder(connection, folder); !found)
            return found.error();
    }
    auto current = connection.prepare("SELECT folder FROM conversation WHERE id = ? AND deleted_ms IS NULL");
    auto update = connection.prepare("UPDATE conversation SET folder = ?2 WHERE id = ?1");
    if (!current || !update)
        return current ? update.error() : current.error();
    const auto row = current->bind(conversation).step();
    if (!row)
        return row.error();
    if (!*row)
        return Error{ErrorCode::NotFound, "There is no such conversation; it may have been deleted.",
                     conversation.text()};
    if (auto stay = checkHoldsStay(connection, FolderId(current->uuid(0)), folder); !stay)
        return stay;
    return update->bind(conversation, folder).run();
}

} // namespace tramontane
