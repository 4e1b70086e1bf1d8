// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/keys/sealed_key.h"

#include <array>
#include <optional>
#include <string_view>

namespace tramontane::vault {

using X25519Key = std::array<std::uint8_t, 32>; // a public key (RFC 7748)

/// A key that only the holder of an X25519 private key can open. As libsodium's sealed boxes an ephemeral key pair is made
/// for it and forgotten; unlike them it binds associated data, as sealKey() does.
/// Source followed: libsodium's crypto_kx (X25519 and BLAKE2b over the shared secret and both public keys; the ephemeral
/// side is the client and its sending key is used), then sealKey().
struct OrganisationSeal {
    X25519Key ephemeral{};
    SealedKey sealed;
};

/// Nothing when `publicKey` is none (a point of low order, with which the secret would be known). Any thread.
[[nodiscard]] std::optional<OrganisationSeal> sealTo(const X25519Key &publicKey, const Key32 &key,
                                                     std::string_view associatedData);
/// Nothing when the private key, the data or the place is another one. Any thread.
[[nodiscard]] std::optional<Key32> openSeal(const OrganisationSeal &seal, const Key32 &privateKey,
                                            std::string_view associatedData);

/// Whether something can be sealed to this key at all.
[[nodiscard]] bool isUsableX25519(const X25519Key &publicKey);

} // namespace tramontane::vault
