// SPDX-License-Identifier: Apache-2.0
#include "storage/keys/sealed_key.h"

#include "app/core/digest.h"

#include <sodium.h>

namespace tramontane::vault {

static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == Key32::kSize);
static_assert(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == sizeof(SealedKey::nonce));
static_assert(crypto_aead_xchacha20poly1305_ietf_ABYTES + Key32::kSize == sizeof(SealedKey::wrapped));

SealedKey sealKey(const Key32 &key, const Key32 &under, std::string_view associatedData)
{
    SealedKey sealed;
    randombytes_buf(sealed.nonce.data(), sealed.nonce.size());
    const auto associated = bytesOf(associatedData);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.wrapped.data(), nullptr, key.bytes().data(), Key32::kSize,
                                               associated.data(), associated.size(), nullptr, sealed.nonce.data(),
                                               under.bytes().data());
    return sealed;
}

std::optional<Key32> unsealKey(const SealedKey &sealed, const Key32 &under, std::string_view associatedData)
{
    Key32 key = under.clone(); // memory of the right kind; overwritten below
    const auto associated = bytesOf(associatedData);
    const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        key.data(), nullptr, nullptr, sealed.wrapped.data(), sealed.wrapped.size(), associated.data(),
        associated.size(), sealed.nonce.data(), under.bytes().data());
    if (failed != 0)
        return std::nullopt;
    return key;
}

} // namespace tramontane::vault
