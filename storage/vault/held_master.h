// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/secret.h"
#include "storage/tasks/posted_task.h"

#include <mutex>
#include <optional>
#include <utility>

namespace tramontane::vault {

/// The master key of an open vault, until it is closed. Any thread.
class HeldMaster {
public:
    explicit HeldMaster(Key32 key) : m_key(std::move(key)) {}

    /// For work that goes on for a while: wiped with its last use. Errors: VaultLocked.
    [[nodiscard]] Result<Key32> clone()
    {
        const std::lock_guard lock(m_mutex);
        if (!m_key)
            return vaultLocked();
        return m_key->clone();
    }
    void wipe()
    {
        const std::lock_guard lock(m_mutex);
        m_key.reset();
    }

private:
    std::mutex m_mutex;
    std::optional<Key32> m_key;
};

} // namespace tramontane::vault
