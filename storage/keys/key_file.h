// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/secret.h"

#include <string>
#include <string_view>

// keys.json (resources/formats/keys.md): the data keys, each wrapped by the master key and bound to vault, purpose and
// version. Any thread.
namespace tramontane::vault {

/// What a vault encrypts and signs with. Move-only.
struct DataKeys {
    Key32 vault = Key32::random();       // vault.db
    Key32 audit = Key32::random();       // audit.db
    Key32 signingSeed = Key32::random(); // of the log's Ed25519 key
    Key32 attachments = Key32::random(); // wraps rows of content_key
    Key32 snapshots = Key32::random();   // wraps rows of content_key

    /// How often each has been replaced, from 1. Bound into the wrapped key.
    struct Versions {
        int vault = 1;
        int audit = 1;
        int signingSeed = 1;
        int attachments = 1;
        int snapshots = 1;
    } versions{};
};

/// The text of keys.json.
[[nodiscard]] std::string keyFileText(const std::string &vaultId, const DataKeys &keys, const Key32 &master);

/// Errors: VaultForeign, VaultNewerSchema, VaultDamaged (damaged, of another vault, or not wrapped by this master key).
[[nodiscard]] Result<DataKeys> readKeyFile(std::string_view text, const std::string &vaultId, const Key32 &master);

} // namespace tramontane::vault
