// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/vault/directory_vault_store.h"
#include "tests/support/faults/disk_model.h"

#include <memory>

namespace tramontane::test {

/// A vault in a folder, opened with a key as a keychain would keep it: no time goes into deriving one.
class VaultPlace {
public:
    explicit VaultPlace(std::filesystem::path folder);

    [[nodiscard]] const std::filesystem::path &folder() const { return m_options.directory; }
    /// Options for what comes after; a test may change them before.
    [[nodiscard]] vault::VaultOptions &options() { return m_options; }
    [[nodiscard]] Result<std::shared_ptr<OpenVault>> create();
    [[nodiscard]] Result<std::shared_ptr<OpenVault>> open();
    [[nodiscard]] bool exists();
    /// The same vault, as somebody else finds it in another folder.
    [[nodiscard]] VaultPlace movedTo(std::filesystem::path folder) const;
    /// The key as a file, so that another process can open the vault. False: it could not be written.
    [[nodiscard]] bool keepKeyIn(const std::filesystem::path &file) const;
    [[nodiscard]] static VaultPlace withKeyIn(const std::filesystem::path &file, std::filesystem::path folder);
    /// What opens it.
    [[nodiscard]] SlotSecret secret() const;

private:
    vault::VaultOptions m_options;
    SystemClock m_clock;
    Key32 m_key = Key32::random();
};

/// "CODE: message (detail)".
[[nodiscard]] std::string describe(const Error &error);

} // namespace tramontane::test
