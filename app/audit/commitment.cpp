// SPDX-License-Identifier: Apache-2.0
#include "app/audit/commitment.h"

#include "app/core/digest.h"

#include <sodium.h>

namespace tramontane::audit {
namespace {

void hmac(std::span<const std::uint8_t> key, std::string_view text, std::uint8_t *out)
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key.data(), key.size());
    crypto_auth_hmacsha256_update(&state, bytesOf(text).data(), text.size());
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof state);
}

} // namespace

std::string contentCommit(std::span<const std::uint8_t> salt, std::string_view content)
{
    Hash32 hash;
    hmac(salt, content, hash.data());
    return "hmac-sha256:" + toHex(hash);
}

Key32 subkey(const Key32 &key, std::string_view purpose)
{
    Key32 derived = key.clone(); // memory of the right kind; every byte is overwritten
    hmac(key.bytes(), purpose, derived.data());
    return derived;
}

std::string keyedHash(const Key32 &key, std::string_view text)
{
    Hash32 hash;
    hmac(key.bytes(), text, hash.data());
    return toHex(hash);
}

std::string pseudonym(const Key32 &personKey, std::string_view osUser)
{
    return "p_" + keyedHash(personKey, osUser).substr(0, 32);
}

} // namespace tramontane::audit
