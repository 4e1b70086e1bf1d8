// SPDX-License-Identifier: Apache-2.0
#include "app/core/digest.h"

#include <sodium.h>

namespace tramontane {

struct Sha256::State {
    crypto_hash_sha256_state sodium;
};

Sha256::Sha256() : m_state(std::make_unique<State>())
{
    crypto_hash_sha256_init(&m_state->sodium);
}

Sha256::~Sha256() = default;

void Sha256::update(std::span<const std::uint8_t> bytes)
{
    crypto_hash_sha256_update(&m_state->sodium, bytes.data(), bytes.size());
}

void Sha256::update(std::string_view bytes)
{
    update(bytesOf(bytes));
}

Hash32 Sha256::finish()
{
    Hash32 digest;
    crypto_hash_sha256_final(&m_state->sodium, digest.data());
    return digest;
}

Hash32 sha256(std::string_view bytes)
{
    Hash32 digest;
    crypto_hash_sha256(digest.data(), bytesOf(bytes).data(), bytes.size());
    return digest;
}

std::string toHex(std::span<const std::uint8_t> bytes)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    hex.reserve(2 * bytes.size());
    for (const std::uint8_t byte : bytes) {
        hex.push_back(kDigits[byte >> 4]);
        hex.push_back(kDigits[byte & 0x0f]);
    }
    return hex;
}

std::optional<Hash32> hash32FromHex(std::string_view hex)
{
    Hash32 hash;
    std::size_t length = 0;
    if (hex.size() != 2 * hash.size()
        || sodium_hex2bin(hash.data(), hash.size(), hex.data(), hex.size(), nullptr, &length, nullptr) != 0
        || length != hash.size()) {
        return std::nullopt;
    }
    return hash;
}

} // namespace tramontane
