// SPDX-License-Identifier: Apache-2.0
// R5: killed while a large file is taken in as an attachment.
#include "tests/integration/storage/campaign.h"
#include "tests/integration/storage/interrupted.h"

#include "tests/support/faults/workloads.h"

#include <fstream>

namespace tramontane::test {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kBytes = 24 << 20;

fs::path sourceOf(const VaultPlace &place)
{
    return place.folder().parent_path() / "large";
}

std::ptrdiff_t filesIn(const fs::path &folder)
{
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

class Import final : public InterruptedWork {
public:
    [[nodiscard]] Status prepare(VaultPlace &place) override
    {
        Random random(kBytes);
        m_source.resize(kBytes);
        for (char &byte : m_source)
            byte = char(random());
        std::ofstream(sourceOf(place), std::ios::binary) << m_source;
        const auto made = place.create();
        if (!made)
            return made.error();
        Ledger ledger;
        askAndAnswer(**made, ledger, random);
        const auto content = readContent(**made);
        if (!content || content->messages.empty())
            return content ? Error{ErrorCode::Internal, "nothing to attach to", ""} : content.error();
        m_before = *content;
        return (*made)->close().result();
    }

    [[nodiscard]] Result<std::shared_ptr<OpenVault>> run(VaultPlace &place) override
    {
        auto vault = place.open();
        if (!vault)
            return vault;
        const auto list = (*vault)->conversations().list(0, 0).result();
        if (!list)
            return list.error();
        const NewAttachment attachment{list->front().leaf, sourceOf(place).string(), "large",
                                       "application/octet-stream", kBytes};
        if (const auto added = (*vault)->attachments().add(attachment)->added().result(); !added)
            return added.error();
        return vault;
    }

    [[nodiscard]] Examined examine(VaultPlace &place) override
    {
        Examined found;
        const auto before = filesIn(place.folder() / "attachments");
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
        found.cutOff = before > std::ptrdiff_t(found.after);
        if (found.problem.empty() && filesIn(place.folder() / "attachments") != std::ptrdiff_t(found.after))
            found.problem = "a file is left that no row names";
        if (found.problem.empty())
            found.problem = strangersIn(place, {});
        return found;
    }

private:
    [[nodiscard]] std::string compare(OpenVault &vault, Examined &found) const
    {
        auto content = readContent(vault);
        if (!content)
            return describe(content.error());
        found.after = !content->attachments.empty();
        if (content->attachments.size() > 1 || (found.after && content->attachments.begin()->second != m_source))
            return "the attachment is not what was given";
        content->attachments.clear();
        return *content == m_before ? "" : "something else has changed";
    }

    VaultContent m_before;
    std::string m_source;
};

} // namespace

std::unique_ptr<InterruptedWork> interruptedImport()
{
    return std::make_unique<Import>();
}

} // namespace tramontane::test
