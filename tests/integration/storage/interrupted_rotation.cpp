// SPDX-License-Identifier: Apache-2.0
// R5 and K8: killed while vault.db gets another key.
#include "tests/integration/storage/campaign.h"
#include "tests/integration/storage/interrupted.h"

#include "storage/directory/database_swap.h"
#include "storage/migrations/migrations.h"
#include "storage/sqlite/content_hash.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <fstream>

namespace tramontane::test {

namespace fs = std::filesystem;

namespace {

constexpr int kConversations = 200;

/// The vault has a copy of before a migration, which must not outlive its key.
class Rotation final : public InterruptedWork {
public:
    [[nodiscard]] Status prepare(VaultPlace &place) override
    {
        if (auto made = makeOlderVault(place, 3, kConversations); !made)
            return made;
        const auto vault = place.open();
        if (!vault)
            return vault.error();
        if (auto closed = (*vault)->close().result(); !closed)
            return closed;
        if (!fs::exists(place.folder() / "before-migration.db"))
            return Error{ErrorCode::Internal, "the vault was not migrated", ""};
        return readContents(place);
    }

    [[nodiscard]] Result<std::shared_ptr<OpenVault>> run(VaultPlace &place) override
    {
        auto vault = place.open();
        if (!vault)
            return vault;
        if (const auto rotated = (*vault)->maintenance().rotateKey({}).result(); !rotated)
            return rotated.error();
        return vault;
    }

    [[nodiscard]] Examined examine(VaultPlace &place) override
    {
        Examined found{.cutOff = hasHalfMadeFiles(place)};
        const auto vault = place.open();
        if (!vault) {
            found.problem = "does not open: " + describe(vault.error());
            return found;
        }
        found.problem = problemOf(**vault, Ledger());
        if (const Status closed = (*vault)->close().result(); !closed && found.problem.empty())
            found.problem = "does not close: " + describe(closed.error());
        if (found.problem.empty())
            found.problem = keysAndContent(place, found.after);
        if (found.problem.empty())
            found.problem = found.after ? oldKeyOpensNothing(place)
                                        : strangersIn(place, {"before-migration.db", "vault.db-journal"});
        return found;
    }

private:
    /// With the row about the copy of before the migration, and without it.
    [[nodiscard]] Status readContents(const VaultPlace &place)
    {
        const fs::path probe = place.folder().parent_path() / "probe.db";
        fs::copy_file(place.folder() / "vault.db", probe, fs::copy_options::overwrite_existing);
        const auto connection = sqlite::Connection::open(probe, VaultFixture::fixedKey(), {});
        if (!connection)
            return connection.error();
        for (Hash32 *const content : {&m_before, &m_after}) {
            const auto hash = sqlite::contentHash(**connection);
            if (!hash)
                return hash.error();
            *content = *hash;
            if (auto done = (*connection)->execute("DELETE FROM backup"); !done)
                return done;
        }
        return m_before != m_after ? (*connection)->close()
                                   : Status(Error{ErrorCode::Internal, "the vault knows of no copy", ""});
    }

    [[nodiscard]] std::string keysAndContent(const VaultPlace &place, bool &after) const
    {
        const auto keys = dataKeysOf(place);
        if (!keys)
            return "no key: " + describe(keys.error());
        after = !keys->vault.equals(VaultFixture::fixedKey());
        if (keys->versions.vault != (after ? 2 : 1))
            return "the key has version " + std::to_string(keys->versions.vault);
        const auto checked =
            sqlite::checkDatabase(place.folder() / "vault.db", keys->vault, migrations::kVaultApplicationId, {});
        if (!checked)
            return "the key does not fit: " + describe(checked.error());
        // The row is forgotten after the swap; a crash in between leaves it, and the file goes all the same.
        if (checked->content == m_before || (after && checked->content == m_after))
            return "";
        return "the content is neither that of before nor that of after";
    }

    /// Its header counts (SQLite file format, section 3).
    [[nodiscard]] static bool isHot(const fs::path &journal)
    {
        char first = 0;
        std::ifstream(journal, std::ios::binary).get(first);
        return first != 0;
    }

    [[nodiscard]] static std::string oldKeyOpensNothing(const VaultPlace &place)
    {
        // SQLite's of the moment in which the new file went over to a write-ahead log; it is finished, and never read.
        const fs::path journal = place.folder() / "vault.db-journal";
        if (fs::exists(journal) && isHot(journal))
            return "a journal of vault.db could be played back";
        if (const std::string strangers = strangersIn(place, {"vault.db-journal"}); !strangers.empty())
            return strangers;
        std::vector<fs::directory_entry> entries;
        for (const auto &entry : fs::recursive_directory_iterator(place.folder()))
            entries.push_back(entry);
        for (const auto &entry : entries) {
            if (!entry.is_regular_file() || entry.file_size() == 0)
                continue;
            const auto opens = vault::opensWith(entry.path(), VaultFixture::fixedKey());
            if (!opens || *opens)
                return opens ? "the old key opens " + entry.path().filename().string() : describe(opens.error());
        }
        return {};
    }

    Hash32 m_before{};
    Hash32 m_after{};
};

} // namespace

std::unique_ptr<InterruptedWork> interruptedRotation()
{
    return std::make_unique<Rotation>();
}

} // namespace tramontane::test
