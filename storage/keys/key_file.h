// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/keys/master_key.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

// keys.json (resources/formats/keys.md): the data keys, each wrapped and bound to vault, purpose and version. Any thread.
namespace tramontane::vault {

/// What a vault encrypts and signs with. Move-only.
struct DataKeys {
    Key32 vault = Key32::random(); // vault.db
    Key32 audit = Key32::random(); // audit.db
    /// Of the log's Ed25519 key. Nothing when the vault was opened with an organisation's slot.
    std::optional<Key32> signingSeed = Key32::random();
    Key32 attachments = Key32::random(); // wraps rows of content_key
    Key32 snapshots = Key32::random();   // wraps rows of content_key
    /// The log's Ed25519 public key. Not set in keys that were not read from a file.
    std::array<std::uint8_t, 32> signingPublic{};

    /// How often each has been replaced, from 1. Bound into the wrapped key.
    struct Versions {
        int vault = 1;
        int audit = 1;
        int signingSeed = 1;
        int attachments = 1;
        int snapshots = 1;
    } versions{};
};

/// The text of keys.json. `keys` has a signing seed, and `master` is whole.
[[nodiscard]] std::string keyFileText(const std::string &vaultId, const DataKeys &keys, const MasterKey &master);

/// Errors: VaultForeign, VaultNewerSchema, VaultDamaged (damaged, of another vault, or not wrapped by this master key).
[[nodiscard]] Result<DataKeys> readKeyFile(std::string_view text, const std::string &vaultId, const MasterKey &master);

/// The text of a keys.json of version 1 as one of version 2, with the same keys; nothing when it is of version 2 already.
/// Errors: as readKeyFile(), and VaultReadOnly when `master` is not whole.
[[nodiscard]] Result<std::optional<std::string>> upgradedKeyFile(std::string_view text, const std::string &vaultId,
                                                                 const MasterKey &master);

} // namespace tramontane::vault
