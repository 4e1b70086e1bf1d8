// SPDX-License-Identifier: Apache-2.0
// K2: everything that makes SQLite put aside what does not fit into its cache. spills.py watches which files that touches.
#include "tests/integration/storage/campaign.h"

#include "storage/migrations/migrations.h"

#include <cstdio>

namespace tramontane::test {

namespace {

using sqlite::Connection;

constexpr int kRows = 100'000;

/// 32 letters that stand nowhere else.
std::string marker()
{
    const Key32 random = Key32::random();
    std::string text;
    for (const std::uint8_t byte : random.bytes())
        text += char('a' + byte % 26);
    return text;
}

Status insertMany(Connection &connection, const char *sql, const std::string &text, int rows)
{
    auto insert = connection.prepare(sql);
    if (!insert)
        return insert.error();
    for (int row = 0; row < rows; ++row) {
        if (auto done = insert->bind(text + std::to_string(row * 7919 % rows)).run(); !done)
            return done;
    }
    return {};
}

Status rollBackMany(Connection &connection, const std::string &text)
{
    auto begun = connection.execute("BEGIN IMMEDIATE");
    if (begun)
        begun = insertMany(connection, "INSERT INTO spilled (x) VALUES (?)", text, kRows);
    connection.rollback();
    return begun;
}

Status sortMuch(Connection &connection, const std::string &text, std::uint64_t megabytes)
{
    const std::string rows = std::to_string(megabytes * 1'000'000 / 1000);
    return connection.execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + rows
                              + ") SELECT count(DISTINCT y) FROM (SELECT printf('%.*c%08d', 960, 'z', i * 7919 % "
                              + rows + ") || '" + text + "' AS y FROM n ORDER BY y DESC LIMIT -1 OFFSET 1)");
}

Status mergeIndex(Connection &connection, const std::string &text)
{
    for (int round = 0; round < 8; ++round) {
        auto begun = connection.execute("BEGIN IMMEDIATE");
        if (begun)
            begun = insertMany(connection, "INSERT INTO message_fts (text) VALUES (?)", text + " word", 1500);
        if (begun)
            begun = connection.execute("COMMIT");
        if (!begun)
            return begun;
    }
    return connection.execute("INSERT INTO message_fts (message_fts, rank) VALUES ('merge', -500);"
                              "INSERT INTO message_fts (message_fts) VALUES ('optimize')");
}

} // namespace

int spill(const std::filesystem::path &folder, std::uint64_t megabytes)
{
    const std::string text = marker();
    std::printf("%s\n", text.c_str());
    std::fflush(stdout);
    auto made = Connection::open(folder / "vault.db", Key32::random(), {.mode = sqlite::OpenMode::Create});
    const auto step = [&](const char *what, const Status &done) {
        if (!done)
            std::fprintf(stderr, "%s: %s\n", what, describe(done.error()).c_str());
        else
            std::printf("%s\n", what);
        std::fflush(stdout);
        return done.ok();
    };
    if (!made
        || !step("schema", migrations::migrate(**made, migrations::vaultMigrations()).ok()
                               ? Status()
                               : Status(Error{ErrorCode::Internal, "no schema", ""})))
        return 1;
    const bool all = step("small cache", (*made)->execute("PRAGMA cache_size = 10; CREATE TABLE spilled (x TEXT)"))
                     && step("rolled back", rollBackMany(**made, text))
                     && step("kept", insertMany(**made, "INSERT INTO spilled (x) VALUES (?)", text, 2000))
                     && step("sorted", sortMuch(**made, text, megabytes))
                     && step("index of a column", (*made)->execute("CREATE INDEX spilled_by_x ON spilled (x)"))
                     && step("index merged", mergeIndex(**made, text)) && step("vacuumed", (*made)->execute("VACUUM"));
    return all && step("closed", (*made)->close()) ? 0 : 1;
}

} // namespace tramontane::test
