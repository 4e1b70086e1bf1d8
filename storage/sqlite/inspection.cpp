// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/inspection.h"

#include <vector>

namespace tramontane::sqlite {

namespace {

Error damaged(std::string detail)
{
    return Error{ErrorCode::VaultDamaged,
                 "A database of the vault is damaged. What can still be read can be exported; then restore it from a "
                 "backup.",
                 std::move(detail)};
}

/// The first row of a check that answers with a row for each finding; empty: none. Of integrity_check "ok" is none.
Result<std::string> firstFinding(Connection &connection, std::string_view check)
{
    auto rows = connection.prepare(check);
    if (!rows)
        return rows.error();
    const auto row = rows->step();
    if (!row)
        return row.error();
    const std::string text = *row ? std::string(rows->text(0)) : std::string();
    return text == "ok" ? std::string() : text;
}

} // namespace

Status inspect(Connection &connection)
{
    std::vector<const char *> checks{"PRAGMA integrity_check(1)", "PRAGMA foreign_key_check"};
    // The MACs first: a page that does not hold makes the others fail with less to say. That check reads the file itself,
    // where a page that also stands in the WAL may be half-written; so the WAL goes in before.
    if (!connection.isReadOnly()) {
        if (auto folded = connection.checkpoint(); !folded)
            return folded;
        checks.insert(checks.begin(), "PRAGMA cipher_integrity_check");
    }
    for (const char *check : checks) {
        const auto found = firstFinding(connection, check);
        if (!found)
            return found.error();
        if (!found->empty())
            return damaged(std::string(check).substr(7) + ": " + *found);
    }
    return {};
}

} // namespace tramontane::sqlite
