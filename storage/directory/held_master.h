// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/keys/master_key.h"
#include "storage/tasks/posted_task.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <utility>

namespace tramontane::vault {

/// The master key of an open vault, until it is closed, and the right to change slots.json and keys.json: two that read
/// and replaced them side by side would undo each other's work, and with it the only copy of a key. Any thread.
class HeldMaster {
public:
    explicit HeldMaster(MasterKey key) : m_key(std::move(key)) {}

    /// Runs `change(const MasterKey &)`, which answers with a Result, after all other changes. Errors: VaultLocked;
    /// VaultReadOnly when the vault was opened with an organisation's key.
    template <class T, class Change>
    [[nodiscard]] Result<T> change(Change change)
    {
        const std::lock_guard lock(m_mutex);
        if (!m_key)
            return vaultLocked();
        if (!m_key->whole())
            return Error{ErrorCode::VaultReadOnly,
                         "Nothing was changed: the vault was opened with the organisation's key, which can only read. "
                         "Open it with another way for that.",
                         ""};
        return change(std::as_const(*m_key));
    }
    /// Runs `look(const MasterKey &)`, which changes nothing and answers with a Status, after all changes. Errors:
    /// VaultLocked.
    template <class Look>
    [[nodiscard]] Status look(Look look)
    {
        const std::lock_guard lock(m_mutex);
        if (!m_key)
            return vaultLocked();
        return look(std::as_const(*m_key));
    }
    /// Never waits.
    [[nodiscard]] bool isOpen() const noexcept { return m_open; }
    /// Waits for the change that is under way. Later ones answer VaultLocked.
    void wipe()
    {
        m_open = false;
        const std::lock_guard lock(m_mutex);
        m_key.reset();
    }

private:
    std::mutex m_mutex;
    std::atomic<bool> m_open{true};
    std::optional<MasterKey> m_key;
};

} // namespace tramontane::vault
