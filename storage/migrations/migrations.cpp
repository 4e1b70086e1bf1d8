// SPDX-License-Identifier: Apache-2.0
#include "storage/migrations/migrations.h"

#include "storage/sqlite/transaction.h"

#include <string>

namespace tramontane::migrations {

namespace {

Status applySteps(sqlite::Connection &connection, std::span<const Migration> steps, std::int64_t from)
{
    for (const Migration &step : steps) {
        if (step.version <= from)
            continue;
        if (auto applied = connection.execute(step.sql); !applied)
            return applied;
    }
    const auto broken = connection.queryInteger("SELECT count(*) FROM pragma_foreign_key_check");
    if (!broken)
        return broken.error();
    if (*broken != 0)
        return Error{ErrorCode::VaultDamaged,
                     "The vault could not be brought to the new format: its data contradict each other. Nothing was "
                     "changed; restore it from a backup.",
                     std::to_string(*broken) + " rows break a foreign key"};
    return connection.execute("PRAGMA user_version = " + std::to_string(newestVersion(steps)));
}

Result<std::int64_t> storedVersion(sqlite::Connection &connection, std::span<const Migration> steps)
{
    const auto version = connection.queryInteger("PRAGMA user_version");
    if (!version)
        return version.error();
    if (*version > newestVersion(steps))
        return Error{ErrorCode::VaultNewerSchema,
                     "This vault was written by a newer version of Tramontane. Open it with that version, or update "
                     "this one.",
                     "schema " + std::to_string(*version) + ", known up to " + std::to_string(newestVersion(steps))};
    return *version;
}

} // namespace

int newestVersion(std::span<const Migration> steps)
{
    return steps.back().version;
}

Result<int> checkedVersion(sqlite::Connection &connection, std::span<const Migration> steps)
{
    const auto version = storedVersion(connection, steps);
    if (!version)
        return version.error();
    if (*version <= 0)
        return Error{ErrorCode::VaultDamaged, "The vault's database has no schema. Restore it from a backup.",
                     "schema " + std::to_string(*version)};
    return static_cast<int>(*version);
}

Status migrate(sqlite::Connection &connection, std::span<const Migration> steps)
{
    const auto version = storedVersion(connection, steps);
    if (!version)
        return version.error();
    if (*version == newestVersion(steps))
        return {};
    return sqlite::inTransaction(connection, [&] { return applySteps(connection, steps, *version); });
}

} // namespace tramontane::migrations
