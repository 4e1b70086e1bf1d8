// SPDX-License-Identifier: Apache-2.0
#include "storage/attachments/attachment_rows.h"

#include "storage/attachments/attachment_header.h"
#include "storage/keys/content_key.h"
#include "storage/keys/sealed_key.h"
#include "storage/repositories/conversation_rows.h"

#include <algorithm>

namespace tramontane::vault {

namespace {

using sqlite::Connection;
using Settlements = VaultDatabase::Settlements;

constexpr std::string_view kPurpose = "attachment";
constexpr std::string_view kColumns =
    "SELECT a.id, m.conversation, m.id, a.position, a.name, a.media_type, a.bytes, a.sha256, k.created_ms "
    "FROM attachment a JOIN message m ON m.seq = a.message JOIN content_key k ON k.id = a.content_key "
    "JOIN conversation c ON c.id = m.conversation WHERE c.deleted_ms IS NULL AND ";

Error notFound(AttachmentId id)
{
    return Error{ErrorCode::NotFound, "There is no such attachment; it may have been deleted.", id.text()};
}

Attachment attachmentOf(const sqlite::Statement &row)
{
    Attachment attachment;
    attachment.id = AttachmentId(row.uuid(0));
    attachment.conversation = ConversationId(row.uuid(1));
    attachment.message = MessageId(row.uuid(2));
    attachment.position = static_cast<int>(row.integer(3));
    attachment.name = row.text(4);
    attachment.mediaType = row.text(5);
    attachment.bytes = static_cast<std::uint64_t>(row.integer(6));
    const auto sha256 = row.blob(7);
    if (sha256.size() == attachment.sha256.size())
        std::ranges::copy(sha256, attachment.sha256.begin());
    attachment.addedMs = row.integer(8);
    return attachment;
}

Result<std::vector<Attachment>> readAttachments(Connection &connection, std::string_view filter, const Uuid &id)
{
    auto select = connection.prepare(std::string(kColumns) + std::string(filter));
    if (!select)
        return select.error();
    select->bind(id);
    std::vector<Attachment> all;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return all;
        all.push_back(attachmentOf(*select));
    }
}

Status insertKey(Connection &connection, AttachmentId id, const SealedKey &sealed, std::int64_t nowMs)
{
    auto insert = connection.prepare("INSERT INTO content_key (id, purpose, key_version, nonce, wrapped, created_ms) "
                                     "VALUES (?, ?, ?, ?, ?, ?)");
    if (!insert)
        return insert.error();
    return insert
        ->bind(id, kPurpose, kContentKeyVersion, std::span<const std::uint8_t>(sealed.nonce),
               std::span<const std::uint8_t>(sealed.wrapped), nowMs)
        .run();
}

/// Nothing: there is no such message. The key that was written before goes with the transaction then.
Result<std::optional<Attachment>> insertRow(Connection &connection, const Attachment &given)
{
    auto insert = connection.prepare(
        "INSERT INTO attachment (id, message, position, name, media_type, bytes, sha256, content_key) "
        "SELECT ?1, m.seq, (SELECT coalesce(max(position) + 1, 0) FROM attachment WHERE message = m.seq), "
        "?3, ?4, ?5, ?6, ?1 FROM message m JOIN conversation c ON c.id = m.conversation "
        "WHERE m.id = ?2 AND c.deleted_ms IS NULL");
    if (!insert)
        return insert.error();
    const auto done = insert
                          ->bind(given.id, given.message, given.name, given.mediaType, given.bytes,
                                 std::span<const std::uint8_t>(given.sha256))
                          .run();
    if (!done)
        return done.error();
    if (connection.changes() == 0) {
        auto remove = connection.prepare("DELETE FROM content_key WHERE id = ?");
        if (!remove)
            return remove.error();
        const auto removed = remove->bind(given.id).run();
        return removed ? Result<std::optional<Attachment>>(std::nullopt) : removed.error();
    }
    auto stored = readAttachments(connection, "a.id = ?", given.id.uuid());
    if (!stored)
        return stored.error();
    return std::optional<Attachment>(std::move(stored->front()));
}

} // namespace

struct AttachmentRows::Row {
    AttachmentId attachment;
    std::int64_t version = 0;
    SealedKey sealed;
    bool whole = false;
};

AttachmentRows::AttachmentRows(VaultDatabase &database, Key32 wrapping, std::string vaultId)
    : m_database(database), m_wrapping(std::move(wrapping)), m_vaultId(std::move(vaultId))
{
}

Result<std::optional<Attachment>> AttachmentRows::insert(const Attachment &attachment, const Key32 &key)
{
    const auto place = contentKeyPlace(m_vaultId, kPurpose, attachment.id.uuid(), kContentKeyVersion);
    const SealedKey sealed = sealKey(key, *m_wrapping, place);
    const auto task = [attachment, sealed](Connection &c) -> Result<std::optional<Attachment>> {
        if (auto written = insertKey(c, attachment.id, sealed, attachment.addedMs); !written)
            return written.error();
        return insertRow(c, attachment);
    };
    return m_database.write(task).result();
}

Async<std::vector<Attachment>> AttachmentRows::list(ConversationId conversation)
{
    return m_database.read([conversation](Connection &c, const Settlements &) -> Result<std::vector<Attachment>> {
        if (const auto found = findConversation(c, conversation); !found)
            return found.error();
        return readAttachments(c, "m.conversation = ? ORDER BY m.seq, a.position", conversation.uuid());
    });
}

Async<Attachment> AttachmentRows::find(AttachmentId attachment)
{
    return m_database.read([attachment](Connection &c, const Settlements &) -> Result<Attachment> {
        const auto found = readAttachments(c, "a.id = ?", attachment.uuid());
        if (!found)
            return found.error();
        return found->empty() ? Result<Attachment>(notFound(attachment)) : found->front();
    });
}

Result<std::vector<AttachmentRows::Row>> AttachmentRows::rows(AttachmentId only)
{
    const auto task = [only](Connection &c, const Settlements &) -> Result<std::vector<Row>> {
        auto select = c.prepare(std::string("SELECT id, key_version, nonce, wrapped FROM content_key "
                                            "WHERE purpose = 'attachment'")
                                + (only.isNull() ? "" : " AND id = ?"));
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
            row.attachment = AttachmentId(select->uuid(0));
            row.version = select->integer(1);
            const auto nonce = select->blob(2);
            const auto wrapped = select->blob(3);
            row.whole = nonce.size() == row.sealed.nonce.size() && wrapped.size() == row.sealed.wrapped.size();
            if (row.whole) {
                std::ranges::copy(nonce, row.sealed.nonce.begin());
                std::ranges::copy(wrapped, row.sealed.wrapped.begin());
            }
        }
    };
    return m_database.read(task).result();
}

std::optional<Key32> AttachmentRows::unwrap(const Row &row) const
{
    if (!row.whole || row.version != kContentKeyVersion)
        return std::nullopt;
    return unsealKey(row.sealed, *m_wrapping,
                     contentKeyPlace(m_vaultId, kPurpose, row.attachment.uuid(), kContentKeyVersion));
}

Result<Key32> AttachmentRows::key(AttachmentId attachment)
{
    const auto found = rows(attachment);
    if (!found)
        return found.error();
    if (found->empty())
        return notFound(attachment);
    auto key = unwrap(found->front());
    return key ? Result<Key32>(std::move(*key)) : damagedAttachment("the key does not open");
}

Result<std::optional<std::vector<Key32>>> AttachmentRows::keys()
{
    const auto found = rows({});
    if (!found)
        return found.error();
    std::vector<Key32> all;
    for (const Row &row : *found) {
        auto key = unwrap(row);
        if (!key)
            return std::optional<std::vector<Key32>>();
        all.push_back(std::move(*key));
    }
    return std::optional<std::vector<Key32>>(std::move(all));
}

void AttachmentRows::wipe() noexcept
{
    m_wrapping.reset();
}

} // namespace tramontane::vault
