// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/clock.h"
#include "app/core/id.h"
#include "app/core/secret.h"
#include "storage/repositories/vault_database.h"

#include <optional>
#include <string>
#include <vector>

namespace tramontane::vault {

/// The keys of snapshots: rows of content_key whose id is that of the conversation, wrapped by the vault's `snapshots`
/// key and bound to vault and conversation. A row goes in the transaction that deletes its conversation (VaultDatabase
/// sees to it). Calls wait for the database's thread: not on the GUI thread, not in the database's thread. Errors of
/// every call: those of the database (VaultLocked, NoSpace, StorageReadOnly, StorageBusy, VaultDamaged, IoFailed).
class SnapshotKeys {
public:
    /// `database` and `clock` must outlive the object.
    SnapshotKeys(VaultDatabase &database, Key32 wrapping, std::string vaultId, const Clock &clock);

    struct Entry {
        ConversationId conversation;
        Key32 key;
    };

    /// Nothing: there is none, or it does not open.
    [[nodiscard]] Result<std::optional<Key32>> find(ConversationId conversation);
    /// The stored key, or a new one. Nothing: there is no such conversation.
    [[nodiscard]] Result<std::optional<Key32>> findOrMake(ConversationId conversation);
    /// All that open. Rows that do not open, and those of conversations that are not there, are removed.
    [[nodiscard]] Result<std::vector<Entry>> all();
    /// In one transaction. Removing what is not there is a success.
    [[nodiscard]] Status remove(std::vector<ConversationId> conversations);
    [[nodiscard]] const std::string &vaultId() const noexcept { return m_vaultId; }
    /// Forgets the wrapping key. No other call may follow.
    void wipe() noexcept;

private:
    struct Row;
    [[nodiscard]] Result<std::vector<Row>> rows(ConversationId only);
    [[nodiscard]] std::optional<Key32> unwrap(const Row &row) const;
    [[nodiscard]] std::string boundTo(ConversationId conversation) const;

    VaultDatabase &m_database;
    std::optional<Key32> m_wrapping;
    const std::string m_vaultId;
    const Clock &m_clock;
};

} // namespace tramontane::vault
