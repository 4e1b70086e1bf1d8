// SPDX-License-Identifier: Apache-2.0
// R5: killed while conversations are erased: in their transaction, or while index and pages are written anew after it.
#include "tests/integration/storage/campaign.h"
#include "tests/integration/storage/interrupted.h"

#include "tests/support/pages/decrypted_pages.h"

#include <algorithm>

namespace tramontane::test {

namespace {

constexpr int kErased = 40;
constexpr int kStaying = 160;
constexpr std::int64_t kNowMs = 1'795'338'843'211;
const std::string kMarker = "qxzerasedmarker";
const std::string kInPages = kMarker.substr(0, 5); // an index may keep words in part

ErasureRepository &erasuresOf(const std::shared_ptr<OpenVault> &vault)
{
    return vault->erasures();
}

class Erasure final : public InterruptedWork {
public:
    [[nodiscard]] Status prepare(VaultPlace &place) override
    {
        const auto made = place.create();
        if (!made)
            return made.error();
        if (auto closed = (*made)->close().result(); !closed)
            return closed;
        const auto connection = openDatabase(place);
        if (!connection)
            return connection.error();
        for (const auto &[count, word] : {std::pair(kErased, kMarker), std::pair(kStaying, std::string("staying"))}) {
            if (auto added = addRows(**connection, count, word); !added)
                return added;
        }
        if (auto closed = (*connection)->close(); !closed)
            return closed;
        return readContents(place);
    }

    [[nodiscard]] Result<std::shared_ptr<OpenVault>> run(VaultPlace &place) override
    {
        auto vault = place.open();
        if (!vault)
            return vault;
        const auto list = (*vault)->conversations().list(0, 0).result();
        if (!list)
            return list.error();
        ErasureRequest request;
        request.attempt = AttemptId::make(kNowMs);
        request.nowMs = kNowMs;
        for (const Conversation &conversation : *list)
            if (conversation.title.starts_with(kMarker))
                request.conversations.push_back(conversation.id);
        if (const auto erased = erasuresOf(*vault).erase(request).result(); !erased)
            return erased.error();
        const Status finished = finish(*vault, request.attempt);
        return finished ? vault : Result<std::shared_ptr<OpenVault>>(finished.error());
    }

    [[nodiscard]] Examined examine(VaultPlace &place) override
    {
        Examined found;
        const auto vault = place.open();
        if (!vault) {
            found.problem = "does not open: " + describe(vault.error());
            return found;
        }
        found.problem = compare(*vault, found);
        if (found.problem.empty())
            found.problem = problemOf(**vault, Ledger());
        if (const Status closed = (*vault)->close().result(); !closed && found.problem.empty())
            found.problem = "does not close: " + describe(closed.error());
        if (found.problem.empty() && hasMarker(place) == found.after)
            found.problem = found.after ? "the text is still in a page" : "the text is in no page";
        if (found.problem.empty())
            found.problem = strangersIn(place, {});
        return found;
    }

private:
    [[nodiscard]] static Status finish(const std::shared_ptr<OpenVault> &vault, AttemptId attempt)
    {
        if (auto cleaned = erasuresOf(vault).cleanUp().result(); !cleaned)
            return cleaned;
        return erasuresOf(vault).settle(attempt).result();
    }

    [[nodiscard]] Status readContents(VaultPlace &place)
    {
        const auto vault = place.open();
        if (!vault)
            return vault.error();
        const auto content = readContent(**vault);
        if (!content)
            return content.error();
        m_before = *content;
        m_after = m_before;
        for (const auto &[conversation, title] : m_before.titles)
            if (title.starts_with(kMarker))
                m_after.titles.erase(conversation);
        std::erase_if(m_after.messages,
                      [](const auto &entry) { return entry.second.text.find(kMarker) != std::string::npos; });
        std::erase_if(m_after.found, [this](const std::string &id) { return !m_after.messages.contains(id); });
        if (m_after.titles.size() != kStaying || m_after.messages.size() != kStaying)
            return Error{ErrorCode::Internal, "not what was to be erased", ""};
        return (*vault)->close().result();
    }

    /// Also finishes what was begun, as the program does it.
    [[nodiscard]] std::string compare(const std::shared_ptr<OpenVault> &vault, Examined &found) const
    {
        const auto content = readContent(*vault);
        const auto unfinished = erasuresOf(vault).unfinished().result();
        if (!content || !unfinished)
            return describe(!content ? content.error() : unfinished.error());
        found.after = !(*content == m_before);
        if (found.after && !(*content == m_after))
            return "the content is neither that of before nor that of after";
        found.cutOff = !unfinished->empty();
        if (unfinished->size() > std::size_t(found.after))
            return "an erasure is known that was not made";
        for (const UnfinishedErasure &one : *unfinished) {
            if (one.refs.size() != kErased)
                return "the unfinished erasure names " + std::to_string(one.refs.size());
            if (const Status done = finish(vault, one.attempt); !done)
                return "cannot be finished: " + describe(done.error());
        }
        const auto now = readContent(*vault);
        return now && *now == *content ? "" : "finishing has changed the content";
    }

    [[nodiscard]] static bool hasMarker(const VaultPlace &place)
    {
        const auto keys = dataKeysOf(place);
        return keys && !pagesWith(decryptedPages(place.folder() / "vault.db", keys->vault), {kInPages}).empty();
    }

    VaultContent m_before;
    VaultContent m_after;
};

} // namespace

std::unique_ptr<InterruptedWork> interruptedErasure()
{
    return std::make_unique<Erasure>();
}

} // namespace tramontane::test
