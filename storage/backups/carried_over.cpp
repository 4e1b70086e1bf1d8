// SPDX-License-Identifier: Apache-2.0
#include "storage/backups/carried_over.h"

#include "storage/backups/row_copying.h"
#include "storage/repositories/folder_rows.h"
#include "storage/repositories/row_statements.h"

#include <array>

namespace tramontane::vault {

using sqlite::Connection;

namespace {

/// Rules and holds may be on a folder that the older content does not have.
Status addFolders(Connection &present, Connection &staged)
{
    const auto folders = readFolders(present);
    if (!folders)
        return folders.error();
    for (const Folder &folder : *folders) {
        const auto inserted =
            copyRows(present, "SELECT id, parent, name, position FROM folder WHERE id = ?", staged,
                     "INSERT OR IGNORE INTO folder (id, parent, name, position) VALUES (?, ?, ?, ?)", folder.id);
        if (!inserted)
            return inserted.error();
    }
    return {};
}

} // namespace

Status carryOver(Connection &present, Connection &staged)
{
    if (auto added = addFolders(present, staged); !added)
        return added;
    const auto attempts = hasTable(staged, "backup"); // of the schema that also has attempts in the register
    if (!attempts)
        return attempts.error();
    if (*attempts) {
        if (auto done = run(staged, "UPDATE erasure SET attempt = NULL"); !done)
            return done;
    }
    if (auto copied = copyTable(present, staged, "erasure"); !copied)
        return copied;
    for (const char *table :
         {"audit_head", "hold", "retention_rule", "retention_report", "backup", "setting", "model"}) {
        if (auto copied = replaceTable(present, staged, table); !copied)
            return copied;
    }
    return run(staged, "DELETE FROM content_key WHERE purpose = 'snapshot'");
}

Status startAnew(Connection &staged)
{
    if (auto forgotten = run(staged, "DELETE FROM audit_head"); !forgotten)
        return forgotten;
    return run(staged, "DELETE FROM content_key WHERE purpose = 'snapshot'");
}

} // namespace tramontane::vault
