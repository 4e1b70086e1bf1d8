// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Signed lists of model files (resources/formats/model-manifest.md): an organisation says which files are the ones that
// it has looked at. A DSSE envelope (github.com/secure-systems-lab/dsse, version 1) with Ed25519 (RFC 8032). Any thread;
// initCrypto() has been called.
namespace tramontane::catalog {

struct ManifestEntry {
    std::string sha256; // lower-case hex; of parts as in ModelDescription
    std::int64_t bytes = 0;
    std::string name;
    std::string licence;
    std::string note; // may be empty
};

struct Manifest {
    std::string publisher;
    std::string issued; // RFC 3339, UTC
    std::vector<ManifestEntry> models;
    std::string
        keyId; // of the key whose signature was found good: the first 16 digits of the SHA-256 of the public key

    /// Null for a file that is not in the list.
    [[nodiscard]] const ManifestEntry *find(std::string_view sha256) const;
};

/// Reads an envelope and checks it with the public keys that policy names (base64, 32 bytes each).
/// Errors: UnknownSigner (none of the signatures is by one of these keys), ManifestInvalid (no envelope, a signature by
/// one of the keys that does not fit, a payload of another kind, too large, or with faulty entries), InvalidArgument (a
/// key in the list is none).
[[nodiscard]] Result<Manifest> verifyManifest(std::string_view envelope, const std::vector<std::string> &trustedKeys);

/// The bytes that are signed: DSSE's pre-authentication encoding of type and payload.
[[nodiscard]] std::string manifestSigningInput(std::string_view payload);

/// "a1b2c3d4e5f60718" for a public key of 32 bytes.
[[nodiscard]] std::string manifestKeyId(std::string_view publicKey);

} // namespace tramontane::catalog
