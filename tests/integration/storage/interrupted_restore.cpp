// SPDX-License-Identifier: Apache-2.0
// R5: killed while the content of a backup takes the place of that of the vault.
#include "app/contracts/backup_store.h"
#include "tests/integration/storage/campaign.h"
#include "tests/integration/storage/interrupted.h"

#include <fstream>

namespace tramontane::test {

namespace fs = std::filesystem;

namespace {

constexpr int kConversations = 80; // in the backup, and as many more in the vault
constexpr std::size_t kAttachedBytes = 2 << 20;

fs::path backupOf(const VaultPlace &place)
{
    return place.folder().parent_path() / "backup";
}

std::ptrdiff_t attachmentFiles(const VaultPlace &place)
{
    return std::distance(fs::directory_iterator(place.folder() / "attachments"), fs::directory_iterator());
}

class Restoring final : public InterruptedWork {
public:
    [[nodiscard]] Status prepare(VaultPlace &place) override
    {
        const auto made = place.create();
        if (!made)
            return made.error();
        if (auto closed = (*made)->close().result(); !closed)
            return closed;
        const auto then = grown(place, "then");
        if (!then)
            return then.error();
        if (auto backedUp = makeBackup(place); !backedUp)
            return backedUp;
        const auto now = grown(place, "now");
        if (!now)
            return now.error();
        // The log, the models and the slots stay those of the vault.
        m_before = m_after = *now;
        m_after.titles = then->titles;
        m_after.messages = then->messages;
        m_after.found = then->found;
        m_after.attachments = then->attachments;
        return m_before == m_after ? Status(Error{ErrorCode::Internal, "nothing to restore", ""}) : Status();
    }

    [[nodiscard]] Result<std::shared_ptr<OpenVault>> run(VaultPlace &place) override
    {
        auto vault = place.open();
        if (!vault)
            return vault;
        const auto restored = (*vault)->backups().restore(backupOf(place).string(), RestoreMode::Replace, {}).result();
        return restored ? vault : Result<std::shared_ptr<OpenVault>>(restored.error());
    }

    [[nodiscard]] Examined examine(VaultPlace &place) override
    {
        const auto before = attachmentFiles(place);
        Examined found{.cutOff =
                           hasHalfMadeFiles(place) || !strangersIn(place, {"vault.db-wal", "audit.db-wal"}).empty()};
        const auto vault = place.open();
        if (!vault) {
            found.problem = "does not open: " + describe(vault.error());
            return found;
        }
        found.problem = compare(**vault, found);
        if (found.problem.empty())
            found.problem = problemOf(**vault, Ledger());
        // Opening begins with it; this waits for it.
        if (const auto swept = (*vault)->attachments().sweep().result(); !swept && found.problem.empty())
            found.problem = "cannot be swept: " + describe(swept.error());
        if (const Status closed = (*vault)->close().result(); !closed && found.problem.empty())
            found.problem = "does not close: " + describe(closed.error());
        const auto wanted = std::ptrdiff_t((found.after ? m_after : m_before).attachments.size());
        // What a replaced attachment leaves is a file without a key, which goes at the next opening.
        found.cutOff = found.cutOff || (!found.after && before > wanted);
        if (found.problem.empty() && attachmentFiles(place) != wanted)
            found.problem = "there are " + std::to_string(attachmentFiles(place)) + " files of attachments";
        if (found.problem.empty())
            found.problem = strangersIn(place, {});
        return found;
    }

private:
    /// What the vault answers after it was given more.
    [[nodiscard]] static Result<VaultContent> grown(VaultPlace &place, const std::string &word)
    {
        {
            const auto connection = openDatabase(place);
            if (!connection)
                return connection.error();
            if (auto added = addRows(**connection, kConversations, word); !added)
                return added.error();
            if (auto closed = (*connection)->close(); !closed)
                return closed.error();
        }
        const auto vault = place.open();
        if (!vault)
            return vault.error();
        if (auto attached = attach(place, **vault, word); !attached)
            return attached.error();
        auto content = readContent(**vault);
        if (const Status closed = (*vault)->close().result(); !closed)
            return closed.error();
        return content;
    }

    [[nodiscard]] static Status attach(const VaultPlace &place, OpenVault &vault, const std::string &word)
    {
        const fs::path source = place.folder().parent_path() / word;
        std::ofstream(source, std::ios::binary) << word << std::string(kAttachedBytes, 'a');
        const auto list = vault.conversations().list(0, 0).result();
        if (!list)
            return list.error();
        const NewAttachment attachment{list->back().leaf, source.string(), word, "text/plain", 2 * kAttachedBytes};
        const auto added = vault.attachments().add(attachment)->added().result();
        return added ? Status() : Status(added.error());
    }

    [[nodiscard]] static Status makeBackup(VaultPlace &place)
    {
        const auto vault = place.open();
        if (!vault)
            return vault.error();
        if (const auto made = (*vault)->backups().create(backupOf(place).string(), {}).result(); !made)
            return made.error();
        return (*vault)->close().result();
    }

    [[nodiscard]] std::string compare(OpenVault &vault, Examined &found) const
    {
        const auto content = readContent(vault);
        if (!content)
            return describe(content.error());
        found.after = !(*content == m_before);
        return !found.after || *content == m_after ? "" : "the content is neither that of before nor that of after";
    }

    VaultContent m_before;
    VaultContent m_after;
};

} // namespace

std::unique_ptr<InterruptedWork> interruptedRestore()
{
    return std::make_unique<Restoring>();
}

} // namespace tramontane::test
