// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/attachment_store.h"
#include "app/core/clock.h"
#include "app/core/secret.h"
#include "storage/repositories/vault_database.h"

#include <optional>
#include <string>
#include <vector>

namespace tramontane::vault {

/// Rows of `attachment` and their keys: rows of content_key with the same id, wrapped by the vault's `attachments` key.
/// Erasing deletes both in one transaction (erasure_rows.h). Calls wait for the database's thread, where it is not said
/// otherwise: not on the GUI thread, not in the database's thread. Errors of every call: those of the database.
class AttachmentRows {
public:
    /// `database` must outlive the object.
    AttachmentRows(VaultDatabase &database, Key32 wrapping, std::string vaultId);

    /// One transaction: key and row. Nothing: there is no such message, or its conversation lies in the bin.
    [[nodiscard]] Result<std::optional<Attachment>> insert(const Attachment &attachment, const Key32 &key);
    /// Does not wait. Errors: NotFound.
    [[nodiscard]] Async<std::vector<Attachment>> list(ConversationId conversation);
    /// Does not wait. Errors: NotFound.
    [[nodiscard]] Async<Attachment> find(AttachmentId attachment);
    /// Errors: NotFound, AttachmentDamaged (the key does not open).
    [[nodiscard]] Result<Key32> key(AttachmentId attachment);
    /// All keys. Nothing: one of them does not open.
    [[nodiscard]] Result<std::optional<std::vector<Key32>>> keys();
    [[nodiscard]] const std::string &vaultId() const noexcept { return m_vaultId; }
    /// Forgets the wrapping key. No other call may follow.
    void wipe() noexcept;

private:
    struct Row;
    [[nodiscard]] Result<std::vector<Row>> rows(AttachmentId only);
    [[nodiscard]] std::optional<Key32> unwrap(const Row &row) const;

    VaultDatabase &m_database;
    std::optional<Key32> m_wrapping;
    const std::string m_vaultId;
};

} // namespace tramontane::vault
