// SPDX-License-Identifier: Apache-2.0
#include "storage/keys/organisation_seal.h"

#include <sodium.h>

namespace tramontane::vault {

static_assert(crypto_kx_PUBLICKEYBYTES == sizeof(X25519Key) && crypto_kx_SECRETKEYBYTES == Key32::kSize
              && crypto_kx_SESSIONKEYBYTES == Key32::kSize);

std::optional<OrganisationSeal> sealTo(const X25519Key &publicKey, const Key32 &key, std::string_view associatedData)
{
    OrganisationSeal seal;
    SecretBytes secret(crypto_kx_SECRETKEYBYTES);
    crypto_kx_keypair(seal.ephemeral.data(), secret.data());
    Key32 under = Key32::random(); // memory of the right kind; overwritten below
    if (crypto_kx_client_session_keys(nullptr, under.data(), seal.ephemeral.data(), secret.data(), publicKey.data())
        != 0)
        return std::nullopt;
    seal.sealed = sealKey(key, under, associatedData);
    return seal;
}

std::optional<Key32> openSeal(const OrganisationSeal &seal, const Key32 &privateKey, std::string_view associatedData)
{
    X25519Key publicKey{};
    Key32 under = Key32::random(); // memory of the right kind; overwritten below
    if (crypto_scalarmult_base(publicKey.data(), privateKey.bytes().data()) != 0
        || crypto_kx_server_session_keys(under.data(), nullptr, publicKey.data(), privateKey.bytes().data(),
                                         seal.ephemeral.data())
               != 0)
        return std::nullopt;
    return unsealKey(seal.sealed, under, associatedData);
}

bool isUsableX25519(const X25519Key &publicKey)
{
    return sealTo(publicKey, Key32::random(), {}).has_value();
}

} // namespace tramontane::vault
