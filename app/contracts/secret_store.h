// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "app/core/secret.h"

#include <memory>
#include <string>

namespace tramontane {

/// The keychain of the operating system. Asynchronous: never blocks, never opens a nested event loop; calls from the
/// thread that owns the event loop. There is no fallback that stores anything unencrypted.
class SecretStore {
public:
    virtual ~SecretStore() = default;

    /// Errors: KeychainUnavailable (no service), KeychainLocked (locked or the person refused), KeychainEntryMissing.
    /// "Missing" never means that there is no vault.
    [[nodiscard]] virtual Async<std::shared_ptr<SecretBytes>> read(std::string name) = 0;
    /// Writes and reads back; success means that the same bytes came back. Errors as read().
    [[nodiscard]] virtual Async<void> write(std::string name, std::shared_ptr<SecretBytes> secret) = 0;
    /// Removing what is not there is a success. Errors: KeychainUnavailable, KeychainLocked.
    [[nodiscard]] virtual Async<void> remove(std::string name) = 0;
};

} // namespace tramontane
