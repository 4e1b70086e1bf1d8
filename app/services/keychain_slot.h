// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/secret_store.h"
#include "app/contracts/vault_slots.h"

#include <QObject>

namespace tramontane {

/// The key of an open vault in the keychain, and the slot that it opens. Calls: the thread that owns `context`; nothing
/// blocks.
class KeychainSlot {
public:
    /// All outlive the object. `entry`: keychainEntryName().
    KeychainSlot(QObject *context, VaultSlots &slots, SecretStore &secrets, std::string entry)
        : m_context(context), m_slots(slots), m_secrets(secrets), m_entry(std::move(entry))
    {
    }

    /// As SlotService::addKeychain(), without the records.
    [[nodiscard]] Async<SlotInfo> add();
    /// The id of the slot that the keychain opens now; empty when it opens none, whatever the reason. Never fails.
    [[nodiscard]] Async<std::string> opens();
    /// Errors: those of SecretStore::remove.
    [[nodiscard]] Async<void> removeEntry();

private:
    using Key = std::shared_ptr<SecretBytes>;
    [[nodiscard]] Async<SlotInfo> addWithKey(const Key &key, bool ours);

    QObject *m_context;
    VaultSlots &m_slots;
    SecretStore &m_secrets;
    const std::string m_entry;
};

} // namespace tramontane
