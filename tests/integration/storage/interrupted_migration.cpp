// SPDX-License-Identifier: Apache-2.0
// R5: killed while vault.db is brought to the newest schema.
#include "tests/integration/storage/campaign.h"
#include "tests/integration/storage/interrupted.h"

#include "storage/migrations/migrations.h"
#include "storage/sqlite/content_hash.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

namespace tramontane::test {

namespace fs = std::filesystem;

namespace {

constexpr int kConversations = 200;
constexpr int kSchema = 1; // passes through every step

/// What the tables of a schema hold, in the columns that it has: the same in every later schema.
class OldRows {
public:
    [[nodiscard]] Status read(sqlite::Connection &connection)
    {
        m_selects.clear();
        auto tables = connection.prepare(
            "SELECT 'SELECT ' || iif(t.type = 'virtual', 'rowid || '','' || ', '') "
            "|| group_concat('quote(\"' || c.name || '\")', ' || '','' || ') || ' FROM \"' || t.name || '\" ORDER BY "
            "1' "
            "FROM pragma_table_list t JOIN pragma_table_info(t.name) c "
            "WHERE t.schema = 'main' AND t.type IN ('table', 'virtual') AND t.name NOT LIKE 'sqlite_%' "
            "GROUP BY t.name ORDER BY t.name");
        if (!tables)
            return tables.error();
        for (;;) {
            const auto row = tables->step();
            if (!row)
                return row.error();
            if (!*row)
                break;
            m_selects.emplace_back(tables->text(0));
        }
        const auto hash = of(connection);
        if (!hash)
            return hash.error();
        m_hash = *hash;
        return m_selects.size() > 15 ? Status() : Status(Error{ErrorCode::Internal, "hardly any tables", ""});
    }
    [[nodiscard]] Result<bool> areIn(sqlite::Connection &connection) const
    {
        const auto hash = of(connection);
        return hash ? Result<bool>(*hash == m_hash) : hash.error();
    }

private:
    [[nodiscard]] Result<Hash32> of(sqlite::Connection &connection) const
    {
        Sha256 hash;
        for (const std::string &sql : m_selects) {
            auto select = connection.prepare(sql);
            if (!select)
                return select.error();
            for (;;) {
                const auto row = select->step();
                if (!row)
                    return row.error();
                if (!*row)
                    break;
                hash.update(select->text(0));
                hash.update("\n");
            }
            hash.update("\n");
        }
        return hash.finish();
    }

    std::vector<std::string> m_selects;
    Hash32 m_hash{};
};

class Migration final : public InterruptedWork {
public:
    [[nodiscard]] Status prepare(VaultPlace &place) override
    {
        if (auto made = makeOlderVault(place, kSchema, kConversations); !made)
            return made;
        const auto connection = openDatabase(place);
        if (!connection)
            return connection.error();
        const auto content = sqlite::contentHash(**connection);
        if (!content)
            return content.error();
        m_content = *content;
        if (auto read = m_rows.read(**connection); !read)
            return read;
        return (*connection)->close();
    }

    [[nodiscard]] Result<std::shared_ptr<OpenVault>> run(VaultPlace &place) override { return place.open(); }

    [[nodiscard]] Examined examine(VaultPlace &place) override
    {
        Examined found{.cutOff = hasHalfMadeFiles(place)};
        found.problem = asItLies(place, found.after);
        if (found.problem.empty())
            found.problem = opened(place);
        if (found.problem.empty())
            found.problem = strangersIn(place, {"before-migration.db"});
        return found;
    }

private:
    /// Before anybody opens it: the old database, or the new one with all that was in the old. On a copy.
    [[nodiscard]] std::string asItLies(const VaultPlace &place, bool &after) const
    {
        const fs::path probe = place.folder().parent_path() / "probe";
        fs::remove_all(probe);
        fs::create_directory(probe);
        for (const char *name : {"vault.db", "vault.db-wal"})
            if (fs::exists(place.folder() / name))
                fs::copy_file(place.folder() / name, probe / name);
        const auto connection = sqlite::Connection::open(probe / "vault.db", VaultFixture::fixedKey(), {});
        if (!connection)
            return "vault.db does not open: " + describe(connection.error());
        const auto schema = (*connection)->queryInteger("PRAGMA user_version");
        if (!schema)
            return describe(schema.error());
        after = *schema == migrations::newestVersion(migrations::vaultMigrations());
        if (after)
            return holdsAll(**connection);
        if (*schema != kSchema)
            return "vault.db is of schema " + std::to_string(*schema);
        const auto content = sqlite::contentHash(**connection);
        return content && *content == m_content ? "" : "vault.db is neither as before nor as after";
    }

    [[nodiscard]] std::string holdsAll(sqlite::Connection &connection) const
    {
        const auto same = m_rows.areIn(connection);
        if (!same)
            return describe(same.error());
        return *same ? "" : "rows of the old schema are gone or changed";
    }

    /// Opening brings it to the end.
    [[nodiscard]] std::string opened(VaultPlace &place) const
    {
        const auto vault = place.open();
        if (!vault)
            return "does not open: " + describe(vault.error());
        const std::string problem = problemOf(**vault, Ledger());
        if (const Status closed = (*vault)->close().result(); !closed || !problem.empty())
            return problem.empty() ? "does not close: " + describe(closed.error()) : problem;
        const vault::VaultFiles files(place.folder());
        const auto key = VaultFixture::fixedKey();
        const auto now = sqlite::checkDatabase(files.vaultDatabase, key, migrations::kVaultApplicationId, {});
        if (!now || now->schema != migrations::newestVersion(migrations::vaultMigrations()))
            return now ? "still of schema " + std::to_string(now->schema) : describe(now.error());
        const auto kept = sqlite::checkDatabase(files.beforeMigration, key, migrations::kVaultApplicationId, {});
        if (!kept || kept->schema != kSchema || kept->content != m_content)
            return kept ? "the copy of before is not as before" : "the copy of before: " + describe(kept.error());
        const auto connection = openDatabase(place);
        return connection ? holdsAll(**connection) : describe(connection.error());
    }

    Hash32 m_content{};
    OldRows m_rows;
};

} // namespace

std::unique_ptr<InterruptedWork> interruptedMigration()
{
    return std::make_unique<Migration>();
}

} // namespace tramontane::test
