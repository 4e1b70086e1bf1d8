// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/backup_store.h"
#include "storage/sqlite/connection.h"

#include <map>
#include <vector>

namespace tramontane::vault {

/// What a vault.db holds, by id: enough to say what differs from another one.
struct ContentIds {
    struct Conversation {
        std::int64_t updatedMs = 0;
        std::vector<Uuid> messages; // ascending
        bool operator==(const Conversation &) const = default;
    };
    std::map<Uuid, Conversation> conversations;
    std::vector<Uuid> attachments; // ascending
};

/// Of any schema. The connection's thread. Errors: as sqliteError().
[[nodiscard]] Result<ContentIds> readContentIds(sqlite::Connection &connection);

/// What becomes of `present` when `given` is merged into it or replaces it; the counts of `effect` but for erasedKeptOut.
void compareContent(const ContentIds &present, const ContentIds &given, RestoreMode mode, RestoreEffect &effect);

/// Replacing must not touch what is held: OnHold for the first conversation of `connection` (the present vault.db) that is
/// held and is not in `given` as it is. The database thread. Errors also: as sqliteError().
[[nodiscard]] Status holdsAllow(sqlite::Connection &connection, const ContentIds &present, const ContentIds &given);

} // namespace tramontane::vault
