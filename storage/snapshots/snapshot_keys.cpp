// SPDX-License-Identifier: Apache-2.0
#include "storage/snapshots/snapshot_keys.h"

#include "storage/keys/content_key.h"
#include "storage/keys/sealed_key.h"

#include <algorithm>

namespace tramontane::vault {

namespace {

using sqlite::Connection;
using Settlements = VaultDatabase::Settlements;

constexpr std::string_view kColumns = "SELECT k.id, k.key_version, k.nonce, k.wrapped, c.id IS NOT NULL "
                                      "FROM content_key k LEFT JOIN conversation c ON c.id = k.id "
                                      "WHERE k.purpose = 'snapshot'";

} // namespace

struct SnapshotKeys::Row {
    ConversationId conversation;
    std::int64_t version = 0;
    SealedKey sealed;
    bool whole = false;
    bool hasConversation = false;
};

SnapshotKeys::SnapshotKeys(VaultDatabase &database, Key32 wrapping, std::string vaultId, const Clock &clock)
    : m_database(database), m_wrapping(std::move(wrapping)), m_vaultId(std::move(vaultId)), m_clock(clock)
{
}

std::string SnapshotKeys::boundTo(ConversationId conversation) const
{
    return contentKeyPlace(m_vaultId, "snapshot", conversation.uuid(), kContentKeyVersion);
}

Result<std::vector<SnapshotKeys::Row>> SnapshotKeys::rows(ConversationId only)
{
    const auto task = [only](Connection &c, const Settlements &) -> Result<std::vector<Row>> {
        auto select = c.prepare(std::string(kColumns) + (only.isNull() ? "" : " AND k.id = ?"));
        if (!select)
            return select.error();
        if (!only.isNull())
            select->bind(only);
        std::vector<Row> found;
        for (;;) {
            const auto step = select->step();
            if (!step)
                return step.error();
            if (!*step)
                return found;
            Row &row = found.emplace_back();
            row.conversation = ConversationId(select->uuid(0));
            row.version = select->integer(1);
            const auto nonce = select->blob(2);
            const auto wrapped = select->blob(3);
            row.whole = nonce.size() == row.sealed.nonce.size() && wrapped.size() == row.sealed.wrapped.size();
            if (row.whole) {
                std::ranges::copy(nonce, row.sealed.nonce.begin());
                std::ranges::copy(wrapped, row.sealed.wrapped.begin());
            }
            row.hasConversation = select->integer(4) != 0;
        }
    };
    return m_database.read(task).result();
}

std::optional<Key32> SnapshotKeys::unwrap(const Row &row) const
{
    if (!row.whole || row.version != kContentKeyVersion)
        return std::nullopt;
    return unsealKey(row.sealed, *m_wrapping, boundTo(row.conversation));
}

Result<std::optional<Key32>> SnapshotKeys::find(ConversationId conversation)
{
    auto found = rows(conversation);
    if (!found)
        return found.error();
    return found->empty() ? std::optional<Key32>() : unwrap(found->front());
}

Result<std::optional<Key32>> SnapshotKeys::findOrMake(ConversationId conversation)
{
    auto found = find(conversation);
    if (!found || *found)
        return found;
    Key32 key = Key32::random();
    const SealedKey sealed = sealKey(key, *m_wrapping, boundTo(conversation));
    const auto task = [conversation, sealed, now = m_clock.utcMs()](Connection &c) -> Result<bool> {
        // A row that is there does not open, or find() would have found it: it is replaced.
        auto insert =
            c.prepare("INSERT OR REPLACE INTO content_key (id, purpose, key_version, nonce, wrapped, created_ms) "
                      "SELECT id, 'snapshot', ?, ?, ?, ? FROM conversation WHERE id = ?");
        if (!insert)
            return insert.error();
        insert->bind(kContentKeyVersion, std::span<const std::uint8_t>(sealed.nonce),
                     std::span<const std::uint8_t>(sealed.wrapped), now, conversation);
        if (auto done = insert->run(); !done)
            return done.error();
        return c.changes() > 0;
    };
    const auto made = m_database.write(task).result();
    if (!made)
        return made.error();
    if (!*made)
        return std::optional<Key32>();
    return std::optional<Key32>(std::move(key));
}

Result<std::vector<SnapshotKeys::Entry>> SnapshotKeys::all()
{
    auto found = rows({});
    if (!found)
        return found.error();
    std::vector<Entry> entries;
    std::vector<ConversationId> useless;
    for (const Row &row : *found) {
        auto key = row.hasConversation ? unwrap(row) : std::nullopt;
        if (key)
            entries.push_back({row.conversation, std::move(*key)});
        else
            useless.push_back(row.conversation);
    }
    if (!useless.empty())
        static_cast<void>(remove(std::move(useless))); // on a disk that cannot be written they stay, and open nothing
    return entries;
}

Status SnapshotKeys::remove(std::vector<ConversationId> conversations)
{
    const auto task = [conversations = std::move(conversations)](Connection &c) -> Status {
        auto remove = c.prepare("DELETE FROM content_key WHERE purpose = 'snapshot' AND id = ?");
        if (!remove)
            return remove.error();
        for (const ConversationId &conversation : conversations) {
            if (auto done = remove->bind(conversation).run(); !done)
                return done;
        }
        return {};
    };
    return m_database.write(task).result();
}

void SnapshotKeys::wipe() noexcept
{
    m_wrapping.reset();
}

} // namespace tramontane::vault
